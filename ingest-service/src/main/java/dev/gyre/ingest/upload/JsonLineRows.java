package dev.gyre.ingest.upload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.ingest.sample.Reason;
import dev.gyre.ingest.upload.Row.Readable;
import dev.gyre.ingest.upload.Row.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// JSONL: a broken line costs that line only.
final class JsonLineRows implements Rows {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final Lines lines;

    JsonLineRows(Path file) throws IOException {
        lines = new Lines(file);
    }

    @Override
    public @Nullable Row next() throws IOException {
        var line = lines.next();
        while (line != null && line.text().isBlank()) {
            line = lines.next();
        }
        return line == null ? null : row(line);
    }

    private static Row row(Lines.Line line) {
        if (line.isCut()) {
            return new Unreadable(
                    line.number(),
                    Reason.TOO_LONG,
                    "the line has %d characters, at most %d".formatted(line.length(), Lines.LONGEST));
        }
        try {
            JsonNode json = JSON.readValue(line.text());
            return json.isObject()
                    ? new Readable(line.number(), json)
                    : broken(line, "is JSON, but no object; write {\"column\": …} on each line");
        } catch (JsonEOFException cut) {
            return broken(line, "ends inside the JSON; write each object whole on one line");
        } catch (JsonProcessingException broken) {
            var at = broken.getLocation();
            return broken(
                    line,
                    "is no JSON from character %d on; correct it or leave it out"
                            .formatted(at == null ? 1 : at.getColumnNr()));
        }
    }

    private static Row broken(Lines.Line line, String how) {
        return new Unreadable(line.number(), Reason.BROKEN_JSON, "line %d %s".formatted(line.number(), how));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
