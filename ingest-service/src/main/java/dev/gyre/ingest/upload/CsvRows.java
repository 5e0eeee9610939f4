package dev.gyre.ingest.upload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.gyre.ingest.sample.Reason;
import dev.gyre.ingest.sample.Utf8;
import dev.gyre.ingest.source.Mapping;
import dev.gyre.ingest.upload.Row.Readable;
import dev.gyre.ingest.upload.Row.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CSV as RFC 4180 has it, with a header: commas, double quotes, quotes doubled inside quotes.
final class CsvRows implements Rows {

    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private final String name;
    private final MappingIterator<String[]> records;
    private final List<String> header;
    private long number;

    CsvRows(Path file, String name, Mapping mapping) throws IOException {
        this.name = name;
        records = CSV.readerFor(String[].class).readValues(Utf8.reader(Files.newInputStream(file)));
        try {
            var first = read();
            header = first == null ? List.of() : List.of(first);
            Columns.require(name, header, mapping);
            for (var column : mapping.columns()) {
                if (Collections.frequency(header, column) > 1) {
                    throw new WrongFile(
                            name, "has two columns '%s'".formatted(column), "give each column its own name");
                }
            }
        } catch (IOException | RuntimeException refused) {
            records.close();
            throw refused;
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
                    number,
                    Reason.BROKEN_CSV,
                    "row %d has %d fields, the header has %d; put fields with commas, quotes or line ends in double quotes"
                            .formatted(number, fields.length, header.size()));
        }
        var columns = JsonNodeFactory.instance.objectNode();
        for (var at = 0; at < fields.length; at++) {
            columns.put(header.get(at), fields[at]);
        }
        return new Readable(number, columns);
    }

    private String @Nullable [] read() throws IOException {
        try {
            return records.hasNextValue() ? records.nextValue() : null;
        } catch (JsonProcessingException broken) {
            var at = broken.getLocation();
            throw new WrongFile(
                    name,
                    "is not csv: its quotes do not close or do not end a field, after row %d, about line %d"
                            .formatted(number, at == null ? number + 2 : at.getLineNr()),
                    "double the quotes inside of quoted fields");
        }
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
