// What is judged: the prompt or the conversation, and the answers side by side. It stays where it is while questions change.
import { h } from '../api.js';
import { diff } from './diff.js';
import { kept, keep } from './kept.js';
import { Reading, figures } from './reading.js';

const isPressed = (button) => button?.getAttribute('aria-pressed') === 'true';

const tool = (name, onclick) => h('button', { class: 'button ghost small', type: 'button', 'aria-pressed': 'false', onclick }, name);

const ROLES = { user: 'User', assistant: 'Assistant', system: 'System', tool: 'Tool' };

export class Record {
  constructor(task) {
    this.task = task;
    this.pair = task.candidates.length === 2;
    this.readings = [];
    this.turns = (task.messages ?? []).map((message, index) => this.turn(message, index));
    this.cards = task.candidates.map((candidate, index) => this.card(candidate, index));
    this.words = !this.turns.length && task.prompt ? this.reading(task.prompt) : null;
    this.prompt = h('section', { class: 'card prompt', 'aria-label': 'Prompt', tabindex: 0 },
      figures(task.media ?? []),
      this.turns.length > 0 && h('ol', { class: 'turns' }, this.turns.map(({ element }) => element)), this.words);
    this.answers = this.cards.length > 0 && h('div', { class: `answers of-${Math.min(this.cards.length, 4)}` }, this.cards.map(({ element }) => element));
    this.tools = h('div', { class: 'tools' }, this.formatToggle(), this.differencesToggle(), this.scrollToggle());
    this.element = h('div', { class: 'record' }, this.prompt, this.answers, this.tools);
    this.format(this.formatButton ? kept('formatted') ?? task.format === 'markdown' : false);
    this.together = kept('scroll-together') !== false;
    const watch = new ResizeObserver(() => this.offerToScroll());
    for (const { body } of this.cards) watch.observe(body);
  }

  // How an answer is called: A and B in a pair, else by number, which is also its key.
  name(id) {
    const place = this.task.candidates.findIndex((candidate) => candidate.id === id);
    return this.pair ? 'AB'[place] : String(place + 1);
  }

  cardOf(id) {
    return this.cards.find((card) => card.id === id);
  }

  // The text of the prompt gives its place to one that can be marked.
  putForWords(page) {
    if (this.words?.parentElement) this.words.replaceWith(page);
    else this.prompt.append(page);
    this.prompt.removeAttribute('tabindex');
  }

  turn({ role, content }, index) {
    const below = h('div', { class: 'below' });
    const body = this.reading(content);
    const element = h('li', { class: `turn ${role === 'user' ? 'user' : 'model'}`, 'data-turn': index },
      h('p', { class: 'role' }, ROLES[role] ?? role), body, below);
    return { index, role, content, element, body, below };
  }

  card({ id, text }, index) {
    const name = this.pair ? 'AB'[index] : String(index + 1);
    const verdict = h('span', { class: 'verdict' });
    const body = h('div', { class: 'body', tabindex: 0, role: 'group', 'aria-label': `Text of answer ${name}` },
      text.trim() ? this.reading(text) : h('p', { class: 'soft' }, 'This answer is empty.'));
    const header = h('header', {}, h('span', { class: 'side' }, name), verdict);
    const element = h('section', { class: 'card answer', 'aria-label': `Answer ${name}` }, header, body);
    body.addEventListener('scroll', () => this.follow(body), { passive: true });
    return { id, text, name, element, header, body, verdict };
  }

  reading(text) {
    const reading = new Reading(text);
    this.readings.push(reading);
    return reading.element;
  }

  // ---- text as it is, or formatted --------------------------------------------------------------------------------------

  formatToggle() {
    if (this.task.format !== 'markdown' && !this.readings.some((reading) => reading.looksFormatted)) return null;
    this.formatButton = tool('Formatted', () => {
      this.format(!this.formatted);
      keep('formatted', this.formatted);
    });
    return this.formatButton;
  }

  format(formatted) {
    this.formatted = formatted;
    this.formatButton?.setAttribute('aria-pressed', String(formatted));
    this.differenceButton?.setAttribute('aria-pressed', 'false');
    if (formatted || this.readings.some(({ element }) => element.classList.contains('markdown'))) {
      for (const reading of this.readings) reading.paint(formatted);
    }
  }

  // ---- the words in which two answers differ ----------------------------------------------------------------------------

  differencesToggle() {
    if (!this.pair || this.cards.some(({ text }) => !text.trim())) return null;
    this.differenceButton = tool('Differences', () => this.showDifferences(!isPressed(this.differenceButton)));
    return this.differenceButton;
  }

  showDifferences(shown) {
    this.differenceButton.setAttribute('aria-pressed', String(shown));
    const pieces = shown ? diff(this.cards[0].text, this.cards[1].text) : [];
    this.cards.forEach(({ body }, side) => {
      const reading = this.readings.find(({ element }) => body.contains(element));
      if (shown) reading.mark(pieces.filter(({ kind }) => kind === 'same' || kind === ['gone', 'new'][side]));
      else reading.paint(this.formatted);
    });
  }

  // ---- answers scrolled together ----------------------------------------------------------------------------------------

  scrollToggle() {
    if (this.cards.length < 2) return null;
    this.scrollButton = tool('Scroll together', () => {
      this.together = !this.together;
      keep('scroll-together', this.together);
    });
    this.scrollButton.classList.add('wide-only');
    return this.scrollButton;
  }

  // Together or apart makes no difference where everything is in sight.
  offerToScroll() {
    if (this.scrollButton) this.scrollButton.hidden = !this.cards.some(({ body }) => body.scrollHeight > body.clientHeight + 1);
  }

  get together() {
    return isPressed(this.scrollButton);
  }

  set together(together) {
    this.scrollButton?.setAttribute('aria-pressed', String(together));
  }

  // The others go as far, in parts of their length, as the one that is scrolled.
  follow(leader) {
    if (!this.together || leader.dataset.led) {
      delete leader.dataset.led;
      return;
    }
    const part = leader.scrollTop / Math.max(1, leader.scrollHeight - leader.clientHeight);
    for (const { body } of this.cards) {
      const top = Math.round(part * (body.scrollHeight - body.clientHeight));
      if (body === leader || Math.abs(body.scrollTop - top) < 1) continue;
      body.dataset.led = true;
      body.scrollTop = top;
    }
  }

  // A conversation is read from its end, where the answers go on.
  start() {
    if (this.turns.length && this.cards.length) this.prompt.scrollTop = this.prompt.scrollHeight;
  }

  scroll(pages) {
    const leader = this.cards.map(({ body }) => body).find((body) => body.scrollHeight > body.clientHeight + 1);
    if (!leader) return false;
    leader.scrollBy({ top: pages * leader.clientHeight * 0.85 });
    return true;
  }
}
