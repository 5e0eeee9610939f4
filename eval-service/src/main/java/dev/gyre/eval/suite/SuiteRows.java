package dev.gyre.eval.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Reads the held-out rows of a suite, a batch at a time: JSONL in TRL's shape.
///
/// @param atMost a larger suite gives this many rows, spread evenly over the file, the same ones each time
/// @param batch rows that are in memory at once
public record SuiteRows(int atMost, int batch) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public SuiteRows {
        if (atMost < 1 || batch < 1) {
            throw new IllegalArgumentException(
                    "atMost is %d and batch %d, both must be 1 or more".formatted(atMost, batch));
        }
    }

    /// How many rows of this suite are read.
    public int wanted(DatasetFrozen suite) {
        return Math.min(atMost, suite.heldOut().count());
    }

    /// Reads to the end, also the rows that are passed over, so that the digest of the stream is checked.
    ///
    /// @throws IllegalArgumentException naming suite, line and what is wrong with it
    public void read(DatasetFrozen suite, InputStream jsonl, Consumer<List<SuiteRow>> batches) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(jsonl, StandardCharsets.UTF_8));
        var held = suite.heldOut().count();
        var pending = new ArrayList<SuiteRow>();
        var number = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (number > held) {
                throw new IllegalArgumentException(
                        "suite '%s' has more rows than the %d it was frozen with".formatted(suite.name(), held));
            }
            if (isWanted(number - 1, held)) {
                pending.add(row(suite, number, line));
            }
            if (pending.size() == batch) {
                batches.accept(List.copyOf(pending));
                pending.clear();
            }
        }
        if (!pending.isEmpty()) {
            batches.accept(List.copyOf(pending));
        }
        if (number != held) {
            throw new IllegalArgumentException(
                    "suite '%s' has %d rows, it was frozen with %d".formatted(suite.name(), number, held));
        }
    }

    private boolean isWanted(long index, int held) {
        return held <= atMost || index * atMost / held != (index - 1) * atMost / held || index == 0;
    }

    private static SuiteRow row(DatasetFrozen suite, int line, String json) {
        try {
            var row = JSON.readTree(json);
            var task = row.path("task").asText("");
            var slice = row.path("slice").asText("").isBlank()
                    ? "none"
                    : row.path("slice").asText();
            return switch (suite.kind()) {
                case SUPERVISED ->
                    new SuiteRow.Demonstration(
                            line, task, slice, text(suite, line, row, "prompt"), text(suite, line, row, "completion"));
                case PREFERENCE ->
                    new SuiteRow.Preference(
                            line,
                            task,
                            slice,
                            text(suite, line, row, "prompt"),
                            text(suite, line, row, "chosen"),
                            text(suite, line, row, "rejected"));
                case LABEL ->
                    new SuiteRow.Labelled(
                            line, task, slice, text(suite, line, row, "text"), text(suite, line, row, "label"));
            };
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(
                    "line %d of suite '%s' is not JSON".formatted(line, suite.name()), broken);
        }
    }

    private static String text(DatasetFrozen suite, int line, JsonNode row, String field) {
        var value = row.get(field);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(
                    "line %d of suite '%s' has no text '%s'".formatted(line, suite.name(), field));
        }
        return value.textValue();
    }
}
