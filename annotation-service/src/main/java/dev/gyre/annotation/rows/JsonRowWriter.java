package dev.gyre.annotation.rows;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Rows as JSON, one on each line.
final class JsonRowWriter implements RowWriter {

    private static final int BUFFER = 1 << 16;
    private static final ObjectWriter JSON = JsonMapper.builder()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .build()
            .writer();

    private final OutputStream out;
    private final byte[] between;
    private final byte[] end;
    private boolean isFirst = true;

    JsonRowWriter(OutputStream out, String begin, String between, String end) throws IOException {
        this.out = new BufferedOutputStream(out, BUFFER);
        this.between = between.getBytes(StandardCharsets.UTF_8);
        this.end = end.getBytes(StandardCharsets.UTF_8);
        this.out.write(begin.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        if (!isFirst) {
            out.write(between);
        }
        isFirst = false;
        out.write(JSON.writeValueAsBytes(row));
    }

    @Override
    public void close() throws IOException {
        if (end.length > 0) {
            out.write(end);
        } else if (!isFirst) {
            out.write('\n');
        }
        out.close();
    }
}
