package dev.gyre.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.gyre.cli.scenario.Scenario;
import dev.gyre.cli.scenario.ScenarioFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The rows of local files by their number, as ingest counts them.
record Rows(Map<Long, JsonNode> byNumber) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    Rows {
        byNumber = Map.copyOf(byNumber);
    }

    /// Numbers are lines of a JSONL file, places in a JSON array, and otherwise places in the order that is asked for;
    /// all from 1.
    static Rows read(ScenarioFile scenario, Scenario.Table table) {
        var files = scenario.files(table);
        if (table.isWholeFile()) {
            return read(files.getFirst(), table);
        }
        var all = new ArrayList<JsonNode>();
        for (var file : files) {
            new TreeMap<>(read(file, table).byNumber()).values().forEach(all::add);
        }
        var column = table.orderBy();
        var ordered = column == null
                ? all
                : all.stream()
                        .filter(row -> !row.path(column).asText().isBlank())
                        .sorted(Comparator.comparing(row -> row.path(column).asText()))
                        .toList();
        var rows = new TreeMap<Long, JsonNode>();
        for (long number = table.first(); number <= Math.min(table.last(), ordered.size()); number++) {
            rows.put(number - table.first() + 1, ordered.get((int) number - 1));
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("%s has %d rows%s, none of them is asked for by rows %s"
                    .formatted(
                            table.file(),
                            ordered.size(),
                            column == null ? "" : " with a '%s'".formatted(column),
                            table.rows()));
        }
        return new Rows(rows);
    }

    private static Rows read(Path file, Scenario.Table table) {
        try {
            return new Rows(
                    switch (table.format()) {
                        case "jsonl" -> lines(file);
                        case "json" -> elements(file);
                        case "passages" -> numbered(Passages.of(file, Objects.requireNonNull(table.cut())));
                        default -> records(file);
                    });
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "%s cannot be read as %s: %s".formatted(file, table.format(), broken.getMessage()), broken);
        }
    }

    /// The rows of several tables, one after the other.
    static Rows read(ScenarioFile scenario, List<Scenario.Table> tables) {
        return tables.size() == 1
                ? read(scenario, tables.getFirst())
                : new Rows(numbered(tables.stream()
                        .flatMap(table -> read(scenario, table).inOrder())
                        .toList()));
    }

    private static Map<Long, JsonNode> numbered(List<? extends JsonNode> all) {
        var rows = new TreeMap<Long, JsonNode>();
        all.forEach(row -> rows.put(rows.size() + 1L, row));
        return rows;
    }

    private Stream<JsonNode> inOrder() {
        return new TreeMap<>(byNumber).values().stream();
    }

    int offered() {
        return byNumber.size();
    }

    /// One JSON object a line, in the order of the numbers.
    void write(Path file) {
        try {
            Files.write(file, inOrder().map(JsonNode::toString).toList());
        } catch (IOException full) {
            throw new UncheckedIOException("cannot write " + file, full);
        }
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

    /// A table with a head; a byte order mark and empty lines before it are passed over.
    private static Map<Long, JsonNode> records(Path file) throws IOException {
        var text = Files.readString(file).replace("\uFEFF", "").stripLeading();
        var rows = new TreeMap<Long, JsonNode>();
        long number = 0;
        try (var read = CSV.readerFor(ObjectNode.class)
                .with(CsvSchema.emptySchema().withHeader())
                .<ObjectNode>readValues(text)) {
            while (read.hasNext()) {
                rows.put(++number, read.next());
            }
        }
        return rows;
    }

    List<Long> numbers() {
        return byNumber.keySet().stream().sorted().toList();
    }
}
