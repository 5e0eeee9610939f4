package dev.gyre.annotation.judgement;

import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.project.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one person says of one task.
sealed interface Verdict {

    int MOST_CHARACTERS = 100_000;

    /// What it comes to when judgements are counted; nothing where they cannot be compared.
    @Nullable
    String value();

    /// One answer is better.
    ///
    /// @param strength 1 slightly, 2 better, 3 much better
    record Prefer(String choice, int strength) implements Verdict {

        @Override
        public String value() {
            return choice;
        }
    }

    /// Neither answer is better.
    record Tie() implements Verdict {

        @Override
        public String value() {
            return Majority.TIE;
        }
    }

    /// No answer is acceptable.
    record BothBad() implements Verdict {

        @Override
        public String value() {
            return Majority.BAD;
        }
    }

    record Labelled(String label) implements Verdict {

        @Override
        public String value() {
            return label;
        }
    }

    record Demonstrated(String text) implements Verdict {

        @Override
        public @Nullable String value() {
            return null;
        }
    }

    /// The verdict that a request means.
    ///
    /// @param candidates ids of the task's candidates
    /// @throws IllegalArgumentException saying which field does not fit the question, and what would
    static Verdict of(Question question, List<String> candidates, NewJudgement given) {
        return switch (question) {
            case Question.Pairwise ignored -> {
                refuse("label", given.label(), "PAIRWISE");
                refuse("text", given.text(), "PAIRWISE");
                yield preference(candidates, given);
            }
            case Question.Label(var ignored, var labels) -> {
                refusePreference(given, "LABEL");
                refuse("text", given.text(), "LABEL");
                if (given.label() == null || !labels.contains(given.label())) {
                    throw new IllegalArgumentException(
                            "label is '%s', must be one of %s".formatted(given.label(), labels));
                }
                yield new Labelled(given.label());
            }
            case Question.Demonstration ignored -> {
                refusePreference(given, "DEMONSTRATION");
                refuse("label", given.label(), "DEMONSTRATION");
                yield new Demonstrated(text(given.text()));
            }
        };
    }

    private static Verdict preference(List<String> candidates, NewJudgement given) {
        boolean bothBad = Boolean.TRUE.equals(given.bothBad());
        if (given.choice() != null) {
            if (bothBad) {
                throw new IllegalArgumentException("bothBad and choice exclude each other; send one of them");
            }
            if (!candidates.contains(given.choice())) {
                throw new IllegalArgumentException(
                        "choice is '%s', must be the id of a candidate: %s".formatted(given.choice(), candidates));
            }
            int strength = given.strength() == null ? 1 : given.strength();
            if (strength < 1 || strength > 3) {
                throw new IllegalArgumentException(
                        "strength is %d with a choice, must be 1 to 3; leave out the choice and send 0 for a tie"
                                .formatted(strength));
            }
            return new Prefer(given.choice(), strength);
        }
        if (bothBad) {
            return new BothBad();
        }
        if (given.strength() == null || given.strength() != 0) {
            throw new IllegalArgumentException(
                    "choice is missing: send choice with strength 1 to 3, or strength 0 for a tie, or bothBad true");
        }
        return new Tie();
    }

    private static String text(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("text is empty, must be the answer that you would give");
        }
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "text has %d characters, at most %d".formatted(text.length(), MOST_CHARACTERS));
        }
        return text;
    }

    private static void refusePreference(NewJudgement given, String type) {
        refuse("choice", given.choice(), type);
        refuse("strength", given.strength(), type);
        refuse("bothBad", given.bothBad(), type);
    }

    private static void refuse(String field, @Nullable Object value, String type) {
        if (value != null) {
            throw new IllegalArgumentException(
                    "%s does not belong to a %s question; leave it out".formatted(field, type));
        }
    }
}
