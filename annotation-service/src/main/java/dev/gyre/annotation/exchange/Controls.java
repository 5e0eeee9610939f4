package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.project.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the question that another tool's control means, and collects the answers to it.
final class Controls {

    private final List<Question> questions;
    private final Map<String, ObjectNode> answers = new LinkedHashMap<>();

    Controls(List<Question> questions) {
        this.questions = questions;
    }

    /// The question of this name, else the only one of these types.
    Optional<Question> question(String control, Set<String> types) {
        var fitting = questions.stream()
                .filter(question -> types.contains(question.kind().type()))
                .toList();
        return fitting.stream()
                .filter(question -> question.name().equals(control))
                .findFirst()
                .or(() -> fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty());
    }

    /// The question and the candidate that a name such as `help-A` or `help_a` means.
    Optional<Question> each(String control, Set<String> types) {
        return questions.stream()
                .filter(question -> types.contains(question.kind().type()))
                .filter(question -> control.length() == question.name().length() + 2
                        && control.startsWith(question.name()))
                .findFirst();
    }

    ObjectNode answer(Question question) {
        return answers.computeIfAbsent(question.name(), unknown -> JsonNodeFactory.instance.objectNode());
    }

    void put(Question question, ObjectNode answer) {
        answers.put(question.name(), answer);
    }

    Map<String, JsonNode> answers() {
        return new LinkedHashMap<>(answers);
    }
}
