// The page that people judge in: the next tasks are here before they are wanted, an answer is sent behind the next one.
import { call, h, loginAgain, percent, plural, toast } from './api.js';

const AHEAD = 3;
const IDLE_MILLIS = 120_000;
const project = document.body.dataset.project;
const stage = document.getElementById('stage');
const actions = document.getElementById('actions');
const banner = document.getElementById('banner');
const undoButton = document.getElementById('undo');

const queue = [];      // tasks that are lent to us and not shown yet
const given = [];      // what was answered in this window, for undo: { task, answer, judgement, sent }
let current = null;    // { task, answer, activeMillis }
let counts = null;     // progress of the project
let waiting = store('pending') ?? [];  // answers that the server does not have yet
let refilling = false;
let sending = false;
let loginMissing = false;

function store(name, value) {
  const key = `gyre.${name}.${project}`;
  if (value === undefined) return JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify(value));
  return value;
}

// ---- time in focus ------------------------------------------------------------------------------------------------

let lastSign = performance.now();

function countTime() {
  const now = performance.now();
  if (current && document.visibilityState === 'visible' && document.hasFocus()) {
    current.activeMillis += Math.min(now - lastSign, IDLE_MILLIS);
  }
  lastSign = now;
}
for (const sign of ['pointermove', 'keydown', 'scroll', 'focus', 'blur', 'visibilitychange']) {
  addEventListener(sign, countTime, { passive: true, capture: true });
}

// ---- tasks ------------------------------------------------------------------------------------------------------------

async function refill() {
  if (refilling || loginMissing) return;
  refilling = true;
  try {
    const missing = AHEAD + (current ? 0 : 1) - queue.length;
    if (missing > 0) {
      queue.push(...await call('POST', `/api/projects/${project}/tasks/next?count=${missing}`));
    }
    if (!current) advance();
  } catch (problem) {
    explain(problem, refill);
  } finally {
    refilling = false;
  }
}

async function start() {
  try {
    const answered = new Set(waiting.map(({ task }) => task.lease));
    queue.push(...(await call('GET', `/api/projects/${project}/tasks/held`)).filter(({ lease }) => !answered.has(lease)));
  } catch (problem) {
    explain(problem, start);
    return;
  }
  if (queue.length) advance();
  send();
  refill();
  showProgress();
}

function advance() {
  const task = queue.shift();
  if (task) {
    show(task, {});
    return;
  }
  current = null;
  showNothing();
}

function show(task, answer) {
  current = { task, answer: { ...answer }, activeMillis: 0 };
  const draft = localStorage.getItem(`gyre.draft.${task.task}`);
  if (draft !== null && answer.text === undefined) current.answer.text = draft;
  lastSign = performance.now();
  paint();
  scrollTo({ top: 0 });
}

async function showNothing() {
  stage.removeAttribute('aria-busy');
  actions.replaceChildren();
  await showProgress();
  if (current) return;
  const [title, text] = nothingBecause(counts);
  stage.replaceChildren(h('section', { class: 'card empty' },
    h('h2', {}, title), h('p', { class: 'soft' }, text),
    h('p', {}, h('a', { class: 'button', href: '/' }, 'All projects'))));
  setTimeout(() => { if (!current) refill(); }, 5000);
}

function nothingBecause(progress) {
  if (!progress) return ['One moment', 'The server is being asked for tasks.'];
  if (progress.samples === 0) return ['No samples yet', 'None have arrived from the source of this project. Tasks appear here by themselves.'];
  if (progress.preparing > 0 && progress.open === 0) return ['Answers are being written', `A model is writing the answers for ${plural(progress.preparing, 'task')}. They appear here by themselves.`];
  if (progress.tasks > 0 && progress.done === progress.tasks) return ['All done. Thank you!', `${plural(progress.tasks, 'task')} judged, ${plural(progress.mine, 'judgement')} by you.`];
  if (progress.tasks === 0) return ['No tasks', 'No sample of the source fits the question of this project. A manager can see the reasons.'];
  return ['Nothing for you at the moment', 'You have judged all you can; the remaining tasks are with others. Should one come back, it appears here.'];
}

// ---- sending ----------------------------------------------------------------------------------------------------------

function submit() {
  if (!current) return;
  countTime();
  const missing = whatIsMissing();
  if (missing) {
    toast(missing, { kind: 'hint', seconds: 4 });
    return;
  }
  const entry = {
    task: current.task,
    answer: current.answer,
    body: { ...bodyOf(current), activeMillis: Math.round(current.activeMillis) },
  };
  waiting.push(entry);
  store('pending', waiting);
  localStorage.removeItem(`gyre.draft.${current.task.task}`);
  given.push(entry);
  if (given.length > 50) given.shift();
  undoButton.disabled = false;
  if (counts) { counts.mine++; counts.judgements++; paintProgress(); }
  advance();
  send();
}

