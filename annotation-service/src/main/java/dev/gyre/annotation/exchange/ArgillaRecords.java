package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.annotation.export.AnswerWord;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.SampleDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Records with responses: as Argilla's SDK writes them to a file, and as its API has them.
record ArgillaRecords(List<Question> questions) implements RowReading {

    private static final Set<String> OF_THE_TASK =
            Set.of("PAIRWISE", "RANKING", "RATING", "LABEL", "LABELS", "SPANS", "TEXT", "DEMONSTRATION");
    private static final Set<String> OF_A_CANDIDATE = Set.of("RATING", "EDIT");

    @Override
    public Draft read(ObjectNode row) {
        var fields = row.path("fields");
        var candidates = new TreeMap<String, String>();
        fields.properties().forEach(field -> {
            if (field.getKey().matches("(answer|response|generation)_?[a-i1-9]")) {
                candidates.put(field.getKey(), field.getValue().asText());
            }
        });
        var turns = fields.has("messages") ? fields.path("messages") : fields.path("chat");
        return new Draft(
                Fields.find(row.path("metadata"), "id")
                        .or(() -> Fields.find(row, "external_id", "id"))
                        .orElse(null),
                Fields.text(row.path("metadata"), "slice"),
                new SampleDocument(
                        Fields.require(fields, "prompt", "text", "instruction", "question"),
                        null,
                        List.copyOf(candidates.values()),
                        Map.of(),
                        Fields.messages(turns)),
                given(row.path("responses")));
    }

    private List<Given> given(JsonNode responses) {
        var byUser = new LinkedHashMap<String, Controls>();
        if (responses.isArray()) {
            for (var response : responses) {
                if (response.path("status").asText("submitted").equals("submitted")) {
                    var controls = controls(byUser, response);
                    response.path("values")
                            .properties()
                            .forEach(value -> take(
                                    controls, value.getKey(), value.getValue().path("value")));
                }
            }
        } else {
            responses.properties().forEach(question -> question.getValue()
                    .forEach(response ->
                            take(controls(byUser, response), question.getKey(), response.path("value"))));
        }
        var given = new ArrayList<Given>();
        byUser.forEach((user, controls) -> {
            if (!controls.answers().isEmpty()) {
                given.add(new Given(user.isEmpty() ? null : user, controls.answers()));
            }
        });
        return given;
    }

    private Controls controls(Map<String, Controls> byUser, JsonNode response) {
        return byUser.computeIfAbsent(
                Fields.find(response, "user_id").orElse(""), unknown -> new Controls(questions));
    }

    private static void take(Controls controls, String name, JsonNode value) {
        var each = controls.each(name, OF_A_CANDIDATE);
        if (each.isPresent()) {
            var candidate = name.substring(name.length() - 1).toUpperCase(Locale.ROOT);
            if (each.get().kind().type().equals("EDIT")) {
                controls.answer(each.get()).put("candidate", candidate).set("text", value);
            } else {
                controls.answer(each.get()).withObjectProperty("ratings").set(candidate, value);
            }
            return;
        }
        controls.question(name, OF_THE_TASK).ifPresent(question -> take(controls, question, value));
    }

    private static void take(Controls controls, Question question, JsonNode value) {
        switch (question.kind().type()) {
            case "RANKING" -> {
                var places = new TreeMap<Integer, List<String>>();
                value.forEach(ranked -> places.computeIfAbsent(
                                ranked.path("rank").asInt(), none -> new ArrayList<>())
                        .add(ranked.path("value").asText()));
                var ranking = controls.answer(question).putArray("ranking");
                for (var ties : places.values()) {
                    var place = ranking.addArray();
                    ties.forEach(id -> place.add(id));
                }
            }
            case "LABELS" -> controls.answer(question).set("labels", value);
            case "SPANS" -> controls.answer(question).set("spans", value);
            default ->
                controls.put(question, AnswerWord.parse(question.kind().type(), value.asText()));
        }
    }
}
