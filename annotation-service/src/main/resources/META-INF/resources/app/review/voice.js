// What one person said, in words and as something that can be marked.
import { h } from '../api.js';

const DEGREES = ['', 'slightly better', 'better', 'much better'];
const SEPARATOR = '\u001f';

// A counted value as people say it: names of answers as they stand on the page.
export function valueIn(value, strength, record) {
  if (value === null) return 'in words';
  if (!record.cards.length) return value.split(SEPARATOR).join(', ') || 'none';
  if (value === 'tie') return 'Tie';
  if (value === 'bad') return 'Both bad';
  const named = (id) => (record.cardOf(id) ? record.name(id) : id);
  if (record.cardOf(value)) return `${named(value)} ${DEGREES[Math.abs(strength)]}`.trim();
  if (value.includes('>') || record.cardOf(value.split('=')[0])) {
    return value.split('>').map((place) => place.split('=').map(named).join(' = ')).join(' › ');
  }
  return value.split(SEPARATOR).join(', ');
}

function others(judgement) {
  return judgement.answers.slice().sort((one, other) => one.question.localeCompare(other.question)).flatMap(({ question, value, text, data }) => {
    if (text) return [h('span', { class: 'words', dir: 'auto' }, text)];
    if (data.spans) return [h('span', { class: 'words' }, data.spans.map(({ start, end, label }) => `${label} ${start}–${end}`).join(', '))];
    return value !== null && value !== judgement.value ? [h('span', { class: 'words', dir: 'auto' }, `${question}: ${value.split(SEPARATOR).join(', ')}`)] : [];
  });
}

export function voice(judgement, record, mark) {
  const stands = !judgement.withdrawnAt;
  const words = valueIn(judgement.value, judgement.strength, record);
  const seconds = judgement.activeMillis ? ` · ${Math.round(judgement.activeMillis / 1000)} s` : '';
  const element = h('button', { class: 'voice', type: 'button', 'aria-pressed': 'false', disabled: !stands, onclick: mark },
    judgement.value !== null && h('span', { class: 'value', dir: 'auto' }, words),
    others(judgement),
    judgement.comment && h('span', { class: 'words soft', dir: 'auto' }, `“${judgement.comment}”`),
    h('span', { class: 'who' },
      h('span', { title: judgement.annotator }, `${judgement.annotator.replace(/^annotator-/, '').slice(0, 8)}${judgement.kind === 'HUMAN' ? '' : ` ${judgement.kind.toLowerCase()}`}`),
      h('span', {}, stands ? `${new Date(judgement.givenAt).toLocaleDateString('en')}${seconds}` : `withdrawn: ${judgement.withdrawnReason}`)));
  return { element, words, stands };
}