async function send() {
  if (sending || loginMissing) return;
  sending = true;
  try {
    while (waiting.length) {
      const entry = waiting[0];
      try {
        const receipt = await call('POST', `/api/tasks/${entry.task.task}/judgements`, entry.body);
        remember(entry, receipt.judgement);
      } catch (problem) {
        if (problem.status === 0 || problem.status === 401 || problem.status >= 500) throw problem;
        toast(problem.status === 409 ? 'Others judged that task while you had it open; your answer was not needed. Go on with this one.' : `An answer was not taken: ${problem.message}`);
        remember(entry, null);
      }
      waiting.shift();
      store('pending', waiting);
    }
    if (!loginMissing) hideBanner();
    refill();
    showProgress();
  } catch (problem) {
    explain(problem, send);
  } finally {
    sending = false;
  }
}

function remember(entry, judgement) {
  const known = given.find(({ task }) => task.lease === entry.task.lease);
  if (!known) return;
  known.judgement = judgement;
  if (!judgement) given.splice(given.indexOf(known), 1);
}

// Says what is wrong and what happens to the answers; goes on by itself as soon as it can.
function explain(problem, goOn) {
  const kept = waiting.length ? ` ${plural(waiting.length, 'answer')} ${waiting.length === 1 ? 'is' : 'are'} kept here and will be sent.` : ' What you wrote is kept here.';
  if (problem.status === 401) {
    loginMissing = true;
    showBanner(`Your login has expired.${kept}`, {
      label: 'Log in again',
      run: () => loginAgain(() => { loginMissing = false; hideBanner(); goOn(); if (goOn !== send) send(); }),
    });
  } else if (problem.status === 0 || problem.status >= 500) {
    showBanner(`${problem.message}${kept}`, { label: 'Try now', run: goOn });
    setTimeout(goOn, 5000);
  } else {
    toast(problem.message);
    if (!current) stage.replaceChildren(h('section', { class: 'card empty' }, h('h2', {}, 'This does not work'), h('p', { class: 'soft' }, problem.message), h('a', { class: 'button', href: '/' }, 'All projects')));
  }
}

function showBanner(message, action) {
  banner.replaceChildren(h('p', {}, message), h('button', { class: 'button', type: 'button', onclick: action.run }, action.label));
  banner.hidden = false;
}

function hideBanner() {
  banner.hidden = true;
}

async function undo() {
  const last = given.at(-1);
  if (!last) return;
  const unsent = waiting.findIndex(({ task }) => task.lease === last.task.lease);
  if (unsent > 0 || (unsent === 0 && !sending)) {
    waiting.splice(unsent, 1);
    store('pending', waiting);
    forget(last);
    back(last.task, last.answer);
    return;
  }
  if (!last.judgement) {
    toast('That answer is still on its way; try again in a second.', { kind: 'hint', seconds: 3 });
    return;
  }
  try {
    await call('DELETE', `/api/judgements/${last.judgement}?reason=undone`);
    forget(last);
    const [again] = await call('POST', `/api/projects/${project}/tasks/next?task=${last.task.task}`);
    if (again) back(again, last.answer);
    else toast('Your judgement is taken back. Somebody else has the task now.', { kind: 'good' });
    showProgress();
  } catch (problem) {
    explain(problem, undo);
  }
}

function forget(entry) {
  given.splice(given.indexOf(entry), 1);
  undoButton.disabled = given.length === 0;
  if (counts) { counts.mine--; counts.judgements--; paintProgress(); }
}

function back(task, answer) {
  if (current) queue.unshift(current.task);
  show(task, answer);
}

async function skip() {
  if (!current) return;
  const { task } = current;
  advance();
  try {
    await call('DELETE', `/api/leases/${task.lease}`);
  } catch (problem) {
    if (problem.status !== 404) explain(problem, refill);
  }
  refill();
}

// ---- questions --------------------------------------------------------------------------------------------------------

// The seven places of the scale, from the left answer to the right one.
const SCALE = [
  ['A much better', 3, 0], ['A better', 2, 0], ['A slightly better', 1, 0],
  ['Tie', 0, null],
  ['B slightly better', 1, 1], ['B better', 2, 1], ['B much better', 3, 1],
];
const SHORT = ['A+++', 'A++', 'A+', 'Tie', 'B+', 'B++', 'B+++'];

