// What a manager does on the page of a project: gold questions, and taking back what somebody said.
import { call, h, plural, toast } from './api.js';

const short = (annotator) => annotator.replace(/^annotator-/, '').slice(0, 8);

// ---- gold questions ---------------------------------------------------------------------------------------------------

function goldRow(gold, refresh) {
  const remove = async () => {
    try {
      await call('DELETE', `/api/projects/${gold.project}/gold/${gold.task}`);
      await refresh();
    } catch (problem) {
      toast(problem.message);
    }
  };
  return h('tr', {},
    h('th', { scope: 'row' }, gold.externalId),
    h('td', {}, gold.value),
    h('td', {}, gold.origin === 'GIVEN' ? 'a manager' : 'all who judged it'),
    h('td', {}, gold.answered ? `${gold.passed} of ${gold.answered}` : 'not asked yet'),
    h('td', {}, h('button', { class: 'button ghost', type: 'button', 'aria-label': `Make ${gold.externalId} a task like any other`, onclick: remove }, 'Remove')));
}

export async function showGold(project) {
  const place = document.getElementById('gold');
  const refresh = () => showGold(project);
  const known = await call('GET', `/api/projects/${project}/gold`);
  const add = async () => {
    try {
      const { added } = await call('POST', `/api/projects/${project}/gold`, { unanimous: 3 });
      toast(added ? `${plural(added, 'task')} of which all said the same ${added === 1 ? 'is' : 'are'} gold now.` : 'No done task has three answers that all say the same.', { kind: added ? 'good' : 'hint' });
      await refresh();
    } catch (problem) {
      toast(problem.message);
    }
  };
  const shown = known.slice(0, 50);
  place.replaceChildren(...[
    h('p', { class: 'soft' }, known.length ? `${plural(known.length, 'task')} whose answer is known. Nobody can tell them from others.` : 'No task has a known answer yet.'),
    known.length > 0 && h('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Gold questions' }, h('table', { class: 'list' },
      h('thead', {}, h('tr', {}, ['Task', 'Known answer', 'Known from', 'Passed', ''].map((head) => (head ? h('th', { scope: 'col' }, head) : h('td', {}))))),
      h('tbody', {}, shown.map((gold) => goldRow({ ...gold, project }, refresh))))),
    known.length > shown.length && h('p', { class: 'soft' }, `and ${plural(known.length - shown.length, 'other')}`),
    h('div', { class: 'row' }, h('button', { class: 'button', type: 'button', onclick: add }, 'Take tasks of which all said the same')),
  ].filter(Boolean));
}

// ---- taking back what somebody said -----------------------------------------------------------------------------------

export function withdrawButton(annotator, judged, done) {
  return h('button', {
    class: 'button ghost', type: 'button', disabled: judged === 0, 'aria-label': `Withdraw what ${short(annotator)} said`,
    onclick: () => ask(annotator, judged, done),
  }, 'Withdraw');
}

function ask(annotator, judged, done) {
  const reason = h('input', { name: 'reason', required: true, maxlength: 500 });
  const close = () => { dialog.close(); dialog.remove(); };
  const withdraw = async (event) => {
    event.preventDefault();
    try {
      const { withdrawn, datasets } = await call('POST', `/api/annotators/${annotator}/withdraw`, { reason: reason.value });
      const frozen = datasets.length ? ` Frozen data sets that hold some: ${datasets.map(({ name }) => name).join(', ')}.` : '';
      toast(`${plural(withdrawn, 'judgement')} withdrawn.${frozen}`, { kind: 'good', seconds: 30 });
      close();
      done();
    } catch (problem) {
      toast(problem.message);
    }
  };
  const dialog = h('dialog', { 'aria-labelledby': 'withdraw-title', onclose: () => dialog.remove() },
    h('h2', { id: 'withdraw-title' }, `Withdraw what ${short(annotator)} said`),
    h('p', { class: 'soft' }, `${plural(judged, 'judgement')} of this project, and those of every other project, leave the consensus. Their tasks go to others, and data sets that hold some are marked. This cannot be undone.`),
    h('form', { class: 'full', onsubmit: withdraw },
      h('label', {}, 'Reason', reason),
      h('div', { class: 'row' }, h('button', { class: 'button primary' }, 'Withdraw'), h('button', { class: 'button ghost', type: 'button', onclick: close }, 'Cancel'))));
  document.body.append(dialog);
  dialog.showModal();
}
