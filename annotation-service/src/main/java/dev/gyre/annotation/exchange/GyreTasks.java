package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.events.SampleDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tasks as we export them ourselves.
record GyreTasks() implements RowReading {

    @Override
    public Draft read(ObjectNode row) {
        var candidates = new ArrayList<String>();
        row.path("candidates").forEach(candidate -> candidates.add(Fields.require(candidate, "text")));
        var metadata = new HashMap<String, String>();
        row.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        var given = new ArrayList<Given>();
        row.path("judgements").forEach(judgement -> given.add(given(judgement)));
        return new Draft(
                Fields.text(row, "id"),
                Fields.text(row, "slice"),
                new SampleDocument(
                        Fields.require(row, "prompt"),
                        Fields.text(row, "completion"),
                        candidates,
                        metadata,
                        Fields.messages(row.path("messages"))),
                given);
    }

    private static Given given(JsonNode judgement) {
        return new Given(
                Fields.text(judgement, "annotator"),
                Fields.text(judgement, "kind"),
                answers(judgement.path("answers")),
                Fields.text(judgement, "comment"),
                judgement.path("activeMillis").asLong());
    }

    private static Map<String, JsonNode> answers(JsonNode answers) {
        var byQuestion = new LinkedHashMap<String, JsonNode>();
        answers.properties().forEach(answer -> byQuestion.put(answer.getKey(), answer.getValue()));
        return byQuestion;
    }
}
