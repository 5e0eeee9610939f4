// Words of the annotator's own: a remark, or the answer that people would want to get.
import { h, plural } from '../../api.js';
import { hint } from '../keys.js';

export const text = (question, place) => written(question, place, { rows: 3, placeholder: 'Write here.', missing: 'Write something first.', wanted: false });

export const demonstration = (question, place) => written(question, place, {
  rows: 10, placeholder: 'Write the answer that you would want to get.', missing: 'Write an answer first.', wanted: true,
});

function written(question, place, { rows, placeholder, missing, wanted }) {
  const length = h('span', { class: 'length' });
  const field = h('textarea', {
    rows, dir: 'auto', maxlength: 100000, placeholder, 'aria-labelledby': `question-${question.name}`,
    oninput: () => place.give(field.value ? { text: field.value } : undefined),
  });
  field.value = place.given()?.text ?? '';
  return {
    writes: true,
    layout: wanted ? 'page' : 'bar',
    form: h('div', { class: 'write' }, field, h('p', { class: 'soft note' },
      h('span', { class: 'by-key' }, hint('edit'), ' writes, ', h('kbd', {}, 'Esc'), ' leaves'),
      h('span', { class: 'grow' }), length)),
    missing: () => (place.given()?.text?.trim() ? null : missing),
    values: () => [],
    target: () => field,
    act: (action) => {
      if (action !== 'edit') return false;
      field.focus();
      return true;
    },
    update: () => {
      length.textContent = plural(field.value.length, 'character');
    },
  };
}
