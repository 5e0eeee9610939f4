// The row under every task: why, flag, skip, submit.
import { h } from '../api.js';
import { hint } from './keys.js';

export function row(screen, { submit, skip, flag }) {
  const comment = h('input', {
    id: 'comment', class: 'comment', maxlength: 9000, dir: 'auto', 'aria-label': 'Why (optional)', placeholder: 'Why? (optional)',
    oninput: () => { screen.comment = comment.value; screen.changed(); },
  });
  comment.value = screen.comment;
  const flagButton = h('button', { class: 'button ghost', id: 'flag', type: 'button', onclick: flag });
  const submitButton = h('button', { class: 'button primary', id: 'submit', type: 'button', onclick: submit }, 'Submit', hint('submit'));
  const element = h('div', { class: 'row' },
    h('span', { class: 'with-key' }, hint('comment'), comment), h('span', { class: 'grow' }), flagButton,
    h('button', { class: 'button ghost', type: 'button', onclick: skip }, hint('skip'), 'Skip'), submitButton);
  const update = () => {
    submitButton.setAttribute('aria-disabled', String(screen.missing() !== null));
    flagButton.replaceChildren(hint('flag'), screen.flag ? `Flagged: ${screen.flag}` : 'Flag');
    flagButton.classList.toggle('flagged', Boolean(screen.flag));
  };
  update();
  return { element, update };
}

const REASONS = ['Broken or cut off', 'Harmful', 'Personal data', 'Wrong language', 'Unclear question'];

// Asks for the reason of a flag; it is sent with the answer, in front of the comment.
export function askForFlag(screen, done) {
  const dialog = document.getElementById('flagging');
  const other = h('input', { dir: 'auto', maxlength: 500, 'aria-label': 'Another reason', placeholder: 'Another reason' });
  const take = (reason) => {
    screen.flag = reason;
    dialog.close();
    screen.changed();
    done();
  };
  const choices = REASONS.map((reason, index) => h('button', { class: 'button', type: 'button', onclick: () => take(reason) },
    h('kbd', { 'aria-hidden': 'true' }, index + 1), reason));
  const own = (event) => {
    event.preventDefault();
    if (other.value.trim()) take(other.value.trim());
  };
  const form = dialog.querySelector('.reasons');
  form.replaceChildren(...choices,
    h('form', { class: 'row other', onsubmit: own }, other, h('button', { class: 'button' }, 'Flag')),
    screen.flag ? h('button', { class: 'button ghost', type: 'button', onclick: () => take('') }, 'Remove the flag') : '');
  dialog.onkeydown = ({ key, target }) => {
    if (!target.matches('input') && REASONS[Number(key) - 1]) take(REASONS[Number(key) - 1]);
  };
  dialog.showModal();
}
