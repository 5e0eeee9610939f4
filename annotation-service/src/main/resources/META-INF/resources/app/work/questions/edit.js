// The chosen answer, made better in its place; what changed is shown word by word.
import { h } from '../../api.js';
import { fill } from '../choices.js';
import { diff } from '../diff.js';
import { hint } from '../keys.js';

const BESIDE = matchMedia('(min-width: 64rem)');

export function edit(question, place) {
  const { record } = place;
  const texts = () => place.given()?.texts ?? {};
  const editor = inPlace((value, card) => place.give({ texts: { ...texts(), [card.id]: value } }));
  // Those that may be edited: the ones that stand first; any where none is better; none before that is known.
  const allowed = () => {
    const best = place.best();
    return record.cards.filter(({ id }) => best && (!best.length || best.includes(id)));
  };
  const isEdited = ({ id, text }) => texts()[id] !== undefined && texts()[id].trim() !== '' && texts()[id] !== text;
  const edited = () => allowed().find(isEdited);
  const open = (card) => {
    if (!card) return false;
    place.activate();
    editor.open(card, texts()[card.id] ?? card.text, card.body, `Your version of answer ${card.name}`);
    return true;
  };
  const button = (card, index) => h('button', {
    class: 'button command', type: 'button',
    onclick: () => {
      if (editor.owner() === card) editor.close();
      else open(card);
      paint();
    },
  }, ...(editor.owner() === card ? ['Done'] : [index === 0 && hint('edit'), `Edit answer ${card.name}`].filter(Boolean)));
  const buttons = h('div', { class: 'row' });
  const changes = h('div', { class: 'diff', dir: 'auto', role: 'group', 'aria-label': 'What you changed' });
  const paint = () => {
    const cards = allowed();
    if (!cards.includes(editor.owner())) editor.close();
    const focused = buttons.contains(document.activeElement) ? [...buttons.children].indexOf(document.activeElement) : -1;
    fill(buttons, [cards.map(({ id }) => id), editor.owner()?.id], () => (
      cards.length ? cards.map(button) : [h('p', { class: 'soft note' }, 'First choose the better answer.')]));
    if (focused >= 0) buttons.children[focused]?.focus();
    const card = edited();
    changes.replaceChildren(...(card ? pieces(card.text, texts()[card.id]) : []));
    if (editor.owner() && BESIDE.matches) changes.scrollIntoView({ block: 'nearest' });
  };
  return {
    writes: true,
    layout: 'rail',
    form: [buttons, changes],
    missing: () => {
      if (!allowed().length) return 'Choose the better answer first; that is the one to edit.';
      return edited() ? null : 'Change the answer where it can be better.';
    },
    values: () => [],
    wire: () => ({ candidate: edited().id, text: texts()[edited().id] }),
    act: (action) => action === 'edit' && open(edited() ?? allowed()[0]),
    update: paint,
  };
}

export const pieces = (before, after) => diff(before, after).map(({ kind, text }) => (
  kind === 'same' ? text : h(kind === 'gone' ? 'del' : 'ins', {}, text)));

// A text field that takes the place of what it edits.
export function inPlace(give) {
  let now = null;
  const close = () => {
    if (!now) return;
    const { field, hidden, owner } = now;
    now = null;
    field.remove();
    hidden.hidden = false;
    owner.element.classList.remove('editing');
  };
  return {
    owner: () => now?.owner ?? null,
    close,
    open: (owner, text, hidden, name) => {
      if (now?.owner !== owner) {
        close();
        const field = h('textarea', {
          class: 'in-place', dir: 'auto', 'aria-label': name, maxlength: 100000, oninput: () => give(field.value, owner),
        });
        field.value = text;
        field.rows = Math.min(24, Math.max(6, text.split('\n').length + 2));
        hidden.hidden = true;
        hidden.after(field);
        owner.element.classList.add('editing');
        now = { field, hidden, owner };
        give(text, owner);
      }
      now.field.focus();
    },
  };
}
