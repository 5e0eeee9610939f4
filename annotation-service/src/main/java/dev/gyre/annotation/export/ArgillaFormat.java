package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gyre.annotation.export.Dossier.Said;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.annotation.rows.Column;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/// Records with responses, as Argilla's SDK writes them to a file and reads them.
record ArgillaFormat() implements RowFormat {

    private static final Pattern UUID_AT_END = Pattern.compile(".*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    @Override
    public List<Column> columns() {
        return List.of();
    }

    @Override
    public List<ObjectNode> rows(Dossier dossier) {
        var row = Nodes.object().put("id", dossier.task());
        var fields = row.putObject("fields").put("prompt", dossier.document().prompt());
        if (!dossier.document().messages().isEmpty()) {
            fields.set("messages", Nodes.messages(dossier.document().messages()));
        }
        dossier.options().forEach(option -> fields.put("answer_" + lower(option.id()), option.text()));
        row.putObject("metadata").put("id", dossier.externalId()).put("slice", dossier.slice());
        row.putObject("suggestions");
        var responses = row.putObject("responses");
        for (var voice : dossier.voices()) {
            voice.answers()
                    .forEach((question, said) -> values(question, said)
                            .forEach((name, value) -> respond(responses, name, value, voice)));
        }
        row.putObject("vectors");
        row.put("status", "completed");
        return List.of(row);
    }

    private static String lower(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    private static void respond(ObjectNode responses, String question, JsonNode value, Voice voice) {
        var response = responses.withArray(question).addObject();
        response.set("value", value);
        response.put("user_id", user(voice.annotator()));
    }

    /// Argilla's users have UUIDs: a pseudonym ends in one.
    private static String user(String annotator) {
        var found = UUID_AT_END.matcher(annotator);
        return found.matches()
                ? found.group(1)
                : UUID.nameUUIDFromBytes(annotator.getBytes(StandardCharsets.UTF_8))
                        .toString();
    }

    /// An answer by the names of Argilla's questions: what is said of a candidate is a question for each.
    private static Map<String, JsonNode> values(String question, Said said) {
        var json = said.json();
        var values = new LinkedHashMap<String, JsonNode>();
        switch (said.type()) {
            case "RANKING" -> values.put(question, ranking(json.path("ranking")));
            case "RATING" -> {
                if (json.has("rating")) {
                    values.put(question, json.path("rating"));
                }
                json.path("ratings")
                        .properties()
                        .forEach(rated -> values.put(question + "_" + lower(rated.getKey()), rated.getValue()));
            }
            case "LABELS" -> values.put(question, json.path("labels"));
            case "SPANS" -> values.put(question, json.path("spans"));
            case "EDIT" ->
                values.put(
                        question + "_" + lower(json.path("candidate").asText()), json.path("text"));
            case "TURNS" -> {}
            default -> values.put(question, TextNode.valueOf(AnswerWord.of(said.type(), json)));
        }
        return values;
    }

    /// Ties share a rank, and the ranks that they take are left out after them.
    private static JsonNode ranking(JsonNode places) {
        var ranking = JsonNodeFactory.instance.arrayNode();
        int rank = 1;
        for (var ties : places) {
            for (var id : ties) {
                ranking.addObject().put("value", id.asText()).put("rank", rank);
            }
            rank += ties.size();
        }
        return ranking;
    }
}
