package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.SampleDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Tasks with annotations as Label Studio exports them. Controls that are named like a question answer it, others where
/// only one question fits.
record LabelStudioTasks(List<Question> questions) implements RowReading {

    @Override
    public Draft read(ObjectNode row) {
        var data = row.has("data") ? row.path("data") : row;
        var given = new ArrayList<Given>();
        for (var annotation : row.path("annotations")) {
            if (!annotation.path("was_cancelled").asBoolean()) {
                given.add(given(annotation));
            }
        }
        var turns = data.has("messages") ? data.path("messages") : data.path("dialogue");
        return new Draft(
                Fields.find(data, "id").orElseGet(() -> row.path("id").asText()),
                Fields.text(row.path("meta"), "slice"),
                new SampleDocument(
                        Fields.require(data, "prompt", "text", "question", "instruction"),
                        null,
                        candidates(data),
                        Map.of(),
                        Fields.messages(turns)),
                given.stream().filter(found -> !found.answers().isEmpty()).toList());
    }

    private static List<String> candidates(JsonNode data) {
        var candidates = new ArrayList<String>();
        if (data.path("answers").isArray()) {
            data.path("answers").forEach(answer -> candidates.add(Fields.require(answer, "body", "text")));
            return candidates;
        }
        var numbered = new TreeMap<String, String>();
        data.properties().forEach(field -> {
            if (field.getKey().matches("(answer|response|output)_?[A-Ia-i1-9]")) {
                numbered.put(field.getKey(), field.getValue().asText());
            }
        });
        return List.copyOf(numbered.values());
    }

    private Given given(JsonNode annotation) {
        var controls = new Controls(questions);
        for (var region : annotation.path("result")) {
            take(controls, region.path("from_name").asText(), region.path("type").asText(), region.path("value"));
        }
        var who = annotation.path("completed_by");
        return new Given(
                who.isObject()
                        ? Fields.find(who, "email", "username", "id").orElse(null)
                        : who.isMissingNode() || who.isNull() ? null : who.asText(),
                null,
                controls.answers(),
                null,
                Math.round(annotation.path("lead_time").asDouble() * 1000));
    }

    private static void take(Controls controls, String name, String type, JsonNode value) {
        switch (type) {
            case "pairwise" ->
                controls.question(name, Set.of("PAIRWISE")).ifPresent(question -> {
                    var answer = controls.answer(question)
                            .put("choice", value.path("selected").asText().equals("left") ? "A" : "B");
                    if (!answer.has("strength")) {
                        answer.put("strength", 1);
                    }
                });
            case "choices" -> choices(controls, name, value.path("choices"));
            case "rating" -> {
                var each = controls.each(name, Set.of("RATING"));
                if (each.isPresent()) {
                    controls.answer(each.get())
                            .withObjectProperty("ratings")
                            .set(name.substring(name.length() - 1), value.path("rating"));
                } else {
                    controls.question(name, Set.of("RATING"))
                            .ifPresent(question -> controls.answer(question).set("rating", value.path("rating")));
                }
            }
            case "ranker" ->
                controls.question(name, Set.of("RANKING")).ifPresent(question -> {
                    var places = new TreeMap<Integer, JsonNode>();
                    value.path("ranker").properties().forEach(bucket -> {
                        if (bucket.getKey().matches("[0-9]{1,2}")) {
                            places.put(Integer.parseInt(bucket.getKey()), bucket.getValue());
                        }
                    });
                    var ranking = controls.answer(question).putArray("ranking");
                    places.values().stream().filter(ties -> !ties.isEmpty()).forEach(ranking::add);
                });
            case "labels" ->
                controls.question(name, Set.of("SPANS"))
                        .ifPresent(question -> controls.answer(question)
                                .withArrayProperty("spans")
                                .addObject()
                                .put("start", value.path("start").asInt())
                                .put("end", value.path("end").asInt())
                                .put("label", value.path("labels").path(0).asText()));
            case "textarea" -> words(controls, name, String.join("\n", Fields.texts(value.path("text"))));
            default -> {}
        }
    }

    private static void choices(Controls controls, String name, JsonNode chosen) {
        var pair = name.endsWith("-degree")
                ? controls.question(name.substring(0, name.length() - "-degree".length()), Set.of("PAIRWISE"))
                : Optional.<Question>empty();
        if (pair.isPresent()) {
            switch (chosen.path(0).asText()) {
                case "bad" -> controls.answer(pair.get()).put("bothBad", true);
                case "tie" -> controls.answer(pair.get()).put("strength", 0);
                default ->
                    controls.answer(pair.get()).put("strength", chosen.path(0).asInt(1));
            }
            return;
        }
        controls.question(name, Set.of("LABEL", "LABELS")).ifPresent(question -> {
            if (question.kind().type().equals("LABEL")) {
                controls.answer(question).set("label", chosen.path(0));
            } else {
                controls.answer(question).set("labels", chosen);
            }
        });
    }

    private static void words(Controls controls, String name, String text) {
        var edit = controls.each(name, Set.of("EDIT"));
        if (edit.isPresent()) {
            controls.answer(edit.get())
                    .put("candidate", name.substring(name.length() - 1))
                    .put("text", text);
        } else {
            controls.question(name, Set.of("TEXT", "DEMONSTRATION"))
                    .ifPresent(question -> controls.answer(question).put("text", text));
        }
    }
}
