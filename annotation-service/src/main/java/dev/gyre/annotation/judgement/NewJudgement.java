package dev.gyre.annotation.judgement;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A judgement as it is sent: answers by the names of their questions, or the answer to the first question alone in the
/// fields beside it.
///
/// @param lease the lease that the task was taken with
/// @param answers by question
/// @param choice id of the better candidate; missing for a tie
/// @param strength 1 slightly, 2 better, 3 much better; 0 for a tie
/// @param bothBad no candidate is acceptable
/// @param label one of the project's labels
/// @param text the annotator's own answer
/// @param activeMillis time in focus, 0 where it was not measured
/// @param comment why, in the annotator's words
record NewJudgement(
        @Nullable String lease,
        @Nullable Map<String, AnswerForm> answers,
        @Nullable String choice,
        @Nullable Integer strength,
        @Nullable Boolean bothBad,
        @Nullable String label,
        @Nullable String text,
        @Nullable Long activeMillis,
        @Nullable String comment) {

    /// The forms by question.
    ///
    /// @param first the name of the first question
    Map<String, AnswerForm> forms(String first) {
        var alone = new AnswerForm(choice, strength, bothBad, null, null, null, label, null, null, null, text, null);
        if (answers == null) {
            return Map.of(first, alone);
        }
        if (!alone.given().isEmpty()) {
            throw new IllegalArgumentException(
                    "%s stands beside answers; put it into answers.%s".formatted(alone.given(), first));
        }
        return answers;
    }
}
