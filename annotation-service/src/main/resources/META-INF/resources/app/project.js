import { call, h, loginAgain, plural, toast, track } from './api.js';
import { offerExchange } from './exchange.js';
import { showGold } from './manage.js';
import { showQuality } from './quality.js';

const { project: id, manager } = document.body.dataset;
const place = document.getElementById('project');
const form = document.getElementById('freeze');

const words = { A: 'First answer better', B: 'Second answer better', tie: 'Tie', bad: 'Both bad' };
const number = (value) => (value === null || value === undefined ? '–' : value.toFixed(3));

function tile(label, value, note) {
  return h('div', { class: 'tile' }, h('dt', {}, label), h('dd', {}, value), note && h('dd', { class: 'note' }, note));
}

function bars(title, counts, name) {
  const entries = Object.entries(counts).sort((one, other) => other[1] - one[1]);
  if (!entries.length) return null;
  const most = entries[0][1];
  return h('section', { class: 'card' }, h('h2', {}, title),
    h('table', { class: 'bars' }, h('tbody', {}, entries.map(([key, count]) => {
      const bar = h('span', { class: 'fill' });
      bar.style.width = `${(100 * count) / most}%`;
      return h('tr', {}, h('th', { scope: 'row' }, name(key)), h('td', { class: 'bar-cell' }, bar), h('td', { class: 'count' }, count.toLocaleString('en')));
    }))));
}

function show({ progress, agreement, question, source }) {
  place.removeAttribute('aria-busy');
  place.replaceChildren(
    h('section', { class: 'card' },
      track('Judgements given', progress.judgements, progress.wanted),
      h('dl', { class: 'tiles' },
        tile('Tasks done', `${progress.done} / ${progress.tasks}`, progress.preparing ? `${progress.preparing} wait for their candidates` : null),
        tile('Judgements', `${progress.judgements} / ${progress.wanted}`),
        tile('Krippendorff α', number(agreement.krippendorffAlpha), agreement.overlapping ? `over ${plural(agreement.overlapping, 'task')} with two or more` : 'needs tasks that two people judged'),
        tile('Pairs that agree', agreement.rawAgreement === null ? '–' : `${Math.round(100 * agreement.rawAgreement)} %`)),
      progress.samples === 0 && progress.tasks === 0 && h('p', { class: 'soft' }, `No samples have arrived from source ${source} yet.`)),
    ...[
      question.type === 'DEMONSTRATION' ? null : bars('What most people said', agreement.undecided ? { ...agreement.majority, undecided: agreement.undecided } : agreement.majority, (key) => (question.type === 'PAIRWISE' ? words[key] : null) ?? (key === 'undecided' ? 'No majority' : key)),
      bars('Judgements by person', progress.byAnnotator, (key) => key.replace(/^annotator-/, '').slice(0, 8)),
      bars('Samples that are no task', progress.skipped, (key) => key.replaceAll('-', ' ')),
    ].filter(Boolean));
}

function datasetRow(dataset) {
  return h('tr', {},
    h('th', { scope: 'row' }, dataset.name),
    h('td', {}, new Date(dataset.createdAt).toLocaleString()),
    h('td', {}, `${dataset.train} + ${dataset.heldOut}`),
    h('td', {}, h('code', { title: dataset.merkleRoot }, dataset.merkleRoot.slice(0, 12))),
    h('td', {}, dataset.tainted.length ? h('span', { class: 'chip bad' }, `${dataset.tainted.length} withdrawn`) : ''));
}

async function showDatasets() {
  const datasets = (await call('GET', '/api/datasets')).filter((dataset) => dataset.project === id);
  document.getElementById('datasets').replaceChildren(...(datasets.length
    ? [h('table', { class: 'list' },
      h('thead', {}, h('tr', {}, ['Name', 'Frozen', 'Rows: train + held out', 'Merkle root', ''].map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, datasets.map(datasetRow)))]
    : []));
}

// Whoever is on a button of a part keeps it: it is painted again later.
const isInUse = (part) => document.getElementById(part).contains(document.activeElement);

async function refresh() {
  try {
    show(await call('GET', `/api/projects/${id}`));
    if (manager === 'true') {
      await showDatasets();
      if (!isInUse('quality')) await showQuality(id);
      if (!isInUse('gold')) await showGold(id);
    }
    setTimeout(refresh, 10_000);
  } catch (problem) {
    if (problem.status === 401) {
      toast('Your login has expired.', { action: { label: 'Log in again', run: () => loginAgain(refresh) }, seconds: 3600 });
    } else {
      toast(problem.message);
      setTimeout(refresh, 10_000);
    }
  }
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const dataset = await call('POST', `/api/projects/${id}/datasets`, {
      name: form.elements.name.value,
      heldOutShare: Number(form.elements.heldOutShare.value),
      seed: Number(form.elements.seed.value),
      purpose: 'TRAINING',
    });
    toast(`Frozen: ${plural(dataset.train, 'row')} to learn from, ${plural(dataset.heldOut, 'row')} held out.`, { kind: 'good' });
    await showDatasets();
  } catch (problem) {
    toast(problem.message);
  } finally {
    button.disabled = false;
  }
});

if (manager === 'true') offerExchange(id, async () => show(await call('GET', `/api/projects/${id}`)));
refresh();
