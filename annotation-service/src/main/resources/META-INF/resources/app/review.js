// The page that reviewers decide in: the task in most doubt first, what people said beside it, one key to take one for right.
import { call, h, loginAgain, toast } from './api.js';
import { follow, toggleGuidelines } from './work/guidelines.js';
import { hint, listen, paintKeys, resetKeys, stopAsking } from './work/keys.js';
import { emptyCard, hideBanner, say, showBanner } from './work/notices.js';
import { Screen } from './work/screen.js';
import { valueIn, voice } from './review/voice.js';

const { project } = document.body.dataset;
const dialog = (id) => document.getElementById(id);
const stage = dialog('stage');
const actions = dialog('actions');
const undoButton = dialog('undo');

// What a reviewer would have to write anew is taken from somebody who wrote it.
const WRITTEN = new Set(['TEXT', 'DEMONSTRATION', 'EDIT', 'TURNS']);

let queue = [];     // tasks in the order of their doubt, the one that is shown is the first
let next = null;    // where the page after them begins
const decided = []; // tasks that were decided in this window, for undo
let shown = null;   // { task, screen, voices, chosen, reason }

// ---- the queue --------------------------------------------------------------------------------------------------------

async function start() {
  try {
    await more(null);
    hideBanner();
    await show();
  } catch (problem) {
    explain(problem, start);
  }
}

async function more(after) {
  const page = await call('GET', `/api/projects/${project}/review?limit=50${after ? `&after=${encodeURIComponent(after)}` : ''}`);
  queue.push(...page.tasks.filter(({ task }) => !queue.some((other) => other.task === task)));
  ({ next } = page);
}

// The task after this one is fetched before it is wanted.
const fetched = new Map();

function fetchTask({ task }) {
  if (!fetched.has(task)) {
    fetched.set(task, call('GET', `/api/tasks/${task}/review`));
    fetched.get(task).catch(() => fetched.delete(task));
  }
  return fetched.get(task);
}

async function show() {
  if (queue.length < 2 && next) await more(next);
  const task = queue.length ? await fetchTask(queue[0]) : null;
  fetched.clear();
  dialog('left').replaceChildren(...(task ? [h('strong', {}, `${queue.length}${next ? '+' : ''}`), ' to review'] : []));
  if (task) paint(task);
  else nothing();
  if (queue.length > 1) fetchTask(queue[1]);
}

function nothing() {
  shown = null;
  document.body.dataset.layout = 'none';
  stage.removeAttribute('aria-busy');
  stage.replaceChildren(emptyCard('Nothing to review', 'Tasks appear here as soon as two people have judged them, those they disagree on first.'));
  actions.replaceChildren();
}

// ---- one task ---------------------------------------------------------------------------------------------------------

function paint(task) {
  const [main] = task.questions;
  const screen = new Screen({ ...task, questions: [main] }, null, () => answered());
  const voices = task.judgements.map((judgement, index) => voice(judgement, screen.record, () => choose(index)));
  shown = { task, screen, voices, chosen: null };
  const reason = h('input', { id: 'comment', class: 'comment', maxlength: 2000, dir: 'auto', 'aria-label': 'Reason (optional)', placeholder: 'Reason (optional)' });
  const decideButton = h('button', { class: 'button primary', id: 'submit', type: 'button', onclick: decide }, 'Decide', hint('submit'));
  Object.assign(shown, { reason, decideButton });
  const asked = WRITTEN.has(main.type) ? [] : screen.views.map(({ element }) => element);
  document.body.dataset.layout = 'rail';
  document.body.toggleAttribute('data-narrow', !screen.record.cards.length);
  stage.removeAttribute('aria-busy');
  stage.replaceChildren(screen.record.element, h('div', { class: 'questions' }, said(task, voices), ...asked));
  actions.replaceChildren(h('div', { class: 'row' },
    h('span', { class: 'with-key' }, hint('comment'), reason), h('span', { class: 'grow' }),
    h('button', { class: 'button ghost', type: 'button', onclick: skip }, hint('skip'), 'Later'), decideButton));
  follow(task);
  update();
  (asked[0] ?? voices[0]?.element ?? stage).focus({ preventScroll: true });
  screen.record.start();
}

function said(task, voices) {
  const standing = task.judgements.filter(({ withdrawnAt }) => !withdrawnAt).length;
  return h('section', { class: 'asked', 'aria-labelledby': 'said-title' },
    h('h2', { id: 'said-title' }, 'What people said ', h('span', { class: 'by-key' }, hint('next'), ' ', hint('previous'))),
    h('p', { class: 'figures-line' },
      h('span', {}, h('strong', {}, standing), ` ${standing === 1 ? 'answer' : 'answers'}`),
      task.agreement !== null && h('span', {}, h('strong', {}, `${Math.round(100 * task.agreement)} %`), ' of the pairs agree'),
      task.agreement !== null && h('span', {}, 'doubt ', h('strong', {}, task.doubt.toFixed(2)))),
    h('ul', { class: 'given' }, voices.map(({ element }) => h('li', {}, element))),
    task.adjudications.map((one) => h('p', { class: 'before' },
      `${one.withdrawnAt ? 'Was decided' : 'Decided'}: ${valueIn(one.value, one.strength, shown.screen.record)}${one.reason && `. ${one.reason}`}${one.withdrawnReason ? ` (${one.withdrawnReason})` : ''}`)));
}

