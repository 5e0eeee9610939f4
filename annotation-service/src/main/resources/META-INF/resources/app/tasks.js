// Tasks of a project by what they say and what was said of them; a manager does something with all that are found.
import { call, h, loginAgain, plural, toast } from './api.js';

const { project, manager } = document.body.dataset;
const search = document.getElementById('search');
const bulk = document.getElementById('bulk');
const found = document.getElementById('found');
const title = document.getElementById('found-title');
const more = document.getElementById('more');
const preview = document.getElementById('preview');

const STATES = { PREPARING: 'being prepared', ASKING: 'waits for a model', READY: 'open', DONE: 'done', SKIPPED: 'no task' };
const VALUES = { skip: 'Reason', requeue: 'How many more', priority: 'From −1000 to 1000', label: 'Answer or label' };

let like = null; // the task that others are to be similar to
let next = null;

// What is asked for, in the words of the API.
function query() {
  const { q, state, label, agreement } = Object.fromEntries(new FormData(search));
  return Object.fromEntries(Object.entries({
    q: q.trim(), state, label: label.trim(), agreement: agreement === '' ? '' : Number(agreement) / 100, like: like?.task ?? '',
  }).filter(([, value]) => value !== ''));
}

function row(task) {
  const said = Object.entries(task.said).sort((one, other) => other[1] - one[1]).map(([value, count]) => `${value.replaceAll('\u001f', ', ')} ${count > 1 ? `×${count}` : ''}`);
  return h('tr', {},
    h('th', { scope: 'row' }, task.externalId),
    h('td', { class: 'text', dir: 'auto' }, task.excerpt ?? ''),
    h('td', {}, STATES[task.state], task.reason && h('span', { class: 'soft' }, ` (${task.reason.replaceAll('-', ' ')})`)),
    h('td', {}, `${task.judged} of ${task.wanted}`),
    h('td', { class: 'said' }, said.map((one) => h('div', {}, one))),
    h('td', {}, task.agreement === null ? '–' : `${Math.round(100 * task.agreement)} %`),
    h('td', {}, h('button', { class: 'button ghost', type: 'button', 'aria-label': `Tasks like ${task.externalId}`, onclick: () => findLike(task) }, 'Like this')));
}

async function find() {
  clearPreview();
  const page = await call('GET', `/api/projects/${project}/tasks?${new URLSearchParams(query())}`);
  title.textContent = counted(page);
  const body = h('tbody', {}, page.tasks.map(row));
  found.removeAttribute('aria-busy');
  found.replaceChildren(...(page.tasks.length ? [h('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Tasks' }, h('table', { class: 'list' },
    h('thead', {}, h('tr', {}, ['Sample', 'Text', 'State', 'Answers', 'Said', 'Agree', ''].map((head) => (head ? h('th', { scope: 'col' }, head) : h('td', {}))))),
    body))] : []));
  turn(page);
}

function counted({ tasks, count }) {
  if (count === null) return tasks.length ? 'Found' : 'No tasks';
  return count.exact ? plural(count.number, 'task') : `More than ${count.number.toLocaleString('en')} tasks`;
}

function turn(page) {
  next = page.next;
  more.hidden = next === null;
}

async function goOn() {
  const page = await call('GET', `/api/projects/${project}/tasks?${new URLSearchParams({ ...query(), after: next })}`);
  found.querySelector('tbody').append(...page.tasks.map(row));
  turn(page);
}

function findLike(task) {
  like = task;
  const place = document.getElementById('like');
  place.hidden = task === null;
  place.replaceChildren(...(task ? [
    h('span', {}, 'Like ', h('strong', {}, task.externalId)),
    h('button', { class: 'button ghost', type: 'button', onclick: () => findLike(null) }, 'Any'),
  ] : []));
  attempt(find);
}

// ---- all that are found -----------------------------------------------------------------------------------------------

function value(action, text) {
  if (action === 'skip') return text || undefined;
  if (action === 'label') return text.startsWith('{') ? JSON.parse(text) : { label: text };
  return text === '' ? undefined : Number(text);
}

function order() {
  const { action, value: text } = Object.fromEntries(new FormData(bulk));
  return { query: query(), action, value: value(action, text.trim()) };
}

function clearPreview() {
  preview?.replaceChildren();
}

async function showPreview() {
  const wanted = order();
  const { tasks, most, examples } = await call('POST', `/api/projects/${project}/bulk`, { ...wanted, preview: true });
  preview.replaceChildren(...[
    h('p', {}, h('strong', {}, plural(tasks, 'task')), tasks > most ? `; at most ${most.toLocaleString('en')} at once, narrow the search` : tasks ? ', such as' : ' that this can be done with'),
    tasks > 0 && h('ul', {}, examples.map((one) => h('li', { dir: 'auto' }, `${one.externalId}: ${one.excerpt ?? ''}`))),
    tasks > 0 && tasks <= most && h('div', { class: 'row' },
      h('button', { class: 'button primary', type: 'button', onclick: () => attempt(() => apply(wanted)) }, `Do it with ${plural(tasks, 'task')}`),
      h('button', { class: 'button ghost', type: 'button', onclick: clearPreview }, 'Cancel')),
  ].filter(Boolean));
}

async function apply(wanted) {
  const { bulk: id, tasks } = await call('POST', `/api/projects/${project}/bulk`, wanted);
  toast(`Done with ${plural(tasks, 'task')}.`, { kind: 'good', seconds: 20, action: { label: 'Undo', run: () => attempt(() => undo(id)) } });
  await Promise.all([find(), showDone()]);
}

async function undo(id) {
  await call('POST', `/api/bulk/${id}/undo`);
  toast('Undone.', { kind: 'good' });
  await Promise.all([find(), showDone()]);
}

async function showDone() {
  const place = document.getElementById('done');
  if (!place) return;
  const all = await call('GET', `/api/projects/${project}/bulk`);
  place.replaceChildren(...(all.length ? [h('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Done at once' }, h('table', { class: 'list' },
    h('thead', {}, h('tr', {}, ['When', 'What', 'Value', 'Tasks', ''].map((head) => (head ? h('th', { scope: 'col' }, head) : h('td', {}))))),
    h('tbody', {}, all.map((one) => h('tr', {},
      h('th', { scope: 'row' }, new Date(one.appliedAt).toLocaleString('en')),
      h('td', {}, one.action), h('td', { dir: 'auto' }, one.value), h('td', {}, one.tasks.toLocaleString('en')),
      h('td', {}, one.undoneAt ? 'undone' : h('button', { class: 'button ghost', type: 'button', 'aria-label': `Undo ${one.action} of ${plural(one.tasks, 'task')}`, onclick: () => attempt(() => undo(one.id)) }, 'Undo')))))))]
    : [h('p', { class: 'soft' }, 'Nothing yet.')]));
}

// ---- what can go wrong ------------------------------------------------------------------------------------------------

async function attempt(run) {
  try {
    await run();
  } catch (problem) {
    if (problem.status === 401) {
      toast('Your login has expired.', { action: { label: 'Log in again', run: () => loginAgain(() => attempt(run)) }, seconds: 3600 });
    } else {
      toast(problem instanceof SyntaxError ? 'The answer is no JSON; a label alone is enough for labels.' : problem.message);
    }
  }
}

search.addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(find);
});
more.addEventListener('click', () => attempt(goOn));
if (manager === 'true') {
  bulk.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(showPreview);
  });
  bulk.elements.action.addEventListener('change', ({ target }) => {
    document.getElementById('value-name').textContent = VALUES[target.value];
    clearPreview();
  });
}
attempt(find);
attempt(showDone);
