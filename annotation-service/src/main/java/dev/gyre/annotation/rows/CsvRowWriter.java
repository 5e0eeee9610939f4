package dev.gyre.annotation.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Rows as CSV with a header; nothing stands as an empty field.
final class CsvRowWriter implements RowWriter {

    private static final CsvMapper CSV = CsvMapper.builder()
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .build();

    private final List<Column> columns;
    private final SequenceWriter rows;

    CsvRowWriter(OutputStream out, List<Column> columns) throws IOException {
        this.columns = columns;
        this.rows = CSV.writerFor(String[].class)
                .writeValues(new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)));
        rows.write(columns.stream().map(Column::name).toArray(String[]::new));
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        rows.write(columns.stream()
                .map(column -> field(row.path(column.name())))
                .toArray(String[]::new));
    }

    private static String field(JsonNode value) {
        return value.isValueNode() || value.isMissingNode() ? value.asText("") : value.toString();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
