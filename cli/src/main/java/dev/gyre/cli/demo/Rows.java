package dev.gyre.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The rows of a local file by their number, as ingest counts them.
record Rows(Map<Long, JsonNode> byNumber) {

    private static final ObjectMapper JSON = new ObjectMapper();

    Rows {
        byNumber = Map.copyOf(byNumber);
    }

    /// @param format `jsonl`: the number of the line; `json`: the place in the array; both from 1
    static Rows read(Path file, String format) {
        try {
            return new Rows(format.equals("jsonl") ? lines(file) : elements(file));
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "%s cannot be read as %s: %s".formatted(file, format, broken.getMessage()), broken);
        }
    }

    int offered() {
        return byNumber.size();
    }

    private static Map<Long, JsonNode> lines(Path file) throws IOException {
        var rows = new TreeMap<Long, JsonNode>();
        long number = 0;
        for (var line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                rows.put(number, parsed(line));
            }
        }
        return rows;
    }

    /// A line that is no JSON is a row all the same: ingest will refuse it.
    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException broken) {
            return JSON.missingNode();
        }
    }

    private static Map<Long, JsonNode> elements(Path file) throws IOException {
        var rows = new TreeMap<Long, JsonNode>();
        long number = 0;
        for (var element : JSON.readTree(file.toFile())) {
            rows.put(++number, element);
        }
        return rows;
    }
}
