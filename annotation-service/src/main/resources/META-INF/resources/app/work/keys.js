// One key, no modifier, for everything on the hot path; each can be changed, and all are off while somebody types.
import { h } from '../api.js';
import { keep, kept } from './kept.js';

const places = Array.from({ length: 10 }, (_, index) => [`choose-${(index + 1) % 10}`, String((index + 1) % 10), `place ${index + 1}`]);

// Name, key and meaning of each action, in the order of the help.
const ACTIONS = [
  ['submit', 'Enter', 'submit'], ['undo', 'z', 'take the last answer back'], ['skip', 's', 'skip this task'], ['flag', 'f', 'flag this task, with a reason'],
  ['first', 'a', 'answer A is better'], ['second', 'b', 'answer B is better'], ['tie', 't', 'tie'], ['bad', 'x', 'both are bad'],
  ['edit', 'e', 'edit, write or rewrite'], ['remove', 'd', 'remove what is selected'], ['comment', 'c', 'say why'],
  ['next', 'j', 'next question, also ↓'], ['previous', 'k', 'previous question, also ↑'],
  ['guidelines', 'g', 'guidelines'], ['help', '?', 'these keys'],
  ...places,
];
const FIXED = {
  ArrowDown: 'next', ArrowUp: 'previous', ArrowRight: 'forward', ArrowLeft: 'backward', PageDown: 'down', PageUp: 'up', Delete: 'remove',
};
const changed = kept('keys') ?? {};

const byDefault = Object.fromEntries(ACTIONS.map(([action, key]) => [action, key]));
const keyOf = (action) => changed[action] ?? byDefault[action];
const actionOf = (key) => ACTIONS.find(([action]) => keyOf(action) === key)?.[0] ?? FIXED[key];
const written = (key) => (key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key);

// The key as it stands on a button; it follows when somebody changes the key.
export const hint = (action) => h('kbd', { 'data-action': action, 'aria-hidden': 'true' }, written(keyOf(action)));

// What a key means on any keyboard: letters of other scripts and shifted digits count by their place.
function sign({ key, code }) {
  if (key.length > 1) return key;
  const low = key.toLowerCase();
  if (actionOf(low)) return low;
  if (/^(Key|Digit|Numpad)\w$/.test(code) && !/^[a-z0-9]$/.test(low)) return code.at(-1).toLowerCase();
  return low;
}

const SHORTCUT_FREE = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';

// Calls `act(action)` for each key that means something; `act` says whether it did anything.
export function listen(act) {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !document.querySelector('dialog[open]')) {
      event.preventDefault();
      act('submit');
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.target.matches(SHORTCUT_FREE)) {
      if (event.key === 'Escape') act('leave');
      if (event.key !== 'Enter' || !event.target.matches('input') || !act('submit')) return;
    } else {
      const key = sign(event);
      const action = actionOf(key);
      if (!action || (event.repeat && ['submit', 'skip', 'undo'].includes(action))) return;
      if (key === 'Enter' && event.target.matches('a, summary, .ghost, .command')) return;
      if (!act(action, event)) return;
    }
    event.preventDefault();
  });
}

// ---- changing keys ----------------------------------------------------------------------------------------------------

const RESERVED = new Set(['Tab', 'Escape', ' ', 'Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'Backspace', 'CapsLock', ...Object.keys(FIXED)]);
let asking = null;

const described = (action, meaning) => `${written(keyOf(action))}, ${meaning}: change this key`;

// The keys with their meanings; a click on one asks for another.
export function paintKeys(list, note) {
  list.replaceChildren(...ACTIONS.map(([action, , meaning]) => h('div', {},
    h('dt', {}, h('button', {
      type: 'button', class: 'key', 'aria-label': described(action, meaning),
      onclick: ({ currentTarget }) => ask(currentTarget, action, meaning, note),
    }, hint(action))),
    h('dd', {}, meaning))));
  note.textContent = 'Places are the steps of a scale, labels or answers. Click a key to change it.';
}

function ask(button, action, meaning, note) {
  asking?.stop();
  button.classList.add('asking');
  note.textContent = `Press the new key for “${meaning}”, or Esc to keep ${written(keyOf(action))}.`;
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (['Shift', 'Control', 'Alt', 'AltGraph', 'Meta'].includes(event.key)) return;
    asking.stop();
    note.textContent = event.key === 'Escape' ? 'Nothing has changed.' : change(action, sign(event));
    button.setAttribute('aria-label', described(action, meaning));
  };
  asking = { stop: () => { removeEventListener('keydown', take, true); button.classList.remove('asking'); asking = null; } };
  addEventListener('keydown', take, true);
}

function change(action, key) {
  if (RESERVED.has(key)) return `${written(key)} moves around the page and cannot be used here.`;
  const holder = actionOf(key);
  if (holder && holder !== action) return `${written(key)} is taken: ${ACTIONS.find(([name]) => name === holder)[2]}. Change that key first.`;
  changed[action] = key;
  store();
  return `${written(key)} is the key now.`;
}

export function resetKeys() {
  for (const action of Object.keys(changed)) delete changed[action];
  store();
}

export const stopAsking = () => asking?.stop();

function store() {
  keep('keys', changed);
  for (const place of document.querySelectorAll('kbd[data-action]')) place.textContent = written(keyOf(place.dataset.action));
}
