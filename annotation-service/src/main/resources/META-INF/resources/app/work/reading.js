// What people read: text as it is or as Markdown, images and sound. Foreign text never becomes markup unsanitised.
import { h } from '../api.js';

const MARKS = /(^|\n)(#{1,6} |```|[-*] |\d+\. |> |\|.*\|)|\*\*\S|`[^`\n]+`|\[[^\]\n]+\]\([^)\n]+\)/;
let markdown = null;

// One text in its own frame. `formatted` tells whether Markdown is wanted when it is painted.
export class Reading {
  constructor(text) {
    this.text = text;
    this.element = h('div', { class: 'reading', dir: 'auto' }, text);
  }

  get looksFormatted() {
    return MARKS.test(this.text);
  }

  // As it is, with the pieces marked that are not the same elsewhere.
  mark(pieces) {
    this.element.classList.remove('markdown');
    this.element.replaceChildren(...pieces.map(({ kind, text }) => (kind === 'same' ? text : h('mark', { class: 'differs' }, text))));
  }

  async paint(formatted) {
    this.element.classList.toggle('markdown', formatted);
    if (!formatted) {
      this.element.replaceChildren(this.text);
      return;
    }
    markdown ??= import('./markdown.js');
    const { rendered } = await markdown;
    if (this.element.classList.contains('markdown')) this.element.replaceChildren(rendered(this.text));
  }
}

// Addresses that are looked at, not run.
const isShowable = ({ url }) => URL.canParse(url, location) && /^(https?|data):$/.test(new URL(url, location).protocol);

export function figures(media) {
  return media.filter(isShowable).map(({ type, url }, index) => {
    const name = `${type.split('/')[0]} ${index + 1}`;
    const figure = h('figure', {}, player(type, url, name));
    const instead = () => figure.replaceChildren(h('p', { class: 'soft' }, `This ${name} cannot be shown here. `, away(url, 'Open it alone')));
    figure.firstElementChild.addEventListener('error', instead);
    return figure;
  });
}

const away = (url, words) => h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, words);

function player(type, url, name) {
  if (type.startsWith('image/')) return h('img', { src: url, alt: `The ${name} of this task` });
  if (type.startsWith('audio/')) return h('audio', { src: url, controls: true, preload: 'metadata', 'aria-label': name });
  if (type.startsWith('video/')) return h('video', { src: url, controls: true, preload: 'metadata', 'aria-label': name });
  return away(url, name);
}
