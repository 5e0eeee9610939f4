// The kinds of questions. Each is a function (question, place) that gives
// { form, update(), act(action), missing(), values() } and, where it needs them, wire(), begun(), target(), best(), layout and writes:
// `place` is what it sees of the screen, `missing` says in words what is not answered, `values` is what conditions look at,
// `wire` is the answer as it is sent where that is not what is kept, `begun` tells whether an optional question has to be finished.
import { edit } from './questions/edit.js';
import { label, labels } from './questions/label.js';
import { pairwise } from './questions/pairwise.js';
import { ranking } from './questions/ranking.js';
import { rating } from './questions/rating.js';
import { spans } from './questions/spans.js';
import { demonstration, text } from './questions/text.js';
import { turns } from './questions/turns.js';

export const kinds = {
  PAIRWISE: pairwise, RANKING: ranking, RATING: rating, LABEL: label, LABELS: labels,
  SPANS: spans, TEXT: text, DEMONSTRATION: demonstration, EDIT: edit, TURNS: turns,
};
