package dev.gyre.eval.measure;

import org.jspecify.annotations.Nullable;

/// One row of a suite, read by candidate and champion.
///
/// @param line line in the held-out file, from 1
/// @param task what the row was judged in
/// @param prompt number of its prompt in this suite: equal for equal prompts
/// @param champion missing where there is no champion
public record MeasuredRow(
        int line,
        String task,
        String slice,
        int prompt,
        RowScores candidate,
        @Nullable RowScores champion) {

    /// False where a model could not read the whole row: then neither is measured on it.
    public boolean comparable() {
        return !candidate.cut() && (champion == null || !champion.cut());
    }
}
