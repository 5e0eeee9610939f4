package dev.gyre.annotation.rows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// JSONL: a broken line costs that line only.
final class JsonLinesReader implements RowReader {

    /// The longest line that is read, in UTF-16 units.
    private static final int LONGEST = 10_000_000;

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final Reader lines;
    private long number;

    JsonLinesReader(Path file) throws IOException {
        lines = new BufferedReader(Files.newBufferedReader(file), 1 << 16);
    }

    @Override
    public @Nullable Row next() throws IOException {
        try {
            for (var line = line(); line != null; line = line()) {
                if (!line.isBlank()) {
                    return row(line);
                }
            }
            return null;
        } catch (MalformedInputException broken) {
            throw new BrokenFile("the file is not UTF-8 after line %d; save it as UTF-8".formatted(number), broken);
        }
    }

    private @Nullable String line() throws IOException {
        var text = new StringBuilder();
        int character = lines.read();
        if (character < 0) {
            return null;
        }
        number++;
        for (; character >= 0 && character != '\n'; character = lines.read()) {
            if (text.length() <= LONGEST) {
                text.append((char) character);
            }
        }
        return text.toString();
    }

    private Row row(String line) {
        if (line.length() > LONGEST) {
            return new Unreadable(number, "the line has more than %d characters".formatted(LONGEST));
        }
        try {
            JsonNode json = JSON.readValue(line);
            return json instanceof ObjectNode object
                    ? new Readable(number, object)
                    : new Unreadable(number, "the line is JSON, but no object; write {\"column\": …} on each line");
        } catch (JsonProcessingException broken) {
            return new Unreadable(number, "the line is no JSON: " + broken.getOriginalMessage());
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
