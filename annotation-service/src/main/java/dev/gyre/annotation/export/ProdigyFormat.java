package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.annotation.rows.Column;
import java.util.List;

/// An example for each judgement, as Prodigy's blocks have it: the first choice, the first spans, the first words.
record ProdigyFormat() implements RowFormat {

    @Override
    public List<Column> columns() {
        return List.of();
    }

    @Override
    public List<ObjectNode> rows(Dossier dossier) {
        return dossier.voices().stream()
                .map(voice -> example(dossier, voice))
                .toList();
    }

    private static ObjectNode example(Dossier dossier, Voice voice) {
        var row = Nodes.object().put("text", dossier.document().prompt());
        var answer = "accept";
        for (var said : voice.answers().values()) {
            var json = said.json();
            switch (said.type()) {
                case "PAIRWISE" -> {
                    if (!row.has("accept")) {
                        options(row, dossier);
                        answer = json.path("bothBad").asBoolean() ? "reject" : answer;
                        row.set("accept", preferred(dossier, json));
                    }
                }
                case "LABEL" -> accept(row, Nodes.texts(List.of(json.path("label").asText())));
                case "LABELS" -> accept(row, json.path("labels").deepCopy());
                case "RATING" -> {
                    if (json.has("rating")) {
                        accept(row, Nodes.texts(List.of(json.path("rating").asText())));
                    }
                }
                case "SPANS" -> {
                    if (!row.has("spans")) {
                        row.set("spans", json.path("spans"));
                    }
                }
                case "TEXT", "DEMONSTRATION" -> {
                    if (!row.has("user_input")) {
                        row.set("user_input", json.path("text"));
                    }
                }
                default -> {}
            }
        }
        row.put("answer", answer)
                .put("_input_hash", dossier.document().prompt().hashCode())
                .put("_task_hash", dossier.task().hashCode())
                .put("_annotator_id", voice.annotator());
        row.putObject("meta").put("id", dossier.externalId()).put("slice", dossier.slice());
        return row;
    }

    private static void accept(ObjectNode row, JsonNode chosen) {
        if (row.has("accept")) {
            return;
        }
        var options = row.putArray("options");
        chosen.forEach(
                label -> options.addObject().put("id", label.asText()).put("text", label.asText()));
        row.set("accept", chosen);
    }

    private static void options(ObjectNode row, Dossier dossier) {
        var options = row.putArray("options");
        dossier.options()
                .forEach(option -> options.addObject().put("id", option.id()).put("text", option.text()));
    }

    /// Both for a tie, neither where both are bad.
    private static JsonNode preferred(
            Dossier dossier, JsonNode json) {
        if (json.hasNonNull("choice")) {
            return Nodes.texts(List.of(json.path("choice").asText()));
        }
        return json.path("bothBad").asBoolean()
                ? Nodes.array()
                : Nodes.texts(dossier.options().stream()
                        .map(Dossier.Option::id)
                        .toList());
    }
}
