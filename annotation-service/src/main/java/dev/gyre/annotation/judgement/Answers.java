package dev.gyre.annotation.judgement;

import dev.gyre.annotation.project.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What one person says of a task, by question, in the order of the questions.
record Answers(SequencedMap<String, Answer> byQuestion) {

    Answers {
        byQuestion = new LinkedHashMap<>(byQuestion);
    }

    /// The answers that a request means.
    ///
    /// @throws IllegalArgumentException saying which question or field does not fit, and what would
    static Answers of(List<Question> questions, AnswerReader reader, Map<String, AnswerForm> given) {
        var names = questions.stream().map(Question::name).toList();
        for (var name : given.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("answers has '%s', must be of the questions %s".formatted(name, names));
            }
        }
        var answers = new LinkedHashMap<String, Answer>();
        Answer chosen = null;
        for (var question : questions) {
            var form = given.get(question.name());
            if (!isAsked(question, answers)) {
                if (form != null) {
                    throw new IllegalArgumentException("answers has '%s', which is asked only where '%s' was answered with %s"
                            .formatted(
                                    question.name(),
                                    question.when().orElseThrow().question(),
                                    question.when().orElseThrow().is()));
                }
            } else if (form != null) {
                var answer = reader.read(question, form, chosen);
                answers.put(question.name(), answer);
                chosen = answer instanceof Answer.Prefer || answer instanceof Answer.Ranked ? answer : chosen;
            } else if (question.required()) {
                throw new IllegalArgumentException("answers has no '%s': %s".formatted(question.name(), question.text()));
            }
        }
        return new Answers(answers);
    }

    private static boolean isAsked(Question question, Map<String, Answer> before) {
        return question.when()
                .map(when -> {
                    var answer = before.get(when.question());
                    return answer != null && answer.values().stream().anyMatch(when.is()::contains);
                })
                .orElse(true);
    }

    /// The answer to the first question, which is counted and told.
    Answer main() {
        return byQuestion.firstEntry().getValue();
    }

    /// The better wording of a candidate.
    Answer.@Nullable Edited edit() {
        for (var answer : byQuestion.values()) {
            if (answer instanceof Answer.Edited edited) {
                return edited;
            }
        }
        return null;
    }
}