const kinds = {
  PAIRWISE: {
    keys: [['1 … 7', 'from A much better to B much better, 4 is a tie'], ['A', 'A is better'], ['B', 'B is better'], ['T', 'tie'], ['X', 'both are bad'], ['C', 'say why']],
    missing: ({ place, bad }) => (place === undefined && !bad ? 'Choose first: 1 to 7, or X if both are bad.' : null),
    body: ({ place, bad }, task) => {
      if (bad) return { bothBad: true };
      const [, strength, side] = SCALE[place];
      return side === null ? { strength: 0 } : { choice: task.candidates[side].id, strength };
    },
    press: (key) => {
      if (key >= '1' && key <= '7') return { place: Number(key) - 1, bad: undefined };
      if (key === 'a') return { place: 1, bad: undefined };
      if (key === 'b') return { place: 5, bad: undefined };
      if (key === 't') return { place: 3, bad: undefined };
      if (key === 'x') return { bad: true, place: undefined };
      return null;
    },
    paint: ({ task, answer }) => {
      const chosen = answer.place === undefined ? null : SCALE[answer.place][2];
      return [
        pinned(task),
        h('div', { class: 'pair' }, task.candidates.map((candidate, side) => h('section', {
          class: `card answer ${chosen === side ? 'chosen' : ''} ${answer.bad ? 'bad' : ''}`,
          'aria-label': `Answer ${'AB'[side]}`, onclick: () => { if (!getSelection().toString()) choose({ place: side ? 5 : 1, bad: undefined }); },
        }, h('header', {}, h('kbd', { class: 'side' }, 'AB'[side]), chosen === side && h('span', { class: 'verdict' }, SCALE[answer.place][0].slice(2))),
        candidate.text.trim() ? h('div', { class: 'reading', dir: 'auto' }, candidate.text) : h('p', { class: 'soft' }, 'This answer is empty.')))),
      ];
    },
    actions: ({ answer }) => [
      h('div', { class: 'scale', role: 'radiogroup', 'aria-label': 'Which answer is better' }, SCALE.map(([label], place) => h('button', {
        class: 'button step', type: 'button', role: 'radio', 'aria-checked': String(answer.place === place), 'aria-label': label,
        onclick: () => choose({ place, bad: undefined }),
      }, h('kbd', {}, place + 1), h('span', { class: 'long' }, label), h('span', { class: 'short', 'aria-hidden': true }, SHORT[place])))),
      h('div', { class: 'row' },
        h('button', { class: 'button step', type: 'button', 'aria-pressed': String(Boolean(answer.bad)), onclick: () => choose({ bad: !answer.bad || undefined, place: undefined }) }, h('kbd', {}, 'X'), 'Both bad'),
        comment(answer), h('span', { class: 'grow' }), skipButton(), submitButton('Enter')),
    ],
  },
  LABEL: {
    keys: [['1 … 9', 'the label with this number'], ['C', 'say why']],
    missing: ({ label }) => (label === undefined ? 'Choose a label first.' : null),
    body: ({ label }) => ({ label }),
    press: (key) => {
      const label = current.task.question.labels[Number(key) - 1];
      return key >= '1' && key <= '9' && label ? { label } : null;
    },
    paint: ({ task }) => [question(task), h('section', { class: 'card text', 'aria-label': 'Text' }, h('div', { class: 'reading', dir: 'auto' }, task.prompt))],
    actions: ({ task, answer }) => [
      h('div', { class: 'labels', role: 'radiogroup', 'aria-label': task.question.text }, task.question.labels.map((label, index) => h('button', {
        class: 'button step', type: 'button', role: 'radio', 'aria-checked': String(answer.label === label), onclick: () => choose({ label }),
      }, index < 9 && h('kbd', {}, index + 1), h('span', { dir: 'auto' }, label)))),
      h('div', { class: 'row' }, comment(answer), h('span', { class: 'grow' }), skipButton(), submitButton('Enter')),
    ],
  },
  DEMONSTRATION: {
    keys: [['E', 'write'], ['Ctrl Enter', 'submit while writing']],
    missing: ({ text }) => (text?.trim() ? null : 'Write an answer first.'),
    body: ({ text }) => ({ text }),
    press: () => null,
    paint: ({ task, answer }) => {
      const field = h('textarea', {
        id: 'text', rows: 10, dir: 'auto', maxlength: 100000, 'aria-label': 'Your answer', placeholder: 'Write the answer that you would want to get.',
        oninput: ({ target }) => {
          current.answer.text = target.value;
          localStorage.setItem(`gyre.draft.${task.task}`, target.value);
          document.getElementById('length').textContent = plural(target.value.length, 'character');
          document.getElementById('submit').setAttribute('aria-disabled', String(whatIsMissing() !== null));
        },
      });
      field.value = answer.text ?? '';
      return [pinned(task), h('section', { class: 'card write' }, field, h('p', { class: 'soft', id: 'length' }, plural(field.value.length, 'character')))];
    },
    actions: () => [h('div', { class: 'row' }, h('span', { class: 'soft' }, h('kbd', {}, 'Esc'), ' leaves the text, ', h('kbd', {}, 'E'), ' goes back'), h('span', { class: 'grow' }), skipButton(), submitButton('Ctrl Enter'))],
  },
};

