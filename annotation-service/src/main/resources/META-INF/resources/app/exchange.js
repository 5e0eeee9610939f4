// Files out and in: formats to download in, and imports that show what they would do before they do it.

import { call, h, plural, Problem, toast } from './api.js';

const formats = {
  'trl-preference': { name: 'TRL preference', files: ['jsonl', 'parquet', 'csv'] },
  'trl-prompt-completion': { name: 'TRL prompt and completion', files: ['jsonl', 'parquet', 'csv'] },
  'trl-language-modeling': { name: 'TRL language modeling', files: ['jsonl', 'parquet', 'csv'] },
  'trl-unpaired': { name: 'TRL unpaired (KTO)', files: ['jsonl', 'parquet', 'csv'] },
  hh: { name: 'HH-RLHF transcripts', files: ['jsonl', 'parquet'] },
  alpaca: { name: 'Alpaca', files: ['json', 'jsonl'] },
  'alpaca-preference': { name: 'Alpaca preference', files: ['json', 'jsonl'] },
  sharegpt: { name: 'ShareGPT', files: ['json', 'jsonl'] },
  'sharegpt-preference': { name: 'ShareGPT preference', files: ['json', 'jsonl'] },
  'label-studio': { name: 'Label Studio', files: ['json'] },
  argilla: { name: 'Argilla records', files: ['json'] },
  prodigy: { name: 'Prodigy', files: ['jsonl'] },
  csv: { name: 'Table (CSV)', files: ['csv'] },
  parquet: { name: 'Table (Parquet)', files: ['parquet'] },
  gyre: { name: 'Gyre, everything', files: ['jsonl', 'json'] },
};

// These have every judgement in any case.
const whole = ['label-studio', 'argilla', 'prodigy', 'gyre'];

function choose(select, options, name) {
  select.replaceChildren(...options.map((option) => h('option', { value: option }, name(option))));
}

function offerExport(id, losses) {
  const form = document.getElementById('export');
  const { format, aggregate, file } = form.elements;
  choose(format, Object.keys(losses), (word) => formats[word]?.name ?? word);
  const show = () => {
    choose(file, formats[format.value]?.files ?? ['jsonl'], (word) => word.toUpperCase());
    aggregate.disabled = whole.includes(format.value);
    document.getElementById('losses').replaceChildren(...losses[format.value].map((loss) => h('li', {}, loss)));
  };
  format.addEventListener('change', show);
  show();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const query = new URLSearchParams({ format: format.value, aggregate: aggregate.value, file: file.value });
    // What comes is an attachment, so the page stays.
    location.assign(`/api/projects/${id}/export?${query}`);
  });
}

// Which format a file is in, as far as its name says it.
function guess(name) {
  if (name.endsWith('.csv')) return 'csv';
  if (name.endsWith('.parquet')) return 'parquet';
  return Object.keys(formats).sort((one, other) => other.length - one.length).find((word) => name.includes(word));
}

async function send(id, form, preview) {
  const { content, format, kind } = form.elements;
  const query = new URLSearchParams({ format: format.value, preview });
  if (kind.value) {
    query.set('judgements', 'true');
    query.set('kind', kind.value);
  }
  const end = content.files[0].name.split('.').pop();
  if (formats[format.value]?.files.includes(end)) query.set('file', end);
  const response = await fetch(`/api/projects/${id}/imports?${query}`, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/octet-stream', 'X-Requested-With': 'JavaScript' },
    body: content.files[0],
  });
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(response.status, answer?.detail ?? `The server answered ${response.status}. Try again in a moment.`);
  return answer;
}

const table = (caption, heads, rows) => h('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': caption },
  h('table', { class: 'list' }, h('caption', {}, caption),
    h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))), h('tbody', {}, rows)));

function report(found) {
  const said = [
    `${plural(found.rows, 'row')} read`,
    `${plural(found.tasks, 'task')} ${found.preview ? 'would be new' : 'new'}`,
    found.known && `${plural(found.known, 'row')} of tasks that are known`,
    found.judgements && plural(found.judgements, 'judgement'),
    found.refused && `${plural(found.refused, 'row')} refused`,
  ].filter(Boolean).join(', ');
  return [
    h('p', {}, `${said}.`),
    found.examples.length > 0 && table(found.preview ? 'The first tasks as they would look' : 'The first tasks', ['Row', 'Prompt', 'Candidates', 'Judgements'], found.examples.map((task) => h('tr', {},
      h('th', { scope: 'row' }, String(task.row)),
      h('td', {}, h('div', { class: 'answers', dir: 'auto' }, task.messages.length ? task.messages.map((turn) => `${turn.role}: ${turn.content}`).join('\n') : task.prompt)),
      h('td', {}, task.candidates.map((text, place) => h('div', { class: 'answers', dir: 'auto' }, `${String.fromCharCode(65 + place)}: ${text}`))),
      h('td', {}, task.judgements.map((answers) => h('div', { class: 'answers' }, Object.entries(answers).map(([question, answer]) => `${question}: ${JSON.stringify(answer)}`).join('\n'))))))),
    found.refusals.length > 0 && table('Rows that do not fit', ['Row', 'Why'], found.refusals.map(({ row, reason }) => h('tr', {}, h('th', { scope: 'row' }, String(row)), h('td', {}, reason)))),
  ].filter(Boolean);
}

function offerImport(id, words, done) {
  const form = document.getElementById('import');
  const [look, take] = form.querySelectorAll('button');
  const place = document.getElementById('import-report');
  choose(form.elements.format, words, (word) => formats[word]?.name ?? word);
  form.elements.content.addEventListener('change', () => {
    form.elements.format.value = guess(form.elements.content.files[0]?.name ?? '') ?? form.elements.format.value;
  });
  // What was looked at is no longer what would be taken in.
  form.addEventListener('change', () => {
    take.disabled = true;
    place.replaceChildren();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const preview = event.submitter !== take;
    look.disabled = true;
    take.disabled = true;
    try {
      const found = await send(id, form, preview);
      place.replaceChildren(...report(found));
      take.disabled = !preview || found.tasks + found.judgements === 0;
      if (!preview) {
        toast(`Imported: ${plural(found.tasks, 'task')}, ${plural(found.judgements, 'judgement')}.`, { kind: 'good' });
        done();
      }
    } catch (problem) {
      place.replaceChildren();
      toast(problem.message);
    } finally {
      look.disabled = false;
    }
  });
}

export async function offerExchange(id, done) {
  try {
    const losses = await call('GET', `/api/projects/${id}/export/losses`);
    offerExport(id, losses);
    offerImport(id, Object.keys(losses), done);
  } catch (problem) {
    toast(problem.message);
  }
}
