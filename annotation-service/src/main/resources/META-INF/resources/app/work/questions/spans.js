// Parts of the text, each with a label; marked with the mouse, or word by word with the arrows.
import { h } from '../../api.js';
import { fill, labelled, placeOf, someOf } from '../choices.js';
import { hint } from '../keys.js';
import { chosenIn, codePoints, wordRanges } from '../offsets.js';

const TOUCH = matchMedia('(pointer: coarse)');

export function spans(question, place) {
  const text = place.task.prompt;
  const points = codePoints(text);
  const words = wordRanges(text);
  const given = () => place.given()?.spans ?? [];
  const hue = (label) => `hue-${question.labels.indexOf(label) % 8}`;
  let selected = null; // { start, end } in code points
  let cursor = null;   // { anchor, head } in words, while the arrows are used
  let brush = null;    // the label that the next selection gets

  const page = h('div', {
    class: 'reading spans', dir: 'auto', tabindex: 0, role: 'group',
    'aria-label': 'Text: arrows select words, with Shift several, digits give the label',
  });
  const status = h('p', { class: 'soft note', role: 'status' });
  const list = h('ul', { class: 'span-list', 'aria-label': 'Marked' });
  const chips = someOf(question.text, labelled(question.labels), {
    look: 'chips labels', chosen: (label) => label === brush, toggle: (label) => press(label),
  });

  const press = (label) => {
    if (selected) mark(label);
    else {
      brush = brush === label ? null : label;
      paint(brush ? `The next part that you select is ${brush}.` : '');
    }
  };
  const mark = (label) => {
    const { start, end } = selected;
    const isSame = (span) => span.start === start && span.end === end;
    const clash = !question.overlap && given().find((span) => span.start < end && start < span.end && !isSame(span));
    if (clash) {
      paint(`That overlaps “${slice(clash)}” (${clash.label}); remove it first.`);
      return;
    }
    const others = given().filter((span) => !isSame(span) || (question.overlap && span.label !== label));
    selected = null;
    getSelection().removeAllRanges();
    give([...others, { start, end, label }], `${label}: “${slice({ start, end })}”`);
  };
  const remove = (span) => give(given().filter((other) => other !== span), `“${slice(span)}” is no longer marked.`);
  const none = () => {
    if (given().length) {
      paint('Remove the marks first.');
      return;
    }
    const isNone = place.given() !== undefined;
    place.give(isNone ? undefined : { spans: [] });
    paint(isNone ? '' : 'Nothing is to be marked.');
  };
  const nothing = h('button', { class: 'button step', type: 'button', onclick: none }, hint('bad'), 'Nothing to mark');
  const give = (all, message) => {
    place.give(all.length ? { spans: all.sort((one, other) => one.start - other.start || one.end - other.end) } : undefined);
    paint(message);
  };
  const slice = ({ start, end }) => points.slice(start, end).join('');

  // ---- selecting --------------------------------------------------------------------------------------------------------

  const select = (range, message) => {
    selected = range;
    paint(message);
  };
  const listening = new AbortController();
  const on = (event, run) => document.addEventListener(event, () => {
    const range = page.isConnected ? chosenIn(page) : listening.abort();
    if (range) run(range);
  }, { signal: listening.signal });
  // The selection of the mouse is painted when it is done; that of a finger keeps its handles.
  on('pointerup', (range) => {
    cursor = null;
    place.activate();
    select(range, '');
    if (brush) mark(brush);
    else paint(`“${slice(range)}” is selected; choose its label.`);
  });
  on('selectionchange', (range) => {
    if (TOUCH.matches) selected = range;
  });
  const step = (by, extend) => {
    if (!words.length) return false;
    const head = cursor ? Math.min(words.length - 1, Math.max(0, cursor.head + by)) : by > 0 ? 0 : words.length - 1;
    cursor = { anchor: extend && cursor ? cursor.anchor : head, head };
    const [first, last] = [Math.min(cursor.anchor, head), Math.max(cursor.anchor, head)];
    select({ start: words[first].start, end: words[last].end }, '');
    paint(`“${slice(selected)}” is selected.`);
    return true;
  };

  // ---- painting ---------------------------------------------------------------------------------------------------------

  const paint = (message) => {
    chips.update();
    nothing.disabled = given().length > 0;
    nothing.setAttribute('aria-pressed', String(place.given()?.spans.length === 0));
    const ends = [...given(), ...(selected ? [selected] : [])].flatMap(({ start, end }) => [start, end]);
    const edges = [...new Set([0, ...ends, points.length])].sort((one, other) => one - other);
    page.replaceChildren(...edges.slice(1).map((end, index) => piece(edges[index], end)));
    fill(list, given(), () => given().map(listed));
    list.hidden = !given().length;
    if (message !== undefined) status.textContent = message;
    if (!status.textContent) status.replaceChildren('Select a part, then a label. ', byKey());
  };
  const byKey = () => h('span', { class: 'by-key' },
    h('kbd', {}, '←'), ' ', h('kbd', {}, '→'), ' select a word, with Shift several; ', hint('remove'), ' removes.');
  const listed = (span) => h('li', { class: hue(span.label) },
    h('span', { class: 'label', dir: 'auto' }, span.label), h('span', { class: 'grow quote', dir: 'auto' }, slice(span)),
    h('button', {
      class: 'button ghost tool', type: 'button', 'aria-label': `Remove ${span.label}: ${slice(span)}`,
      onclick: () => {
        remove(span);
        page.focus();
      },
    }, '×'));
  const piece = (start, end) => {
    const here = given().filter((span) => span.start <= start && end <= span.end);
    const chosen = selected && selected.start <= start && end <= selected.end;
    const content = points.slice(start, end).join('');
    if (!here.length && !chosen) return content;
    const last = here.at(-1);
    const tags = here.filter((span) => span.end === end)
      .map(({ label }) => h('span', { class: `tag ${hue(label)}`, 'data-tag': label, 'aria-hidden': 'true' }));
    const looks = [last && hue(last.label), here.length > 1 && 'several', chosen && 'selected'].filter(Boolean);
    return h('mark', { class: looks.join(' '), title: here.map(({ label }) => label).join(', ') || false }, content, tags);
  };
  place.record.putForWords(page);

  return {
    form: [chips.element, nothing, list, status],
    missing: () => (place.given() ? null : 'Mark a part of the text, or say that there is nothing to mark.'),
    values: () => [],
    target: () => page,
    act: (action, event) => {
      const index = placeOf(action);
      if (action === 'forward' || action === 'backward') return step(action === 'forward' ? 1 : -1, event?.shiftKey);
      if (index !== null && question.labels[index] !== undefined) press(question.labels[index]);
      else if (action === 'remove') removeHere();
      else if (action === 'bad') none();
      else return false;
      return true;
    },
    update: () => paint(),
  };

  function removeHere() {
    const span = selected ? given().find(({ start, end }) => start < selected.end && selected.start < end) : given().at(-1);
    if (span) remove(span);
  }
}
