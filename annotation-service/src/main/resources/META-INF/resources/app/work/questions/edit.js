// The chosen answer, made better in its place; what changed is shown word by word.
import { h } from '../../api.js';
import { diff } from '../diff.js';
import { hint } from '../keys.js';

const BESIDE = matchMedia('(min-width: 64rem)');

export function edit(question, place) {
  const { record } = place;
  const texts = () => place.given()?.texts ?? {};
  const target = () => record.cardOf(place.main().best ? place.main().best() : record.cards[0].id);
  const editor = inPlace((value, card) => place.give({ texts: { ...texts(), [card.id]: value } }));
  const open = () => {
    const card = target();
    if (!card) return false;
    place.activate();
    editor.open(card, texts()[card.id] ?? card.text, card.body, `Your version of answer ${card.name}`);
    return true;
  };
  const button = h('button', {
    class: 'button command', type: 'button',
    onclick: () => {
      if (editor.isOpen()) editor.close();
      else open();
      paint();
    },
  });
  const changes = h('div', { class: 'diff', dir: 'auto', role: 'group', 'aria-label': 'What you changed' });
  const edited = () => {
    const card = target();
    const text = card && texts()[card.id];
    return text !== undefined && text.trim() && text !== card.text ? { candidate: card.id, text } : null;
  };
  const paint = () => {
    const card = target();
    editor.keepOnly(card);
    button.disabled = !card;
    button.replaceChildren(...(editor.isOpen() ? ['Done'] : [hint('edit'), card ? `Edit answer ${card.name}` : 'Edit the better answer']));
    changes.replaceChildren(...(edited() ? pieces(card.text, texts()[card.id]) : []));
    if (editor.isOpen() && BESIDE.matches) changes.scrollIntoView({ block: 'nearest' });
  };
  return {
    writes: true,
    layout: 'rail',
    form: [h('div', { class: 'row' }, button), changes],
    missing: () => {
      if (!target()) return 'Choose the better answer first; that is the one to edit.';
      return edited() ? null : 'Change the answer where it can be better.';
    },
    values: () => [],
    wire: edited,
    act: (action) => action === 'edit' && open(),
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
    isOpen: () => now !== null,
    keepOnly: (owner) => { if (now && now.owner !== owner) close(); },
    close,
    open: (owner, text, hidden, name) => {
      if (now?.owner !== owner) {
        close();
        const field = h('textarea', { class: 'in-place', dir: 'auto', 'aria-label': name, maxlength: 100000, oninput: () => give(field.value, owner) });
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
