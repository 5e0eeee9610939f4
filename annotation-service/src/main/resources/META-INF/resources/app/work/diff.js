// What changed between two texts, word by word: Myers, "An O(ND) difference algorithm and its variations" (1986).
const MOST_CHANGES = 500;
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

export const wordsOf = (text) => [...words.segment(text)].map(({ segment }) => segment);

// Pieces in order, each { kind: 'same' | 'gone' | 'new', text }.
export function diff(before, after) {
  const [from, to] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  return joined([
    ...from.slice(0, start).map((text) => ({ kind: 'same', text })),
    ...changes(from.slice(start, from.length - end), to.slice(start, to.length - end)),
    ...from.slice(from.length - end).map((text) => ({ kind: 'same', text })),
  ]);
}

function changes(from, to) {
  const replaced = [...from.map((text) => ({ kind: 'gone', text })), ...to.map((text) => ({ kind: 'new', text }))];
  if (!from.length || !to.length) return replaced;
  const trace = furthest(from, to);
  return trace ? walked(from, to, trace) : replaced;
}

// The furthest point on each diagonal after 0, 1, 2 … changes; null where the texts have hardly a word in common.
function furthest(from, to) {
  const reach = new Map([[1, 0]]);
  const trace = [];
  for (let count = 0; count <= Math.min(from.length + to.length, MOST_CHANGES); count++) {
    trace.push(new Map(reach));
    for (let diagonal = -count; diagonal <= count; diagonal += 2) {
      let x = downwards(reach, diagonal, count) ? reach.get(diagonal + 1) : reach.get(diagonal - 1) + 1;
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x++;
      reach.set(diagonal, x);
      if (x >= from.length && x - diagonal >= to.length) return trace;
    }
  }
  return null;
}

const downwards = (reach, diagonal, count) =>
  diagonal === -count || (diagonal !== count && reach.get(diagonal - 1) < reach.get(diagonal + 1));

function walked(from, to, trace) {
  const pieces = [];
  let [x, y] = [from.length, to.length];
  for (let count = trace.length - 1; count >= 0; count--) {
    const reach = trace[count];
    const diagonal = x - y;
    const before = downwards(reach, diagonal, count) ? diagonal + 1 : diagonal - 1;
    const [atX, atY] = count ? [reach.get(before), reach.get(before) - before] : [0, 0];
    while (x > atX && y > atY) {
      pieces.push({ kind: 'same', text: from[--x] });
      y--;
    }
    if (count && x > atX) pieces.push({ kind: 'gone', text: from[--x] });
    else if (count) pieces.push({ kind: 'new', text: to[--y] });
  }
  return pieces.reverse();
}

function joined(pieces) {
  const result = [];
  for (const piece of pieces) {
    if (result.at(-1)?.kind === piece.kind) result.at(-1).text += piece.text;
    else result.push({ ...piece });
  }
  return result;
}
