package dev.gyre.eval.measure;

import org.jspecify.annotations.Nullable;

/// One metric on one slice of a suite.
///
/// @param slice `all` for the whole suite
/// @param rows rows that were compared
/// @param prompts different prompts among them: the independent pieces of evidence
/// @param paired missing where there is no champion
/// @param baseline what a guess scores that knows nothing of the text, for accuracies: of two answers the
/// longer one, of labels always the commonest
public record Comparison(
        String slice,
        Metric metric,
        int rows,
        int prompts,
        double candidate,
        @Nullable Paired paired,
        @Nullable Double baseline) {

    /// The slice that is the whole.
    public static final String ALL = "all";
}
