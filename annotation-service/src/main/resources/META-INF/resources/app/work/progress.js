// How far the work is, and how one's own goes.
import { call, h, percent, plural } from '../api.js';

const project = document.body.dataset.project;
let counts = null;

export const progress = () => counts;

// `unsent` says how many answers the server does not have yet.
export async function refreshProgress(unsent) {
  counts = await call('GET', `/api/projects/${project}/progress`);
  count(unsent());
}

export function count(change) {
  if (!counts) return;
  counts.mine += change;
  counts.judgements += change;
  paint();
}

function paint() {
  const done = percent(counts.judgements, counts.wanted);
  const bar = document.getElementById('progress-bar');
  bar.setAttribute('aria-valuenow', done);
  bar.firstElementChild.style.width = `${done}%`;
  document.getElementById('progress').replaceChildren(
    h('strong', {}, counts.mine.toLocaleString('en')), ' by you · ',
    `${counts.judgements.toLocaleString('en')} of ${counts.wanted.toLocaleString('en')}`);
}

// ---- one's own work ---------------------------------------------------------------------------------------------------

// What this window has seen: answers and the time in focus that they took.
const session = { answers: 0, activeMillis: 0 };

export function took(activeMillis) {
  session.answers++;
  session.activeMillis += activeMillis;
}

const minutes = (millis) => (millis < 60_000 ? plural(Math.round(millis / 1000), 'second') : plural(Math.round(millis / 60_000), 'minute'));

const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

export async function paintMine(list) {
  list.replaceChildren(
    fact('Judgements in this project', (counts?.mine ?? 0).toLocaleString('en')),
    fact('In this window', plural(session.answers, 'answer')),
    fact('Active time in this window', minutes(session.activeMillis)),
    session.answers ? fact('Per answer', minutes(session.activeMillis / session.answers)) : '');
  try {
    list.append(...known(await call('GET', `/api/projects/${project}/annotators/me`)));
  } catch {
    // Not every server tells how one's own work is; the rest is shown.
  }
}

// `agreed` is the share of tasks on which most of the others said the same, `activeMillis` the median of an answer.
function known({ agreed, activeMillis }) {
  return [
    agreed && fact('Same as most others', `${Math.round(agreed.value * 100)} %, ${agreed.hits} of ${plural(agreed.trials, 'task')}`),
    typeof activeMillis === 'number' && fact('Median time of an answer', minutes(activeMillis)),
  ].filter(Boolean);
}
