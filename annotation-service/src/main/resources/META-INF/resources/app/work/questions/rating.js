// A number on a scale, for the task or for each answer.
import { h } from '../../api.js';
import { oneOf, placeOf } from '../choices.js';

export function rating(question, place) {
  const points = Array.from({ length: question.to - question.from + 1 }, (_, index) => question.from + index);
  return question.each ? eachAnswer(question, points, place) : oneNumber(question, points, place);
}

// A key stands for the number itself where all of them have one digit, else for the place on the scale.
const byDigit = (points) => points[0] >= 0 && points.at(-1) <= 10;

function pointOf(action, points) {
  const place = placeOf(action);
  if (place === null) return undefined;
  const wanted = byDigit(points) ? (place + 1) % 10 : points[place];
  return points.includes(wanted) ? wanted : undefined;
}

const options = (points, keys) => points.map((point, index) => {
  const digit = byDigit(points) ? point : index < 10 ? (index + 1) % 10 : 10;
  return { value: point, text: String(point), action: keys && !byDigit(points) && digit < 10 ? `choose-${digit}` : null };
});

function oneNumber(question, points, place) {
  const choose = (point) => place.give({ rating: point }, { done: true });
  const scale = oneOf(question.text, options(points, true), { look: 'points', chosen: () => place.given()?.rating, choose });
  return {
    form: scale.element,
    missing: () => (place.given() ? null : `Choose a number from ${question.from} to ${question.to}.`),
    values: () => [String(place.given().rating)],
    spoken: () => String(place.given().rating),
    act: (action) => {
      const point = pointOf(action, points);
      if (point === undefined) return false;
      choose(point);
      return true;
    },
    update: scale.update,
  };
}

function eachAnswer(question, points, place) {
  const { cards } = place.record;
  const ratings = () => place.given()?.ratings ?? {};
  const left = () => cards.filter(({ id }) => ratings()[id] === undefined);
  let at = Math.max(0, cards.findIndex(({ id }) => ratings()[id] === undefined));
  const choose = (index, point) => {
    const all = { ...ratings(), [cards[index].id]: point };
    at = Math.min(index + 1, cards.length - 1);
    place.give({ ratings: all }, { done: cards.every(({ id }) => all[id] !== undefined) });
  };
  const rows = cards.map(({ id, name }, index) => {
    const scale = oneOf(`${question.text} Answer ${name}`, options(points, false), {
      look: 'points', chosen: () => ratings()[id], choose: (point) => choose(index, point),
    });
    const here = () => {
      at = index;
      paint();
    };
    const element = h('div', { class: 'rated', onfocusin: here }, h('span', { class: 'side' }, name), scale.element);
    return { element, update: scale.update };
  });
  const paint = () => rows.forEach(({ element, update }, index) => {
    update();
    element.classList.toggle('here', place.isActive() && index === at);
  });
  return {
    layout: 'rail',
    form: h('div', { class: 'matrix' }, rows.map(({ element }) => element)),
    missing: () => (left().length ? `Rate every answer from ${question.from} to ${question.to}; left: ${left().map(({ name }) => name).join(', ')}.` : null),
    begun: () => Object.keys(ratings()).length > 0,
    values: () => [Object.keys(ratings()).sort().map((id) => `${id}=${ratings()[id]}`).join('\u001F')],
    spoken: () => cards.filter(({ id }) => ratings()[id] !== undefined).map(({ id, name }) => `${name}: ${ratings()[id]}`).join(', '),
    act: (action) => {
      const step = { forward: 1, backward: -1 }[action];
      const point = pointOf(action, points);
      if (step && cards[at + step]) at += step;
      else if (point !== undefined) choose(at, point);
      else return false;
      paint();
      return true;
    },
    update: paint,
  };
}
