// Markdown as a document fragment: marked reads it, DOMPurify lets through only what is harmless to look at.
import { marked } from '/_static/marked/lib/marked.esm.js';
import DOMPurify from '/_static/dompurify/dist/purify.es.mjs';

const ALLOWED = {
  ALLOWED_TAGS: [
    'a', 'b', 'blockquote', 'br', 'code', 'del', 'details', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'img', 'kbd', 'li', 'ol', 'p',
    'pre', 's', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'u', 'ul',
  ],
  ALLOWED_ATTR: ['href', 'src', 'alt', 'title', 'start', 'align'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

export function rendered(text) {
  const fragment = DOMPurify.sanitize(marked.parse(text, { gfm: true, breaks: true, async: false }), ALLOWED);
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  for (const image of fragment.querySelectorAll('img')) {
    if (!image.src.startsWith('data:image/')) image.replaceWith(linked(image));
  }
  for (const heading of fragment.querySelectorAll('h1, h2, h3, h4, h5, h6')) heading.replaceWith(lowered(heading));
  for (const block of fragment.querySelectorAll('pre, table')) block.tabIndex = 0;
  for (const block of fragment.querySelectorAll('p, li, blockquote, td, th')) block.dir = 'auto';
  return fragment;
}

// An image from elsewhere would tell its server who is reading: it is a link.
function linked(image) {
  const link = document.createElement('a');
  Object.assign(link, { href: image.src, target: '_blank', rel: 'noopener noreferrer nofollow', textContent: `Image: ${image.alt || image.src}` });
  return link;
}

// Headings of a text do not mix with those of the page.
function lowered(heading) {
  const strong = document.createElement('p');
  strong.className = `heading ${heading.localName}`;
  strong.dir = 'auto';
  strong.append(...heading.childNodes);
  return strong;
}
