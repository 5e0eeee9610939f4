package dev.gyre.annotation.task;

import dev.gyre.annotation.project.Answering;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.SampleDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of a sample under the question of a project.
sealed interface Preparation {

    /// People may judge it.
    ///
    /// @param candidates the answers to be compared, none where the question compares nothing
    record Ready(List<String> candidates) implements Preparation {

        public Ready {
            candidates = List.copyOf(candidates);
        }
    }

    /// A model has to write the candidates first.
    record Ask(Answering answering) implements Preparation {}

    /// It is no task.
    ///
    /// @param reason one of a few words, for counting
    /// @param detail what was found and what to do
    record Skip(String reason, String detail) implements Preparation {}

    /// The rule: a pair is compared as the source has it; where there is none, the project's model is asked.
    static Preparation of(Question question, @Nullable Answering answering, SampleDocument sample) {
        return switch (question) {
            case Question.Label ignored -> new Ready(List.of());
            case Question.Demonstration ignored -> new Ready(List.of());
            case Question.Pairwise ignored -> ofPair(answering, sample.candidates());
        };
    }

    private static Preparation ofPair(@Nullable Answering answering, List<String> candidates) {
        if (candidates.size() == 2) {
            return new Ready(candidates);
        }
        if (candidates.size() > 2) {
            return new Skip(
                    "more-than-two-candidates",
                    "the sample has %d candidates, a pairwise question takes 2; map two columns in the source"
                            .formatted(candidates.size()));
        }
        if (answering != null) {
            return new Ask(answering);
        }
        return new Skip(
                "no-candidates",
                "the sample has %d candidates and the project names no model; map two candidate columns in the source or set candidates.model in the project"
                        .formatted(candidates.size()));
    }
}
