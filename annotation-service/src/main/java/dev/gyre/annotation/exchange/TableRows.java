package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.annotation.export.AnswerWord;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.SampleDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rows of a table: a task in each, with the answers of one judgement where there are columns `answers.…`.
record TableRows(List<Question> questions) implements RowReading {

    @Override
    public Draft read(ObjectNode row) {
        var messages = Fields.nested(row, "messages");
        var candidates = Fields.nested(row, "candidates");
        var answers = new LinkedHashMap<String, JsonNode>();
        for (var question : questions) {
            Fields.find(row, "answers." + question.name())
                    .filter(word -> !word.isEmpty())
                    .ifPresent(word -> answers.put(
                            question.name(), AnswerWord.parse(question.kind().type(), word)));
        }
        return new Draft(
                Fields.text(row, "id"),
                Fields.text(row, "slice"),
                new SampleDocument(
                        Fields.require(row, "prompt", "text"),
                        Fields.text(row, "completion"),
                        candidates.isArray() ? Fields.texts(candidates) : List.of(),
                        Map.of(),
                        messages.isArray() ? Fields.messages(messages) : List.of()),
                // by majority there is nobody who said so
                answers.isEmpty() || row.has("judgements") ? List.of() : List.of(given(row, answers)));
    }

    private static Given given(ObjectNode row, Map<String, JsonNode> answers) {
        return new Given(
                Fields.text(row, "annotator"),
                Fields.text(row, "kind"),
                answers,
                Fields.text(row, "comment"),
                row.path("active_millis").asLong());
    }
}
