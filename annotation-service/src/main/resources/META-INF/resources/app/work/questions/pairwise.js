// Which of two answers is better, on seven places from −3 to 3; or both are bad.
import { h } from '../../api.js';
import { oneOf, placeOf } from '../choices.js';
import { hint } from '../keys.js';

const SCALE = [
  ['A much better', 'A+++', 0, 3], ['A better', 'A++', 0, 2], ['A slightly better', 'A+', 0, 1], ['Tie', 'Tie', null, 0],
  ['B slightly better', 'B+', 1, 1], ['B better', 'B++', 1, 2], ['B much better', 'B+++', 1, 3],
];
const KEYS = { first: 1, tie: 3, second: 5 };

export function pairwise(question, place) {
  const { cards } = place.record;
  const at = () => {
    const answer = place.given();
    if (!answer || answer.bothBad) return -1;
    return SCALE.findIndex(([, , side, strength]) => strength === answer.strength && (side === null || cards[side].id === answer.choice));
  };
  const choose = (index) => {
    const [, , side, strength] = SCALE[index];
    place.give(side === null ? { strength: 0 } : { choice: cards[side].id, strength }, { done: true });
  };
  const isBad = () => place.given()?.bothBad === true;
  const bad = () => place.give(isBad() ? undefined : { bothBad: true }, { done: !isBad() });

  const scale = oneOf(question.text,
    SCALE.map(([name, short], index) => ({ value: index, name, short, action: `choose-${index + 1}` })),
    { look: 'scale', chosen: at, choose });
  const badButton = h('button', { class: 'button step bad', type: 'button', onclick: bad }, hint('bad'), 'Both bad');
  cards.forEach(({ element, name }, side) => {
    element.classList.add('choosable');
    element.addEventListener('click', ({ target }) => {
      if (!getSelection().toString() && !target.closest('a, button, textarea, summary')) choose(side ? 5 : 1);
    });
    element.querySelector('.side').replaceChildren(name);
  });

  return {
    form: [scale.element, badButton],
    missing: () => (at() < 0 && !isBad() ? 'Choose first: 1 to 7, or X if both are bad.' : null),
    values: () => [isBad() ? 'bad' : place.given().choice ?? 'tie'],
    spoken: () => (isBad() ? 'Both bad' : SCALE[at()]?.[0] ?? 'Nothing chosen'),
    act: (action) => {
      const index = KEYS[action] ?? placeOf(action);
      if (action === 'bad') bad();
      else if (index !== null && index < SCALE.length) choose(index);
      else return false;
      return true;
    },
    update: () => {
      scale.update();
      badButton.setAttribute('aria-pressed', String(isBad()));
      const [words = '', , chosen] = SCALE[at()] ?? [];
      cards.forEach(({ element, verdict }, side) => {
        element.classList.toggle('chosen', chosen === side);
        element.classList.toggle('bad', isBad());
        verdict.textContent = chosen === side ? words.slice(2) : isBad() ? 'bad' : '';
      });
    },
    best: () => [place.given().choice].filter(Boolean),
  };
}