const kind = () => kinds[current.task.question.type];
const whatIsMissing = () => kind().missing(current.answer);
const bodyOf = ({ task, answer }) => ({
  lease: task.lease, ...kinds[task.question.type].body(answer, task),
  ...(answer.comment?.trim() ? { comment: answer.comment.trim() } : {}),
});

const question = (task) => h('h2', { class: 'question', dir: 'auto' }, task.question.text);

const pinned = (task) => h('section', { class: 'pinned', 'aria-label': 'Prompt' },
  question(task), h('div', { class: 'card prompt', tabindex: 0 }, h('div', { class: 'reading', dir: 'auto' }, task.prompt)));

function comment(answer) {
  const field = h('input', {
    id: 'comment', class: 'comment', maxlength: 10000, dir: 'auto', 'aria-label': 'Why (optional)', placeholder: 'Why? (optional)',
    oninput: ({ target }) => { current.answer.comment = target.value; },
  });
  field.value = answer.comment ?? '';
  return h('span', { class: 'with-key' }, h('kbd', {}, 'C'), field);
}

const skipButton = () => h('button', { class: 'button ghost', type: 'button', onclick: skip }, h('kbd', {}, 'S'), 'Skip');

const submitButton = (key) => h('button', {
  class: 'button primary', id: 'submit', type: 'button', 'aria-disabled': String(whatIsMissing() !== null), onclick: submit,
}, 'Submit', h('kbd', {}, key));

function choose(change) {
  Object.assign(current.answer, change);
  const focused = document.activeElement?.closest('#actions')
    ? [...actions.querySelectorAll('button, input')].indexOf(document.activeElement) : -1;
  paint();
  if (focused >= 0) actions.querySelectorAll('button, input')[focused]?.focus();
}

function paint() {
  stage.removeAttribute('aria-busy');
  const top = stage.querySelector('.prompt')?.scrollTop ?? 0;
  const same = stage.dataset.task === current.task.task;
  stage.replaceChildren(...kind().paint(current));
  stage.dataset.task = current.task.task;
  if (same && stage.querySelector('.prompt')) stage.querySelector('.prompt').scrollTop = top;
  actions.replaceChildren(...kind().actions(current));
  if (!same) document.getElementById('text')?.focus();
}

// ---- progress ---------------------------------------------------------------------------------------------------------

async function showProgress() {
  try {
    counts = await call('GET', `/api/projects/${project}/progress`);
    counts.mine += waiting.length;
    counts.judgements += waiting.length;
    paintProgress();
  } catch (problem) {
    if (problem.status === 401) explain(problem, showProgress);
  }
}

function paintProgress() {
  const done = percent(counts.judgements, counts.wanted);
  const bar = document.getElementById('progress-bar');
  bar.setAttribute('aria-valuenow', done);
  bar.firstElementChild.style.width = `${done}%`;
  document.getElementById('progress').replaceChildren(
    h('strong', {}, counts.mine.toLocaleString('en')), ' by you · ',
    `${counts.judgements.toLocaleString('en')} of ${counts.wanted.toLocaleString('en')}`);
}

// ---- keys -------------------------------------------------------------------------------------------------------------

const always = [['Enter', 'submit'], ['S', 'skip this task'], ['Z', 'undo the last judgement'], ['G', 'guidelines'], ['?', 'these keys']];

function help() {
  const rows = [...(current ? kind().keys : kinds.PAIRWISE.keys), ...always];
  document.getElementById('keys').replaceChildren(...rows.map(([key, meaning]) => h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, meaning))));
  document.getElementById('help').showModal();
}

const guidelines = () => document.getElementById('guidelines').showModal();

addEventListener('keydown', (event) => {
  const typing = event.target.matches('input, textarea');
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit();
    return;
  }
  if (document.querySelector('dialog[open]')) return;
  if (typing) {
    if (event.key === 'Escape') event.target.blur();
    if (event.key === 'Enter' && event.target.matches('input')) submit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const change = current && kind().press(key);
  const act = {
    enter: event.target.matches('a, summary, .ghost') ? null : submit, s: skip, z: undo, g: guidelines, '?': help,
    e: () => document.getElementById('text')?.focus(), c: () => document.getElementById('comment')?.focus(),
  }[key];
  if (change) choose(change);
  else if (act) act();
  else return;
  event.preventDefault();
});

undoButton.addEventListener('click', undo);
document.getElementById('show-guidelines').addEventListener('click', guidelines);
document.getElementById('show-help').addEventListener('click', help);
addEventListener('online', () => send());

start();
