package dev.gyre.annotation.rows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CSV as RFC 4180 has it, with a header; every field is text, an empty one is nothing.
final class CsvRowReader implements RowReader {

    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private final MappingIterator<String[]> records;
    private final List<String> header;
    private long number;

    CsvRowReader(Path file) throws IOException {
        records = CSV.readerFor(String[].class).readValues(Files.newBufferedReader(file));
        var first = read();
        header = first == null ? List.of() : List.of(first);
        if (new HashSet<>(header).size() < header.size()) {
            records.close();
            throw new IllegalArgumentException("the header has a column twice: %s".formatted(header));
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        var fields = read();
        if (fields == null) {
            return null;
        }
        number++;
        if (fields.length != header.size()) {
            return new Unreadable(
                    number, "the row has %d fields, the header has %d".formatted(fields.length, header.size()));
        }
        var row = JsonNodeFactory.instance.objectNode();
        for (int at = 0; at < fields.length; at++) {
            if (!fields[at].isEmpty()) {
                row.put(header.get(at), fields[at]);
            }
        }
        return new Readable(number, row);
    }

    private String @Nullable [] read() throws IOException {
        try {
            return records.hasNextValue() ? records.nextValue() : null;
        } catch (JsonProcessingException broken) {
            throw new BrokenFile(
                    "the file is no CSV after row %d: %s".formatted(number, broken.getOriginalMessage()), broken);
        }
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
