// The page that people judge in: the next tasks are here before they are wanted, an answer is sent behind the next one.
import { call, h, loginAgain, plural, toast } from './api.js';
import { countTime, workOn } from './work/clock.js';
import { askForFlag, row } from './work/footer.js';
import { follow, toggleGuidelines } from './work/guidelines.js';
import { drafts } from './work/kept.js';
import { listen, paintKeys, resetKeys, stopAsking } from './work/keys.js';
import { emptyCard, hideBanner, nothingBecause, say, showBanner } from './work/notices.js';
import { Outbox } from './work/outbox.js';
import { count, paintMine, progress, refreshProgress, took } from './work/progress.js';
import { Screen } from './work/screen.js';

const AHEAD = 4; // as many tasks are held beside the one that is shown,
const LOW = 2;   // and more are fetched once there are fewer than these
const PROGRESS_MILLIS = 10_000; // own answers are counted here; those of others are looked up so often
const UNDO = 50;
const project = document.body.dataset.project;
const stage = document.getElementById('stage');
const actions = document.getElementById('actions');
const undoButton = document.getElementById('undo');

const queue = [];   // tasks that are lent to us and not shown yet
const given = [];   // what was answered in this window, for undo: { task, draft, body, judgement }
let current = null; // the screen of the task that is shown
let refilling = false;
let loginMissing = false;
let progressAt = 0; // when the progress was looked up; 0 where it has to be anew
let delivered = 0;  // answers that the server took

const outbox = new Outbox(project, {
  taken: (entry, judgement) => {
    delivered++;
    remember(entry, judgement);
  },
  refused: (entry, problem) => {
    progressAt = 0;
    toast(problem.status === 409
      ? 'Others judged that task while you had it open; your answer was not needed. Go on with this one.'
      : `An answer was not taken: ${problem.message}`);
    remember(entry, null);
  },
  arrived: () => {
    if (!loginMissing) hideBanner();
    refill();
    if (Date.now() - progressAt > PROGRESS_MILLIS) showProgress();
  },
  stuck: (problem) => explain(problem, send),
});

const send = () => { if (!loginMissing) outbox.send(); };

// ---- tasks ------------------------------------------------------------------------------------------------------------

async function start() {
  drafts.tidy();
  try {
    const held = await call('GET', `/api/projects/${project}/tasks/held`);
    queue.push(...held.filter(({ lease }) => !outbox.holds(lease)));
  } catch (problem) {
    explain(problem, start);
    return;
  }
  if (queue.length) advance();
  send();
  refill();
  showProgress();
}

async function refill() {
  if (refilling || loginMissing) return;
  refilling = true;
  try {
    const missing = AHEAD + (current ? 0 : 1) - queue.length;
    if (queue.length < LOW) {
      queue.push(...await call('POST', `/api/projects/${project}/tasks/next?count=${missing}`));
    }
    if (!current) advance();
  } catch (problem) {
    explain(problem, refill);
  } finally {
    refilling = false;
  }
}

function advance() {
  const task = queue.shift();
  if (task) show(task, drafts.of(task));
  else showNothing();
}

function show(task, draft) {
  const screen = new Screen(task, draft, () => {
    drafts.keep(task, screen.draft());
    footer.update();
  });
  const footer = row(screen, { submit, skip, flag });
  const inBar = screen.layout === 'bar';
  document.body.dataset.layout = screen.layout;
  document.body.toggleAttribute('data-narrow', !screen.record.cards.length);
  stage.removeAttribute('aria-busy');
  stage.replaceChildren(screen.record.element, ...(inBar ? [] : [screen.form]));
  actions.replaceChildren(...(inBar ? [screen.form] : []), footer.element);
  current = screen;
  workOn(screen);
  follow(task);
  screen.activate(screen.active, true);
  screen.record.start();
  scrollTo({ top: 0 });
}

async function showNothing() {
  current = null;
  workOn(null);
  document.body.dataset.layout = 'none';
  stage.setAttribute('aria-busy', 'true');
  stage.replaceChildren(); // an answered task would look as if it could be answered again
  actions.replaceChildren();
  await showProgress();
  if (current) return;
  stage.removeAttribute('aria-busy');
  stage.replaceChildren(emptyCard(...nothingBecause(progress())));
  setTimeout(() => { if (!current) refill(); }, 5000);
}

// ---- answers ----------------------------------------------------------------------------------------------------------

