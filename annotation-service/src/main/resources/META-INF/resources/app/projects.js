import { call, h, loginAgain, plural, questionNames, toast, track } from './api.js';

const list = document.getElementById('projects');
const { annotator, manager } = document.body.dataset;
let shown = '';

const moment = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });

// Why people are asked, in the words of the alarm.
function why(campaign) {
  return h('div', { class: 'why' },
    h('p', {}, h('strong', {}, `${campaign.model} met something new`), ` · answers count until ${moment.format(new Date(campaign.deadline))}`),
    h('p', { class: 'soft', dir: 'auto' }, campaign.explanation));
}

function card(project, campaign) {
  const { progress } = project;
  const open = progress.open > 0;
  return h('article', { class: `card project ${campaign ? 'campaign' : ''}` },
    h('div', { class: 'headline' },
      h('h2', {}, h('a', { href: `/projects/${project.id}` }, project.name)),
      h('span', { class: 'chip' }, questionNames[project.question.type])),
    campaign && why(campaign),
    h('p', { class: 'soft', dir: 'auto' }, project.question.text),
    track('Judgements given', progress.judgements, progress.wanted),
    h('p', { class: 'facts' },
      h('span', {}, h('strong', {}, progress.done.toLocaleString('en')), ` of ${plural(progress.tasks, 'task')} done`),
      h('span', {}, h('strong', {}, progress.judgements.toLocaleString('en')), ` of ${plural(progress.wanted, 'judgement')}`),
      h('span', {}, h('strong', {}, progress.mine.toLocaleString('en')), ' by you')),
    h('div', { class: 'row' },
      annotator === 'true' && h('a', { class: `button ${open ? 'primary' : ''}`, href: `/projects/${project.id}/work` }, open ? 'Judge tasks' : 'Open'),
      h('a', { class: 'button ghost', href: `/projects/${project.id}` }, 'Progress and agreement')));
}

function empty() {
  return h('div', { class: 'card empty' },
    h('h2', {}, 'No projects yet'),
    h('p', { class: 'soft' }, manager === 'true'
      ? 'Make one: it takes a name, a source of samples and a template.'
      : 'A manager of your workspace has to make one. It will appear here by itself.'));
}

async function refresh() {
  try {
    const [projects, campaigns] = await Promise.all([call('GET', '/api/projects'), call('GET', '/api/campaigns?state=OPEN')]);
    const now = JSON.stringify([projects, campaigns]);
    if (now !== shown) {
      shown = now;
      const asking = new Map(campaigns.map((campaign) => [campaign.project, campaign]));
      const ordered = [...projects.filter(({ id }) => asking.has(id)), ...projects.filter(({ id }) => !asking.has(id))];
      list.replaceChildren(...(ordered.length ? ordered.map((project) => card(project, asking.get(project.id))) : [empty()]));
    }
    list.removeAttribute('aria-busy');
    setTimeout(refresh, 10_000);
  } catch (problem) {
    if (problem.status === 401) {
      toast('Your login has expired.', { action: { label: 'Log in again', run: () => loginAgain(refresh) }, seconds: 3600 });
    } else {
      toast(problem.message);
      setTimeout(refresh, 10_000);
    }
  }
}

refresh();
