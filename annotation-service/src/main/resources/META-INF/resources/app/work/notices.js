// What the page says when something is not as usual: above the work, or in its place.
import { h, plural } from '../api.js';

const banner = document.getElementById('banner');

export function showBanner(message, action) {
  banner.replaceChildren(h('p', {}, message), h('button', { class: 'button', type: 'button', onclick: action.run }, action.label));
  banner.hidden = false;
}

export function hideBanner() {
  banner.hidden = true;
}

export const emptyCard = (title, text) => h('section', { class: 'card empty' },
  h('h2', {}, title), h('p', { class: 'soft' }, text), h('p', {}, h('a', { class: 'button', href: '/' }, 'All projects')));

// Why there is no task: title and explanation.
export function nothingBecause(progress) {
  if (!progress) return ['One moment', 'The server is being asked for tasks.'];
  if (progress.samples === 0) return ['No samples yet', 'None have arrived from the source of this project. Tasks appear here by themselves.'];
  if (progress.preparing > 0 && progress.open === 0) return ['Answers are being written', `A model is writing the answers for ${plural(progress.preparing, 'task')}. They appear here by themselves.`];
  if (progress.tasks > 0 && progress.done === progress.tasks) return ['All done. Thank you!', `${plural(progress.tasks, 'task')} judged, ${plural(progress.mine, 'judgement')} by you.`];
  if (progress.tasks === 0) return ['No tasks', 'No sample of the source fits the question of this project. A manager can see the reasons.'];
  return ['Nothing for you at the moment', 'You have judged all you can; the remaining tasks are with others. Should one come back, it appears here.'];
}

export function say(words) {
  document.getElementById('said').textContent = words;
}
