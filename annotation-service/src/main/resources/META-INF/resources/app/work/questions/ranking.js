// All answers from best to worst; equals share a place.
import { h } from '../../api.js';
import { fill, placeOf, someOf } from '../choices.js';
import { draggable } from '../dragging.js';
import { hint } from '../keys.js';

const ORDINAL = ['1st', '2nd', '3rd', '4th', '5th', '6th', '7th', '8th', '9th'];

export function ranking(question, place) {
  const ids = place.task.candidates.map(({ id }) => id);
  const tiers = () => place.given()?.ranking ?? [];
  const tierOf = (id) => tiers().findIndex((tier) => tier.includes(id));
  const left = () => ids.filter((id) => tierOf(id) < 0);
  const without = (id) => tiers().map((tier) => tier.filter((other) => other !== id)).filter((tier) => tier.length);
  const give = (ranking) => place.give(ranking.length ? { ranking } : undefined, { done: ranking.flat().length === ids.length });

  // The next place is for this one; the last that is left takes the last place by itself.
  const toggle = (id) => {
    if (tierOf(id) >= 0) return give(without(id));
    const last = left().length === 2 ? left().filter((other) => other !== id).map((other) => [other]) : [];
    return give([...tiers(), [id], ...last]);
  };
  // Joins the place above, or leaves its equals for a place below them.
  const tie = (id) => {
    const at = tierOf(id);
    const order = tiers().map((tier) => [...tier]);
    if (order[at].length > 1) {
      order[at] = order[at].filter((other) => other !== id);
      order.splice(at + 1, 0, [id]);
    } else if (at > 0) {
      order[at - 1].push(...order.splice(at, 1)[0]);
    }
    give(order);
  };
  const move = (id, step) => {
    const at = tierOf(id);
    const alone = tiers()[at].length === 1;
    const order = without(id);
    order.splice(Math.max(0, alone ? at + step : at + (step > 0 ? 1 : 0)), 0, [id]);
    give(order);
  };

  const name = (id) => `Answer ${place.record.name(id)}`;
  const choices = someOf('The next best answer',
    ids.map((id, index) => ({ value: id, name: name(id), action: `choose-${index + 1}` })),
    { chosen: (id) => tierOf(id) >= 0, toggle });
  const list = h('ol', { class: 'ranking', 'aria-label': 'Ranking, best first' });
  draggable(list, (id, other, side) => {
    const order = without(id);
    const at = order.findIndex((tier) => tier.includes(other));
    if (side === 'onto') order[at].push(id);
    else order.splice(side === 'before' ? at : at + 1, 0, [id]);
    give(order);
  });
  const row = (id, at) => h('li', { class: 'rank', 'data-id': id, draggable: 'true' },
    h('span', { class: 'ordinal' }, ORDINAL[at]), h('span', { class: 'grow' }, name(id)),
    tool(id, '↑', 'better', () => move(id, -1), at === 0 && tiers()[0].length === 1),
    tool(id, '↓', 'worse', () => move(id, 1), at === tiers().length - 1 && tiers()[at].length === 1),
    tool(id, '=', tiers()[at].length > 1 ? 'no longer a tie' : 'tie with the one above', () => tie(id), at === 0 && tiers()[0].length === 1));
  const tool = (id, sign, meaning, run, disabled) => h('button', {
    class: 'button ghost tool', type: 'button', disabled, title: meaning, 'aria-label': `${name(id)}: ${meaning}`, 'data-tool': sign,
    onclick: () => {
      run();
      list.querySelector(`[data-id="${CSS.escape(id)}"] [data-tool="${sign}"]:not(:disabled)`)?.focus();
    },
  }, sign);

  return {
    layout: 'rail',
    form: [choices.element, list, h('p', { class: 'soft note' },
      'Best first. ', h('span', { class: 'by-key' }, hint('tie'), ' ties the last one with the one above.'))],
    missing: () => (left().length ? `Rank every answer; left: ${left().map(place.record.name, place.record).join(', ')}.` : null),
    begun: () => tiers().length > 0,
    values: () => [tiers().map((tier) => [...tier].sort().join('=')).join('>')],
    spoken: () => tiers().map((tier, at) => `${ORDINAL[at]}: ${tier.map((id) => place.record.name(id)).join(' and ')}`).join(', '),
    act: (action) => {
      const index = placeOf(action);
      if (index !== null && index < ids.length) toggle(ids[index]);
      else if (action === 'tie' && tiers().length) tie(tiers().at(-1).at(-1));
      else return false;
      return true;
    },
    update: () => {
      choices.update();
      list.hidden = !tiers().length;
      fill(list, tiers(), () => tiers().flatMap((tier, at) => tier.map((id) => row(id, at))));
      for (const { id, element, verdict } of place.record.cards) {
        const at = tierOf(id);
        verdict.textContent = at < 0 ? '' : ORDINAL[at];
        element.classList.toggle('chosen', at === 0);
      }
    },
    best: () => tiers()[0],
  };
}
