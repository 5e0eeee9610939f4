// Buttons of which one, or several, are chosen.
import { h } from '../api.js';
import { hint } from './keys.js';

const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

const face = ({ action, text, name, short }) => [
  action && hint(action),
  h('span', { class: short && 'long', dir: 'auto' }, text ?? name),
  short && h('span', { class: 'short', 'aria-hidden': 'true' }, short),
];

// One of several: arrows move, space chooses, and its key does from anywhere.
export function oneOf(label, options, { look = 'chips', chosen, choose }) {
  const buttons = options.map((option) => h('button', {
    class: `button step ${option.tone ?? ''}`, type: 'button', role: 'radio', 'aria-label': option.name, onclick: () => choose(option.value),
  }, face(option)));
  const element = h('div', {
    class: look, role: 'radiogroup', 'aria-label': label,
    onkeydown: (event) => {
      const at = buttons.indexOf(document.activeElement);
      if (!(event.key in ARROWS) || at < 0) return;
      event.preventDefault();
      buttons[(at + ARROWS[event.key] + buttons.length) % buttons.length].focus();
    },
  }, buttons);
  const update = () => {
    const at = options.findIndex(({ value }) => value === chosen());
    buttons.forEach((button, index) => {
      button.setAttribute('aria-checked', String(index === at));
      button.tabIndex = index === Math.max(at, 0) ? 0 : -1;
    });
  };
  return { element, update, value: (index) => options[index]?.value };
}

// Several of several; each is a switch of its own.
export function someOf(label, options, { look = 'chips', chosen, toggle }) {
  const buttons = options.map((option) => h('button', {
    class: `button step ${option.tone ?? ''}`, type: 'button', 'aria-label': option.name, onclick: () => toggle(option.value),
  }, face(option)));
  const element = h('div', { class: look, role: 'group', 'aria-label': label }, buttons);
  const update = () => buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(chosen(options[index].value))));
  return { element, update, value: (index) => options[index]?.value };
}

// Fills an element anew only where its content has changed: a button that is being clicked stays the same button.
export function fill(element, content, build) {
  const key = JSON.stringify(content);
  if (element.dataset.content === key) return;
  element.dataset.content = key;
  element.replaceChildren(...build());
}

// The place that a key stands for: 0 for the first.
export const placeOf = (action) => {
  const [, digit] = /^choose-(\d)$/.exec(action) ?? [];
  return digit === undefined ? null : (Number(digit) + 9) % 10;
};

export const labelled = (labels) => labels.map((label, index) => ({
  value: label, text: label, action: index < 10 ? `choose-${(index + 1) % 10}` : null, tone: `hue-${index % 8}`,
}));
