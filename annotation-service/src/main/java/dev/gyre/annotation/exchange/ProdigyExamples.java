package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.events.SampleDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Examples as Prodigy has them; what was ignored is a task without a judgement.
record ProdigyExamples(List<Question> questions) implements RowReading {

    @Override
    public Draft read(ObjectNode row) {
        var main = questions.getFirst();
        var candidates = new ArrayList<String>();
        if (main.kind().fewestCandidates() > 0) {
            row.path("options").forEach(option -> candidates.add(Fields.require(option, "text")));
        }
        var controls = new Controls(questions);
        if (!row.path("answer").asText("accept").equals("ignore")) {
            questions.forEach(question -> answer(controls, question, row));
        }
        var answers = controls.answers();
        return new Draft(
                Fields.text(row.path("meta"), "id"),
                Fields.text(row.path("meta"), "slice"),
                new SampleDocument(Fields.require(row, "text"), null, candidates, Map.of()),
                answers.isEmpty()
                        ? List.of()
                        : List.of(new Given(
                                Fields.find(row, "_annotator_id", "_session_id").orElse(null), answers)));
    }

    private static void answer(Controls controls, Question question, ObjectNode row) {
        var accept = row.path("accept");
        switch (question.kind()) {
            case QuestionKind.Pairwise() -> {
                if (row.has("accept") || row.path("answer").asText().equals("reject")) {
                    controls.put(question, preference(row));
                }
            }
            case QuestionKind.Label(var labels) -> {
                if (accept.size() == 1 && labels.contains(accept.path(0).asText())) {
                    controls.answer(question).set("label", accept.path(0));
                } else if (row.path("label").isTextual()
                        && !row.path("answer").asText().equals("reject")) {
                    controls.answer(question).set("label", row.path("label"));
                }
            }
            case QuestionKind.Labels(var labels, var _, var _) -> {
                if (row.has("accept") && labels.containsAll(Fields.texts(accept))) {
                    controls.answer(question).set("labels", accept);
                }
            }
            case QuestionKind.Rating rating when !rating.each() -> {
                if (accept.path(0).asText().matches("-?[0-9]+")) {
                    controls.answer(question).put("rating", accept.path(0).asInt());
                }
            }
            case QuestionKind.Spans _ -> spans(controls, question, row.path("spans"));
            case QuestionKind.Text(), QuestionKind.Demonstration() ->
                Fields.find(row, "user_input").ifPresent(text -> controls.answer(question).put("text", text));
            case QuestionKind.Ranking(), QuestionKind.Rating _, QuestionKind.Edit(), QuestionKind.Turns _ -> {}
        }
    }

    private static ObjectNode preference(ObjectNode row) {
        var answer = JsonNodeFactory.instance.objectNode();
        var accept = row.path("accept");
        if (row.path("answer").asText().equals("reject")) {
            return answer.put("bothBad", true);
        }
        return accept.size() == 1
                ? answer.put("choice", id(row.path("options"), accept.path(0))).put("strength", 1)
                : answer.put("strength", 0);
    }

    /// Ours for an option, which goes by its place.
    private static String id(JsonNode options, JsonNode accepted) {
        for (int place = 0; place < options.size(); place++) {
            if (options.get(place).path("id").asText().equals(accepted.asText())) {
                return String.valueOf((char) ('A' + place));
            }
        }
        throw new IllegalArgumentException("accept has '%s', which is no option".formatted(accepted.asText()));
    }

    private static void spans(Controls controls, Question question, JsonNode spans) {
        if (!spans.isArray()) {
            return;
        }
        var ours = controls.answer(question).putArray("spans");
        for (var span : spans) {
            ours.addObject()
                    .put("start", span.path("start").asInt())
                    .put("end", span.path("end").asInt())
                    .put("label", span.path("label").asText());
        }
    }
}
