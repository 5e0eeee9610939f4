package dev.gyre.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.bench.Ledger.Text;
import dev.gyre.cli.client.Services;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/// The rows of `samples/` about which there can be no doubt: whole, not twice, and in pairs one answer is better.
record Texts(List<Text> demonstrations, List<Text> pairs) {

    private static final int LONGEST = 500;

    Texts {
        demonstrations = List.copyOf(demonstrations);
        pairs = List.copyOf(pairs);
    }

    static Texts read(Path samples) {
        return new Texts(
                read(samples.resolve("demonstrations.jsonl"), List.of("completion")),
                read(samples.resolve("preferences.jsonl"), List.of("answer_a", "answer_b")));
    }

    /// A part of the rows under ids of its own, from the beginning again where the end is reached.
    static List<Text> slice(List<Text> texts, String prefix, int from, int count) {
        return Stream.iterate(from, index -> index + 1)
                .limit(count)
                .map(index -> texts.get(index % texts.size()))
                .map(text -> new Text(prefix + text.id(), text.slice(), text.prompt(), text.answers(), text.chosen()))
                .toList();
    }

    private static List<Text> read(Path file, List<String> columns) {
        try (var lines = Files.lines(file)) {
            var prompts = new HashSet<String>();
            var texts = new ArrayList<Text>();
            for (var line : lines.toList()) {
                var row = parsed(line);
                if (isWhole(row, columns) && prompts.add(row.path("prompt").asText())) {
                    texts.add(text(row, columns));
                }
            }
            return texts;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return Services.JSON.readTree(line);
        } catch (JsonProcessingException broken) {
            return Services.JSON.missingNode();
        }
    }

    private static boolean isWhole(JsonNode row, List<String> columns) {
        var distinct = new HashSet<String>();
        for (var column : columns) {
            var answer = row.path(column).asText("").strip();
            if (!row.path(column).isTextual()
                    || answer.isEmpty()
                    || answer.length() > LONGEST
                    || !distinct.add(answer)) {
                return false;
            }
        }
        var prompt = row.path("prompt").asText("");
        return row.path("id").isTextual()
                && !prompt.isBlank()
                && prompt.length() <= LONGEST
                && (columns.size() == 1
                        || row.path("q_a").asDouble() != row.path("q_b").asDouble());
    }

    private static Text text(JsonNode row, List<String> columns) {
        return new Text(
                row.path("id").asText(),
                row.path("slice").asText("all"),
                row.path("prompt").asText(),
                columns.stream().map(column -> row.path(column).asText()).toList(),
                row.path("q_b").asDouble() > row.path("q_a").asDouble() ? 1 : 0);
    }
}