function submit() {
  if (!current) return;
  countTime();
  const missing = current.missing();
  if (missing) {
    current.activate(missing.view, true);
    toast(missing.message, { kind: 'hint', seconds: 4 });
    return;
  }
  const { task } = current;
  const entry = { task, draft: current.draft(), body: current.body() };
  outbox.add(entry);
  drafts.drop(task);
  given.push(entry);
  if (given.length > UNDO) given.shift();
  undoButton.disabled = false;
  took(entry.body.activeMillis);
  count(1);
  say('Submitted.');
  advance();
  send();
}

function remember(entry, judgement) {
  const known = given.find(({ task }) => task.lease === entry.task.lease);
  if (!known) return;
  known.judgement = judgement;
  if (!judgement) given.splice(given.indexOf(known), 1);
}

async function undo() {
  const last = given.at(-1);
  if (!last) return;
  if (outbox.recall(last)) {
    forget(last);
    back(last.task, last.draft);
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
    if (again) back(again, last.draft);
    else toast('Your judgement is taken back. Somebody else has the task now.', { kind: 'good' });
    showProgress();
  } catch (problem) {
    explain(problem, undo);
  }
}

function forget(entry) {
  given.splice(given.indexOf(entry), 1);
  undoButton.disabled = given.length === 0;
  count(-1);
}

function back(task, draft) {
  if (current) queue.unshift(current.task);
  say('The last answer is open again.');
  show(task, draft);
}

async function skip() {
  if (!current) return;
  const { task } = current;
  drafts.drop(task);
  advance();
  try {
    await call('DELETE', `/api/leases/${task.lease}`);
  } catch (problem) {
    if (problem.status !== 404) explain(problem, refill);
  }
  refill();
}

function flag() {
  const screen = current;
  if (screen) askForFlag(screen, () => say(screen.flag ? `Flagged: ${screen.flag}` : 'No longer flagged'));
}

// ---- what can go wrong ------------------------------------------------------------------------------------------------

// Says what is wrong and what happens to the answers; goes on by itself as soon as it can.
function explain(problem, goOn) {
  const waiting = outbox.waiting().length;
  const kept = waiting ? ` ${plural(waiting, 'answer')} ${waiting === 1 ? 'is' : 'are'} kept here and will be sent.` : ' What you wrote is kept here.';
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
    if (!current) stage.replaceChildren(emptyCard('This does not work', problem.message));
  }
}

async function showProgress() {
  progressAt = Date.now();
  const before = delivered;
  try {
    await refreshProgress(() => outbox.waiting().length);
    // Of answers that were on their way meanwhile it is not known whether the server counted them.
    if (outbox.waiting().length) progressAt = 0;
    else if (before !== delivered) await showProgress();
  } catch (problem) {
    if (problem.status === 401) explain(problem, showProgress);
  }
}

// ---- keys -------------------------------------------------------------------------------------------------------------

const dialog = (id) => document.getElementById(id);

function help() {
  paintKeys(dialog('keys'), dialog('keys-note'));
  dialog('help').showModal();
}

function mine() {
  paintMine(dialog('mine-facts'));
  dialog('mine').showModal();
}

const everywhere = {
  submit, skip, undo, flag, help,
  guidelines: () => toggleGuidelines(() => everywhere.leave()),
  comment: () => dialog('comment')?.focus(),
  next: () => current?.move(1),
  previous: () => current?.move(-1),
  down: () => current?.record.scroll(1),
  up: () => current?.record.scroll(-1),
  leave: () => (current?.active.element ?? document.body).focus({ preventScroll: true }),
};

listen((action, event) => {
  if (action in everywhere) return everywhere[action]() !== false;
  return current?.act(action, event) ?? false;
});

// After a click on a tool the keys go to the question again.
stage.addEventListener('click', ({ detail, target }) => {
  if (detail > 0 && target.closest('.tools')) everywhere.leave();
});
undoButton.addEventListener('click', undo);
dialog('show-guidelines').addEventListener('click', everywhere.guidelines);
dialog('hide-guidelines').addEventListener('click', everywhere.guidelines);
dialog('show-help').addEventListener('click', help);
dialog('show-mine').addEventListener('click', mine);
dialog('reset-keys').addEventListener('click', () => { resetKeys(); paintKeys(dialog('keys'), dialog('keys-note')); });
dialog('help').addEventListener('close', stopAsking);
addEventListener('online', send);

start();
