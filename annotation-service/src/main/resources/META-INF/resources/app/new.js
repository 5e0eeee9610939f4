// A project from a template: the template gives the questions, the manager the rest.
import { call, h, loginAgain, questionNames, toast } from './api.js';

const form = document.getElementById('new');
const place = document.getElementById('templates');
const field = (name) => form.elements[name];
let templates = [];
let guidelinesOf = ''; // what a template wrote, as long as nobody has changed it

function card(template, index) {
  const id = `template-${template.id}`;
  return h('label', { class: 'template', for: id },
    h('input', { type: 'radio', id, name: 'template', value: template.id, checked: index === 0, onchange: () => choose(template) }),
    h('strong', {}, template.name),
    h('span', { class: 'soft' }, template.summary),
    h('span', { class: 'asks' }, [...new Set(template.questions.map(({ type }) => questionNames[type]))].map((name) => h('span', { class: 'chip' }, name))));
}

function choose(template) {
  field('answersPerItem').value = template.answersPerItem;
  document.getElementById('model-field').hidden = template.candidates === 0;
  const guidelines = field('guidelines');
  if (!guidelines.value.trim() || guidelines.value === guidelinesOf) guidelines.value = template.guidelines;
  guidelinesOf = template.guidelines;
}

async function start() {
  try {
    templates = await call('GET', '/api/templates');
    place.replaceChildren(...templates.map(card));
    place.removeAttribute('aria-busy');
    choose(templates[0]);
  } catch (problem) {
    explain(problem, start);
  }
}

function explain(problem, goOn) {
  if (problem.status === 401) {
    toast('Your login has expired.', { action: { label: 'Log in again', run: () => loginAgain(goOn) }, seconds: 3600 });
  } else {
    toast(problem.message);
  }
}

async function create() {
  const template = templates.find(({ id }) => id === field('template').value);
  const model = template.candidates ? field('model').value.trim() : '';
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const project = await call('POST', '/api/projects', {
      name: field('name').value,
      source: field('source').value,
      answersPerItem: Number(field('answersPerItem').value),
      guidelines: field('guidelines').value,
      questions: template.questions,
      ...(model && { candidates: { model, count: template.candidates } }),
    });
    const overlap = Number(field('overlap').value) / 100;
    if (overlap < 1) await call('PUT', `/api/projects/${project.id}/assignment`, { overlap });
    location.assign(`/projects/${project.id}`);
  } catch (problem) {
    explain(problem, create);
    button.disabled = false;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  create();
});
field('source').value = new URLSearchParams(location.search).get('source') ?? '';
start();
