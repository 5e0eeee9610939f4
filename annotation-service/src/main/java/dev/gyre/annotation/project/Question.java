package dev.gyre.annotation.project;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What people are asked about each sample.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = Question.Pairwise.class, name = "PAIRWISE"),
    @Type(value = Question.Label.class, name = "LABEL"),
    @Type(value = Question.Demonstration.class, name = "DEMONSTRATION")
})
public sealed interface Question {

    /// The question in the words that the annotator reads.
    String text();

    /// Which of two answers is better, and how much: 1 slightly, 2 better, 3 much better; or a tie; or both are bad.
    record Pairwise(String text) implements Question {}

    /// Which one of these labels fits the text.
    record Label(String text, List<String> labels) implements Question {

        public Label {
            labels = List.copyOf(labels);
        }
    }

    /// What a good answer to the prompt is, written by the annotator.
    record Demonstration(String text) implements Question {}

    /// A question from the words of a request.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    static Question of(@Nullable String type, @Nullable String text, @Nullable List<String> labels) {
        var wording = text == null ? "" : text.strip();
        if (labels != null && !"LABEL".equals(type)) {
            throw new IllegalArgumentException(
                    "question.labels is given for type %s, is only for LABEL; leave it out".formatted(type));
        }
        return switch (type) {
            case "PAIRWISE" -> new Pairwise(wording.isEmpty() ? "Which answer is better?" : wording);
            case "LABEL" -> new Label(wording.isEmpty() ? "Which label fits?" : wording, checked(labels));
            case "DEMONSTRATION" -> new Demonstration(wording.isEmpty() ? "What would a good answer be?" : wording);
            case null, default ->
                throw new IllegalArgumentException(
                        "question.type is %s, must be PAIRWISE, LABEL or DEMONSTRATION".formatted(type));
        };
    }

    private static List<String> checked(@Nullable List<String> labels) {
        if (labels == null || labels.size() < 2 || labels.size() > 50) {
            throw new IllegalArgumentException(
                    "question.labels has %d labels, must have 2 to 50".formatted(labels == null ? 0 : labels.size()));
        }
        for (var label : labels) {
            if (label.isBlank() || label.length() > 100) {
                throw new IllegalArgumentException(
                        "question.labels has '%s', each label must have 1 to 100 characters".formatted(label));
            }
        }
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("question.labels has a label twice: %s".formatted(labels));
        }
        return labels;
    }
}
