package dev.gyre.annotation.task;

import dev.gyre.annotation.project.Answering;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
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

    /// The rule: candidates are shown as the source has them; where it has too few, the project's model is asked.
    static Preparation of(List<Question> questions, @Nullable Answering answering, SampleDocument sample) {
        if (needsTurns(questions) && sample.messages().isEmpty()) {
            return new Skip(
                    "no-conversation",
                    "the sample has no messages, a TURNS question judges turns; map a column of messages in the source");
        }
        int fewest = Project.fewestCandidates(questions);
        int most = Project.mostCandidates(questions);
        var candidates = sample.candidates();
        if (fewest == 0) {
            return new Ready(List.of());
        }
        if (candidates.size() > most) {
            return new Skip(
                    most == 2 ? "more-than-two-candidates" : "too-many-candidates",
                    "the sample has %d candidates, the questions take %d at most; map %d columns in the source"
                            .formatted(candidates.size(), most, most));
        }
        if (candidates.size() >= fewest) {
            return new Ready(candidates);
        }
        if (answering != null) {
            return new Ask(answering);
        }
        return new Skip(
                "no-candidates",
                "the sample has %d candidates, the questions need %d, and the project names no model; map candidate columns in the source or set candidates.model in the project"
                        .formatted(candidates.size(), fewest));
    }

    private static boolean needsTurns(List<Question> questions) {
        return questions.stream()
                .anyMatch(question -> question.required() && question.kind() instanceof QuestionKind.Turns);
    }
}
