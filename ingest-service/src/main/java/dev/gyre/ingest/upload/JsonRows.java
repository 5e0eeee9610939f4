package dev.gyre.ingest.upload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.ingest.sample.Reason;
import dev.gyre.ingest.sample.Utf8;
import dev.gyre.ingest.upload.Row.Readable;
import dev.gyre.ingest.upload.Row.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// JSON: an array of objects, or an object that holds one array; only one element is in memory.
final class JsonRows implements Rows {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String name;
    private final FileHead head;
    private final JsonParser parser;
    private boolean inObject;
    private boolean inArray;
    private long number;

    JsonRows(Path file, String name) throws IOException {
        this.name = name;
        head = FileHead.of(file);
        parser = JSON.createParser(Utf8.reader(Files.newInputStream(file)));
    }

    @Override
    public @Nullable Row next() throws IOException {
        try {
            if (!inArray && !findArray()) {
                return null;
            }
            var token = parser.nextToken();
            if (token == JsonToken.END_ARRAY) {
                finish();
                return null;
            }
            if (token == JsonToken.START_OBJECT) {
                JsonNode columns = parser.readValueAsTree();
                return new Readable(++number, columns);
            }
            parser.skipChildren();
            number++;
            return new Unreadable(
                    number,
                    Reason.BROKEN_JSON,
                    "element %d is %s, must be an object"
                            .formatted(number, String.valueOf(token).toLowerCase(Locale.ROOT)));
        } catch (JsonProcessingException broken) {
            var at = broken.getLocation();
            throw new WrongFile(
                    name,
                    "is not json: it breaks at line %d, column %d, in row %d, and %s"
                            .formatted(
                                    at == null ? 1 : at.getLineNr(),
                                    at == null ? 1 : at.getColumnNr(),
                                    number + 1,
                                    head.shown()),
                    "correct it there and send it again");
        }
    }

    private boolean findArray() throws IOException {
        var first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
            inObject = true;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                if (parser.nextToken() == JsonToken.START_ARRAY) {
                    inArray = true;
                    return true;
                }
                parser.skipChildren();
            }
            expectEnd();
        }
        if (first != JsonToken.START_ARRAY) {
            throw wrong("holds no array of rows");
        }
        inArray = true;
        return true;
    }

    /// Reads what follows the array, which must be no second one.
    private void finish() throws IOException {
        while (inObject && parser.nextToken() == JsonToken.FIELD_NAME) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                throw wrong("holds several arrays, the second is '%s'".formatted(parser.currentName()));
            }
            parser.skipChildren();
        }
        expectEnd();
    }

    private void expectEnd() throws IOException {
        if (parser.nextToken() != null) {
            throw wrong("goes on after its first value; with an object on each line it is jsonl");
        }
    }

    private WrongFile wrong(String found) {
        return new WrongFile(
                name,
                found + ": " + head.shown(),
                "send an array of objects or an object with one such array, or name the true format with ?format=…");
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
