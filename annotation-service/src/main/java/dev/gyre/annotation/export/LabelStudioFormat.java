package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.export.Dossier.Said;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.annotation.rows.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tasks with annotations as Label Studio exports and imports them. Made for one file: it numbers tasks and people.
///
/// A pair is a `Pairwise` for the better side and a `Choices` named `…-degree` for how much, or that neither is.
final class LabelStudioFormat implements RowFormat {

    private final Map<String, Integer> people = new HashMap<>();
    private int tasks;
    private int annotations;

    @Override
    public List<Column> columns() {
        return List.of();
    }

    @Override
    public List<ObjectNode> rows(Dossier dossier) {
        var row = Nodes.object().put("id", ++tasks);
        row.set("data", data(dossier));
        row.putObject("meta").put("task", dossier.task()).put("slice", dossier.slice());
        var said = row.putArray("annotations");
        for (var voice : dossier.voices()) {
            said.add(annotation(dossier, voice));
        }
        row.putArray("predictions");
        return List.of(row);
    }

    private static ObjectNode data(Dossier dossier) {
        var data = Nodes.object()
                .put("id", dossier.externalId())
                .put("prompt", dossier.document().prompt());
        if (!dossier.document().messages().isEmpty()) {
            data.set("messages", Nodes.messages(dossier.document().messages()));
        }
        if (!dossier.options().isEmpty()) {
            var answers = data.putArray("answers");
            for (var option : dossier.options()) {
                data.put("answer" + option.id(), option.text());
                answers.addObject().put("id", option.id()).put("title", "").put("body", option.text());
            }
        }
        return data;
    }

    private ObjectNode annotation(Dossier dossier, Voice voice) {
        int person = people.computeIfAbsent(voice.annotator(), unknown -> people.size() + 1);
        var annotation = Nodes.object().put("id", ++annotations);
        annotation.putObject("completed_by").put("id", person).put("email", voice.annotator());
        annotation
                .put("was_cancelled", false)
                .put("ground_truth", false)
                .put("lead_time", voice.activeMillis() / 1000.0)
                .put("created_at", voice.givenAt());
        var result = annotation.putArray("result");
        voice.answers().forEach((question, said) -> regions(result, dossier, question, said));
        annotation.put("result_count", result.size());
        return annotation;
    }

    private static void regions(ArrayNode result, Dossier dossier, String question, Said said) {
        var json = said.json();
        switch (said.type()) {
            case "PAIRWISE" -> pair(result, dossier, question, json);
            case "RANKING" -> {
                var buckets = region(result, question, "answers", "ranker").putObject("ranker");
                for (int place = 0; place < json.path("ranking").size(); place++) {
                    buckets.set(
                            Integer.toString(place + 1), json.path("ranking").get(place));
                }
            }
            case "RATING" -> {
                if (json.has("rating")) {
                    region(result, question, "prompt", "rating").set("rating", json.path("rating"));
                }
                json.path("ratings")
                        .properties()
                        .forEach(rated -> region(
                                        result, question + "-" + rated.getKey(), "answer" + rated.getKey(), "rating")
                                .set("rating", rated.getValue()));
            }
            case "LABEL" ->
                region(result, question, "prompt", "choices").putArray("choices").add(json.path("label"));
            case "LABELS" -> region(result, question, "prompt", "choices").set("choices", json.path("labels"));
            case "SPANS" -> json.path("spans").forEach(span -> span(result, dossier, question, span));
            case "TEXT", "DEMONSTRATION" -> words(result, question, "prompt", json);
            case "EDIT" -> {
                var candidate = json.path("candidate").asText();
                words(result, question + "-" + candidate, "answer" + candidate, json);
            }
            default -> {}
        }
    }

    private static void pair(ArrayNode result, Dossier dossier, String question, JsonNode json) {
        if (json.hasNonNull("choice")) {
            boolean isFirst = json.path("choice")
                    .asText()
                    .equals(dossier.options().getFirst().id());
            region(result, question, question, "pairwise").put("selected", isFirst ? "left" : "right");
        }
        var degree = json.path("bothBad").asBoolean()
                ? "bad"
                : json.hasNonNull("choice") ? json.path("strength").asText("1") : "tie";
        region(result, question + "-degree", "prompt", "choices")
                .putArray("choices")
                .add(degree);
    }

    private static void span(ArrayNode result, Dossier dossier, String question, JsonNode span) {
        int start = span.path("start").asInt();
        int end = span.path("end").asInt();
        var prompt = dossier.document().prompt();
        region(result, question, "prompt", "labels")
                .put("start", start)
                .put("end", end)
                .put("text", prompt.substring(prompt.offsetByCodePoints(0, start), prompt.offsetByCodePoints(0, end)))
                .putArray("labels")
                .add(span.path("label"));
    }

    private static void words(ArrayNode result, String control, String object, JsonNode json) {
        region(result, control, object, "textarea").putArray("text").add(json.path("text"));
    }

    /// @return its value
    private static ObjectNode region(ArrayNode result, String control, String object, String type) {
        return result.addObject()
                .put("id", control + "." + result.size())
                .put("from_name", control)
                .put("to_name", object)
                .put("type", type)
                .putObject("value");
    }
}
