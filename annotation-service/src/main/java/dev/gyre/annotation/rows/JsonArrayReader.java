package dev.gyre.annotation.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// JSON: an array of objects, or an object that holds one; only one element is in memory.
final class JsonArrayReader implements RowReader {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonParser parser;
    private boolean isInside;
    private long number;

    JsonArrayReader(Path file) throws IOException {
        parser = JSON.createParser(file.toFile());
    }

    @Override
    public @Nullable Row next() throws IOException {
        try {
            if (!isInside) {
                findArray();
                isInside = true;
            }
            var token = parser.nextToken();
            if (token == JsonToken.END_ARRAY) {
                return null;
            }
            if (token == null) {
                throw new BrokenFile(
                        "the JSON ends after element %d, before its array does; send the file whole".formatted(number),
                        new IOException("end of file"));
            }
            JsonNode element = parser.readValueAsTree();
            number++;
            return element instanceof ObjectNode object
                    ? new Readable(number, object)
                    : new Unreadable(number, "the element is %s, must be an object".formatted(element.getNodeType()));
        } catch (JsonProcessingException broken) {
            throw new BrokenFile(
                    "the file is no JSON after element %d, line %d: %s"
                            .formatted(
                                    number,
                                    broken.getLocation() == null
                                            ? 0
                                            : broken.getLocation().getLineNr(),
                                    broken.getOriginalMessage()),
                    broken);
        }
    }

    private void findArray() throws IOException {
        var token = parser.nextToken();
        while (token != null && token != JsonToken.START_ARRAY) {
            token = parser.nextToken();
        }
        if (token == null) {
            throw new BrokenFile(
                    "the JSON holds no array of objects; send [{…}, …], or choose a format of lines",
                    new IOException("no array"));
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
