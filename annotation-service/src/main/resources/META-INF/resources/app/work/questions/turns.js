// A conversation, turn by turn: a label for each, and a better wording where one is needed.
import { h } from '../../api.js';
import { fill, labelled, oneOf, placeOf } from '../choices.js';
import { hint } from '../keys.js';
import { inPlace, pieces } from './edit.js';

export function turns(question, place) {
  const all = place.record.turns;
  const judged = all.some(({ role }) => role === 'assistant') ? all.filter(({ role }) => role === 'assistant') : all;
  const given = () => place.given()?.turns ?? [];
  const of = (index) => given().find(({ turn }) => turn === index) ?? { turn: index };
  let at = 0;

  const give = (index, change) => {
    const next = { ...of(index), ...change };
    const others = given().filter(({ turn }) => turn !== index);
    const kept = next.label !== undefined || next.rewrite !== undefined ? [...others, next] : others;
    place.give(kept.length ? { turns: kept.sort((one, other) => one.turn - other.turn) } : undefined);
  };
  const editor = inPlace((text, { index, content }) => give(index, { rewrite: text.trim() && text !== content ? text : undefined }));
  const rewrite = (row) => {
    at = rows.indexOf(row);
    editor.open(row.turn, of(row.turn.index).rewrite ?? row.turn.content, row.turn.body, `Your version of turn ${row.turn.index + 1}`);
  };
  const choose = (row, label) => {
    at = rows.indexOf(row);
    give(row.turn.index, { label: of(row.turn.index).label === label ? undefined : label });
  };
  const rows = judged.map((turn) => {
    const row = { turn };
    const chips = question.labels?.length && oneOf(`Label of turn ${turn.index + 1}`, labelled(question.labels), {
      look: 'chips labels', chosen: () => of(turn.index).label, choose: (label) => choose(row, label),
    });
    const button = h('button', {
      class: 'button ghost small', type: 'button',
      onclick: () => {
        if (turn.element.classList.contains('editing')) editor.close();
        else rewrite(row);
        paint();
      },
    });
    const changes = h('div', { class: 'diff', dir: 'auto', role: 'group', 'aria-label': `What you changed in turn ${turn.index + 1}` });
    turn.below.append(h('div', { class: 'row' }, chips && chips.element, button), changes);
    turn.element.addEventListener('focusin', () => { at = rows.indexOf(row); place.activate(); paint(); });
    turn.element.addEventListener('click', () => { at = rows.indexOf(row); place.activate(); paint(); });
    return Object.assign(row, { chips, button, changes });
  });
  const isDone = ({ turn: { index } }) => of(index).label !== undefined || of(index).rewrite !== undefined;
  const done = () => rows.filter(isDone).length;
  const progress = h('p', { class: 'soft note' });
  const paint = () => {
    rows.forEach(({ turn, chips, button, changes }, index) => {
      const { rewrite: text } = of(turn.index);
      const here = place.isActive() && index === at;
      if (chips) chips.update();
      turn.element.classList.toggle('here', here);
      const editing = turn.element.classList.contains('editing');
      fill(button, editing, () => (editing ? ['Done'] : [hint('edit'), 'Rewrite']));
      changes.replaceChildren(...(text === undefined ? [] : pieces(turn.content, text)));
    });
    progress.replaceChildren(`${done()} of ${rows.length} turns. `,
      h('span', { class: 'by-key' }, h('kbd', {}, '←'), ' ', h('kbd', {}, '→'), ' go from turn to turn.'));
  };
  return {
    form: progress,
    missing: () => {
      if (question.labels?.length && done() < rows.length) return `Judge every turn of the assistant; ${rows.length - done()} left.`;
      return done() ? null : 'Rewrite a turn first.';
    },
    begun: () => done() > 0,
    values: () => [],
    act: (action) => {
      const step = { forward: 1, backward: -1 }[action];
      const index = placeOf(action);
      if (step && rows[at + step]) {
        at += step;
        rows[at].turn.element.scrollIntoView({ block: 'nearest' });
      } else if (action === 'edit') rewrite(rows[at]);
      else if (index !== null && question.labels?.[index] !== undefined) choose(rows[at], question.labels[index]);
      else return false;
      paint();
      return true;
    },
    update: paint,
  };
}
