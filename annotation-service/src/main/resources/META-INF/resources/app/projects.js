import { call, h, loginAgain, plural, questionNames, toast, track } from './api.js';

const list = document.getElementById('projects');
const { annotator, manager } = document.body.dataset;
let shown = '';

function card(project) {
  const { progress } = project;
  const open = progress.open > 0;
  return h('article', { class: 'card project' },
    h('div', { class: 'headline' },
      h('h2', {}, h('a', { href: `/projects/${project.id}` }, project.name)),
      h('span', { class: 'chip' }, questionNames[project.question.type])),
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
      ? 'Make one with POST /api/projects: a name, a source of samples, and a question.'
      : 'A manager of your workspace has to make one. It will appear here by itself.'));
}

async function refresh() {
  try {
    const projects = await call('GET', '/api/projects');
    const now = JSON.stringify(projects);
    if (now !== shown) {
      shown = now;
      list.replaceChildren(...(projects.length ? projects.map(card) : [empty()]));
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
