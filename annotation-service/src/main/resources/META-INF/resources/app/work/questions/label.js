// One label, or several: chips that are all in sight.
import { labelled, oneOf, placeOf, someOf } from '../choices.js';

export function label(question, place) {
  const choose = (value) => place.give({ label: value }, { done: true });
  const chips = oneOf(question.text, labelled(question.labels), { look: 'chips labels', chosen: () => place.given()?.label, choose });
  return {
    form: chips.element,
    missing: () => (place.given() ? null : 'Choose a label first.'),
    values: () => [place.given().label],
    spoken: () => place.given().label,
    act: (action) => acted(chips.value(placeOf(action)), choose),
    update: chips.update,
  };
}

export function labels(question, place) {
  const { least, most } = question;
  const chosen = () => place.given()?.labels ?? [];
  const toggle = (value) => {
    const others = chosen().filter((other) => other !== value);
    const next = others.length < chosen().length ? others : [...chosen(), value];
    place.give({ labels: question.labels.filter((each) => next.includes(each)) });
  };
  const chips = someOf(question.text, labelled(question.labels), { look: 'chips labels', chosen: (value) => chosen().includes(value), toggle });
  return {
    form: chips.element,
    missing: () => {
      const fewest = Math.max(least ?? 1, question.required ? 0 : 1);
      if (chosen().length < fewest) return `Choose ${fewest} or more labels.`;
      return chosen().length > (most ?? question.labels.length) ? `Choose at most ${most} labels.` : null;
    },
    begun: () => chosen().length > 0,
    wire: () => ({ labels: chosen() }),
    spoken: () => chosen().join(', ') || 'Nothing chosen',
    values: chosen,
    act: (action) => acted(chips.value(placeOf(action)), toggle),
    update: chips.update,
  };
}

function acted(value, run) {
  if (value === undefined) return false;
  run(value);
  return true;
}
