package dev.gyre.annotation.judgement;

import org.jspecify.annotations.Nullable;

/// A judgement as it is sent; which fields must be there depends on the question.
///
/// @param lease the lease that the task was taken with
/// @param choice id of the better candidate; missing for a tie
/// @param strength 1 slightly, 2 better, 3 much better; 0 for a tie
/// @param bothBad no candidate is acceptable
/// @param label one of the project's labels
/// @param text the annotator's own answer
/// @param activeMillis time in focus, 0 where it was not measured
/// @param comment why, in the annotator's words
record NewJudgement(
        @Nullable String lease,
        @Nullable String choice,
        @Nullable Integer strength,
        @Nullable Boolean bothBad,
        @Nullable String label,
        @Nullable String text,
        @Nullable Long activeMillis,
        @Nullable String comment) {}
