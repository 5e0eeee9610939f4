// One task on the screen: what is read, what is asked about it, and the answers so far.
import { h } from '../api.js';
import { say } from './notices.js';
import { kinds } from './questions.js';
import { Record } from './record.js';

// Where a focused field would bring up a keyboard over half the page, the question is focused instead.
const TOUCH = matchMedia('(pointer: coarse)').matches;

export class Screen {
  constructor(task, draft, changed) {
    this.task = task;
    this.answers = { ...draft?.answers };
    this.comment = draft?.comment ?? '';
    this.flag = draft?.flag ?? '';
    this.activeMillis = draft?.activeMillis ?? 0;
    this.changed = changed;
    this.record = new Record(task);
    this.views = task.questions.map((question, index) => this.view(question, index));
    this.form = h('div', { class: 'questions' }, this.views.map(({ element }) => element));
    this.layout = this.views.length > 1 ? 'rail' : this.views[0].layout ?? 'bar';
    this.update();
    this.activate(this.views.find((view) => this.isAsked(view) && this.lacks(view)) ?? this.views[0], false);
  }

  view(question, index) {
    const view = {};
    const title = `question-${question.name}`;
    const mark = h('span', { class: 'mark-done', 'aria-hidden': 'true' });
    Object.assign(view, kinds[question.type](question, this.place(question, view)), { question, index, mark });
    view.element = h('section', {
      class: `asked type-${question.type.toLowerCase()}`, role: 'group', 'aria-labelledby': title, tabindex: -1,
      'data-question': question.name, onfocusin: () => this.activate(view, false),
    },
    h('h2', { id: title, dir: 'auto' }, mark, question.text, !question.required && h('span', { class: 'optional' }, ' optional')),
    question.help && h('p', { class: 'soft note', dir: 'auto' }, question.help), view.form);
    return view;
  }

  // What a question sees of the screen.
  place(question, view) {
    return {
      task: this.task,
      record: this.record,
      given: () => this.answers[question.name],
      give: (answer, { done = false } = {}) => this.give(view, answer, done),
      best: () => this.best(view),
      isActive: () => this.active === view,
      activate: () => this.activate(view, false),
    };
  }

  give(view, answer, done) {
    const { name } = view.question;
    if (answer === undefined) delete this.answers[name];
    else this.answers[name] = answer;
    this.activate(view, false);
    this.update();
    this.changed();
    if (view.spoken) say(view.spoken());
    const next = done && this.asked().find((other) => other.index > view.index && other.missing() !== null && (other.question.required || !other.writes));
    if (next) this.activate(next, true);
  }

  update() {
    for (const view of this.views) {
      view.element.hidden = !this.isAsked(view);
      view.element.classList.toggle('answered', view.missing() === null && view.question.name in this.answers);
      view.update();
    }
    if (this.active?.element.hidden) this.activate(this.views[0], false);
  }

  // ---- which questions are asked, and what they still want --------------------------------------------------------------

  isAsked({ question: { when } }) {
    if (!when) return true;
    const other = this.views.find(({ question }) => question.name === when.question);
    return this.isAsked(other) && other.missing() === null && other.values().some((value) => when.is.includes(value));
  }

  asked() {
    return this.views.filter((view) => this.isAsked(view));
  }

  lacks(view) {
    return view.missing() !== null && (view.question.required || view.begun?.());
  }

  missing() {
    const view = this.asked().find((candidate) => this.lacks(candidate));
    return view ? { view, message: view.missing() } : null;
  }

  body() {
    const comment = [this.flag && `Flagged: ${this.flag}`, this.comment.trim()].filter(Boolean).join('\n');
    const answers = this.asked().filter((view) => view.missing() === null).map((view) => [view.question.name, view.wire?.() ?? this.answers[view.question.name]]);
    return { lease: this.task.lease, answers: Object.fromEntries(answers), activeMillis: Math.round(this.activeMillis), ...(comment && { comment }) };
  }

  draft() {
    const { answers, comment, flag, activeMillis } = this;
    return { answers, comment, flag, activeMillis };
  }

  // What the comparison before a question says is best: some answers, [] for none of them, null where it is still to come.
  best(view) {
    const compared = this.views.findLast((other) => other.index < view.index && other.best && this.isAsked(other));
    if (!compared) return [];
    return compared.missing() === null ? compared.best() : null;
  }

  // ---- moving -----------------------------------------------------------------------------------------------------------

  // With `into`, a text that is wanted is written at once; a key that only moves stays a key.
  activate(view, focus, into = !TOUCH) {
    if (this.active !== view) {
      this.active?.element.classList.remove('active');
      this.active = view;
      view.element.classList.toggle('active', true);
      for (const each of this.views) each.update();
    }
    if (focus) {
      ((into ? view.target?.() : null) ?? view.element).focus({ preventScroll: true });
      view.element.scrollIntoView({ block: 'nearest' });
    }
  }

  move(step) {
    const asked = this.asked();
    const next = asked[asked.indexOf(this.active) + step];
    if (next) this.activate(next, true, !next.writes && !TOUCH);
    return Boolean(next);
  }

  // Places belong to the active question; a letter also finds the one question that knows it.
  act(action, event) {
    if (this.active.act(action, event)) return true;
    if (/^(choose-|forward|backward)/.test(action)) return false;
    return this.asked().some((view) => view !== this.active && view.act(action, event));
  }
}