// An answer of one's own takes the place of somebody else's, and the other way round.
function answered() {
  shown.chosen = null;
  update();
}

function choose(index) {
  const { screen, voices, task } = shown;
  shown.chosen = shown.chosen === index ? null : index;
  delete screen.answers[task.questions[0].name];
  screen.update();
  update();
  if (shown.chosen !== null) {
    voices[index].element.scrollIntoView({ block: 'nearest' });
    say(`${voices[index].words}, marked`);
  }
}

function update() {
  shown.voices.forEach(({ element }, index) => element.setAttribute('aria-pressed', String(shown.chosen === index)));
  shown.decideButton.setAttribute('aria-disabled', String(!order()));
}

// Goes on to the next answer that stands.
function step(by) {
  const standing = shown.voices.map(({ stands }, index) => (stands ? index : -1)).filter((index) => index >= 0);
  if (!standing.length) return;
  const at = standing.indexOf(shown.chosen);
  const to = at < 0 ? (by > 0 ? 0 : standing.length - 1) : Math.max(0, Math.min(standing.length - 1, at + by));
  if (standing[to] !== shown.chosen) choose(standing[to]);
}

// What would be decided now; nothing where it is not clear yet.
function order() {
  const { chosen, task, screen } = shown;
  if (chosen !== null) return { judgement: task.judgements[chosen].judgement };
  const [view] = screen.views;
  const name = view.question.name;
  return name in screen.answers && view.missing() === null ? { answer: view.wire?.() ?? screen.answers[name] } : null;
}

async function decide() {
  if (!shown || shown.sent) return;
  const wanted = order();
  if (!wanted) {
    toast('Mark the answer that is right with J and K, or answer yourself.', { kind: 'hint', seconds: 4 });
    return;
  }
  const { task, reason } = shown;
  shown.sent = true;
  try {
    await call('POST', `/api/tasks/${task.task}/adjudication`, { ...wanted, reason: reason.value.trim() });
    decided.push(queue.shift());
    undoButton.disabled = false;
    say('Decided.');
    await show();
  } catch (problem) {
    shown.sent = false;
    explain(problem, decide);
  }
}

async function undo() {
  const last = decided.at(-1);
  if (!last) return;
  try {
    await call('DELETE', `/api/tasks/${last.task}/adjudication?reason=undone`);
    decided.pop();
    undoButton.disabled = decided.length === 0;
    queue.unshift(last);
    say('The last decision is taken back.');
    await show();
  } catch (problem) {
    explain(problem, undo);
  }
}

async function skip() {
  if (!queue.length) return;
  const [later] = queue.splice(0, 1);
  if (queue.length || next) {
    await show().catch((problem) => explain(problem, show));
  } else {
    queue.push(later);
    toast('This is the only one left.', { kind: 'hint', seconds: 3 });
  }
}

function explain(problem, goOn) {
  if (problem.status === 401) {
    showBanner('Your login has expired.', { label: 'Log in again', run: () => loginAgain(() => { hideBanner(); goOn(); }) });
  } else if (problem.status === 0 || problem.status >= 500) {
    showBanner(problem.message, { label: 'Try now', run: () => { hideBanner(); goOn(); } });
  } else {
    toast(problem.message);
  }
}

// ---- keys -------------------------------------------------------------------------------------------------------------

const everywhere = {
  submit: decide, skip, undo,
  next: () => shown && step(1),
  previous: () => shown && step(-1),
  comment: () => shown?.reason.focus(),
  down: () => shown?.screen.record.scroll(1),
  up: () => shown?.screen.record.scroll(-1),
  leave: () => (shown?.screen.active.element ?? document.body).focus({ preventScroll: true }),
  guidelines: () => toggleGuidelines(() => everywhere.leave()),
  help: () => {
    paintKeys(dialog('keys'), dialog('keys-note'));
    dialog('help').showModal();
  },
};

listen((action, event) => {
  if (action in everywhere) return everywhere[action]() !== false;
  return shown && !WRITTEN.has(shown.task.questions[0].type) ? shown.screen.act(action, event) : false;
});

undoButton.addEventListener('click', undo);
dialog('show-guidelines').addEventListener('click', everywhere.guidelines);
dialog('hide-guidelines').addEventListener('click', everywhere.guidelines);
dialog('show-help').addEventListener('click', everywhere.help);
dialog('reset-keys').addEventListener('click', () => { resetKeys(); paintKeys(dialog('keys'), dialog('keys-note')); });
dialog('help').addEventListener('close', stopAsking);

start();
