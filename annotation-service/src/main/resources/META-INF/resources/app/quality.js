// How good the judgements are: coefficients with their intervals, ways of finding a consensus, and what to look at by person.

import { call, h, plural } from './api.js';
import { withdrawButton } from './manage.js';

const names = {
  'krippendorff-alpha': 'Krippendorff α', 'gwet-ac1': 'Gwet AC1', 'gwet-ac2': 'Gwet AC2', 'fleiss-kappa': 'Fleiss κ',
  majority: 'Majority', 'dawid-skene': 'Dawid–Skene', mace: 'MACE', weighted: 'Votes weighted by MACE',
};
const number = (value, digits = 2) => (value === null || value === undefined ? '–' : value.toFixed(digits));
const percent = (value) => (value === null || value === undefined ? '–' : `${Math.round(100 * value)} %`);
const short = (annotator) => annotator.replace(/^annotator-/, '').slice(0, 8);

function share(one) {
  if (!one) return '–';
  return h('span', { title: `${one.hits} of ${one.trials}, ${percent(one.low)} to ${percent(one.high)}` }, percent(one.value));
}

function table(caption, heads, rows) {
  return h('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': caption }, h('table', { class: 'list figures' },
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, heads.map((head) => (head ? h('th', { scope: 'col' }, head) : h('td', {}))))),
    h('tbody', {}, rows)));
}

// A line from -1 to 1 with the interval on it: where it touches the middle, agreement may be chance.
function interval({ value, low, high }) {
  const place = (one) => `${50 + 50 * Math.max(-1, Math.min(1, one))}%`;
  const band = h('span', { class: 'band' });
  band.style.insetInlineStart = place(low);
  band.style.inlineSize = `calc(${place(high)} - ${place(low)})`;
  const dot = h('span', { class: 'dot' });
  dot.style.insetInlineStart = place(value);
  return h('span', { class: 'interval', 'aria-hidden': 'true' }, band, dot);
}

function coefficientRow({ name, scale, estimate }) {
  return h('tr', {},
    h('th', { scope: 'row' }, `${names[name] ?? name}, ${scale.toLowerCase()}`),
    h('td', {}, number(estimate?.value)),
    h('td', {}, estimate ? `${number(estimate.low)} to ${number(estimate.high)}` : '–'),
    h('td', { class: 'line' }, estimate ? interval(estimate) : ''));
}

function methodRow(method) {
  return h('tr', {},
    h('th', { scope: 'row' }, names[method.name] ?? method.name),
    h('td', {}, method.decided.toLocaleString('en')),
    h('td', {}, method.undecided.toLocaleString('en')),
    h('td', {}, percent(method.probability)),
    h('td', {}, percent(method.asMajority)));
}

function annotatorRows(one, refresh) {
  const row = h('tr', { class: one.remarks.length ? 'remarked' : null },
    h('th', { scope: 'row', title: one.annotator }, short(one.annotator), one.kind !== 'HUMAN' && h('span', { class: 'soft' }, ` ${one.kind.toLowerCase()}`)),
    h('td', {}, one.judged.toLocaleString('en')),
    h('td', {}, share(one.agreed)),
    h('td', {}, number(one.agreement.kappa)),
    h('td', {}, number(one.mace)),
    h('td', {}, share(one.gold)),
    h('td', {}, share(one.consistent)),
    h('td', {}, share(one.left)),
    h('td', {}, share(one.longer)),
    h('td', {}, one.activeMillis === null ? '–' : `${(one.activeMillis / 1000).toFixed(one.activeMillis < 10_000 ? 1 : 0)} s`),
    h('td', {}, share(one.hasty)),
    h('td', {}, withdrawButton(one.annotator, one.judged, refresh)));
  if (!one.remarks.length) return [row];
  return [row, h('tr', { class: 'remarks' }, h('td', { colspan: 12 }, one.remarks.map((remark) => h('p', {}, remark))))];
}

export async function showQuality(project) {
  const place = document.getElementById('quality');
  const report = await call('GET', `/api/projects/${project}/quality`);
  if (!report.annotators.length) {
    place.replaceChildren(h('p', { class: 'soft' }, 'Nobody has judged a task yet.'));
    return;
  }
  place.replaceChildren(...[
    report.overlapping
      ? h('p', { class: 'soft' }, `Over ${plural(report.overlapping, 'task')} that two people or more judged. Intervals hold nineteen times of twenty; 0 is chance.`)
      : h('p', { class: 'soft' }, 'No task has been judged by two people: agreement needs a project with more than one answer per item.'),
    report.overlapping && table('Agreement', ['Coefficient', 'Value', 'Interval', '−1 … 1'], report.coefficients.map(coefficientRow)),
    report.overlapping && table('Consensus', ['By', 'Decided', 'Open', 'Sure of it', 'As the majority'], report.consensus.map(methodRow)),
    report.writers.length > 1 && table('Models, by Bradley and Terry', ['Model', 'Comparisons', 'Strength', 'Weighted'], report.writers.map((writer) => h('tr', {},
      h('th', { scope: 'row' }, writer.model), h('td', {}, writer.comparisons.toLocaleString('en')), h('td', {}, number(writer.strength)), h('td', {}, number(writer.weighted))))),
    table('People', ['Annotator', 'Judged', 'Agrees', 'κ', 'Looks (MACE)', 'Gold', 'As before', 'Left', 'Longer', 'Time', 'Too fast', ''], report.annotators.flatMap((one) => annotatorRows(one, () => showQuality(project)))),
  ].filter(Boolean));
}
