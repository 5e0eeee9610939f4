// Places in a text, counted in Unicode code points as the service counts them.
import { wordsOf } from './diff.js';

export const codePoints = (text) => Array.from(text);

// The words of a text, without the white space and the punctuation between them.
export function wordRanges(text) {
  let at = 0;
  return wordsOf(text).map((word) => {
    const start = at;
    at += codePoints(word).length;
    return { start, end: at, word };
  }).filter(({ word }) => /[\p{L}\p{N}\p{S}]/u.test(word));
}

// What the mouse has selected inside the text, without the white space around it.
export function chosenIn(page) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!page.contains(range.startContainer) || !page.contains(range.endContainer)) return null;
  const before = range.cloneRange();
  before.selectNodeContents(page);
  before.setEnd(range.startContainer, range.startOffset);
  const [lead, inside] = [before.toString(), range.toString()];
  const start = codePoints(lead).length + codePoints(inside).length - codePoints(inside.trimStart()).length;
  const end = start + codePoints(inside.trim()).length;
  return end > start ? { start, end } : null;
}
