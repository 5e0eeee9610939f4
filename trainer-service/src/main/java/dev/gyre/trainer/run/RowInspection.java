package dev.gyre.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a look at the rows says before anything is computed.
///
/// @param rows lines in the file
/// @param useful rows that can teach something
/// @param objections rows that cannot be read, the first few of them
record RowInspection(int rows, int useful, List<String> objections) {

    private static final int MOST_OBJECTIONS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    RowInspection {
        objections = List.copyOf(objections);
    }

    /// Reads JSONL row by row.
    ///
    /// @param method `supervised`, `dpo` or `classification`
    static RowInspection of(Path file, String method) {
        var objections = new ArrayList<String>();
        var rows = 0;
        var useful = 0;
        try (var lines = Files.newBufferedReader(file)) {
            for (var line = lines.readLine();
                    line != null && objections.size() < MOST_OBJECTIONS;
                    line = lines.readLine()) {
                rows++;
                if (line.isBlank()) {
                    continue;
                }
                var objection = objection(line, method);
                if (objection.isPresent()) {
                    objections.add("row %d: %s".formatted(rows, objection.get()));
                } else if (teaches(JSON.readTree(line), method)) {
                    useful++;
                }
            }
        } catch (CharacterCodingException broken) {
            objections.add("row %d: not UTF-8 text".formatted(rows + 1));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the rows", failure);
        }
        return new RowInspection(rows, useful, objections);
    }

    /// Why nothing should be trained on these rows; empty where it should.
    List<String> refusal(int minimum) {
        if (!objections.isEmpty() || useful >= minimum) {
            return objections;
        }
        return List.of(
                "almost nothing to learn: %d of %d rows say something (an answer or a label that is not empty, two answers that differ), at least %d are needed"
                        .formatted(useful, rows, minimum));
    }

    private static List<String> keys(String method) {
        return switch (method) {
            case "dpo" -> List.of("prompt", "chosen", "rejected");
            case "classification" -> List.of("text", "label");
            default -> List.of("prompt", "completion");
        };
    }

    private static Optional<String> objection(String line, String method) {
        JsonNode row;
        try {
            row = JSON.readTree(line);
        } catch (JsonProcessingException broken) {
            return Optional.of("not JSON: " + broken.getOriginalMessage());
        }
        if (!row.isObject()) {
            return Optional.of("not a JSON object");
        }
        if (isConversation(row, method)) {
            return Optional.empty();
        }
        return keys(method).stream()
                .filter(key -> !row.path(key).isTextual())
                .map(key -> "'%s' is %s, must be a text".formatted(key, row.has(key) ? row.get(key) : "missing"))
                .findFirst();
    }

    /// Whether the base's chat template reads it; the training's own pre-flight looks into it.
    private static boolean isConversation(JsonNode row, String method) {
        return method.equals("supervised") && row.path("messages").isArray();
    }

    private static boolean teaches(JsonNode row, String method) {
        if (isConversation(row, method)) {
            return !row.path("messages").isEmpty();
        }
        return switch (method) {
            case "dpo" ->
                !row.path("chosen").asText().equals(row.path("rejected").asText());
            case "classification" -> !row.path("label").asText().isBlank();
            default -> !row.path("completion").asText().isBlank();
        };
    }
}
