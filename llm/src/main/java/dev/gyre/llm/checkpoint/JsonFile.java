package dev.gyre.llm.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/// JSON objects in files.
public final class JsonFile {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonFile() {}

    /// Reads an object.
    ///
    /// @throws IllegalArgumentException where the file is missing or holds something else
    public static ObjectNode read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("%s is missing".formatted(file));
        }
        try {
            if (JSON.readTree(Files.readString(file)) instanceof ObjectNode node) {
                return node;
            }
            throw new IllegalArgumentException("%s is not a JSON object".formatted(file));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("%s is not JSON: its text is not UTF-8".formatted(file), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s".formatted(file), e);
        }
    }

    /// Reads an object as something else.
    ///
    /// @throws IllegalArgumentException naming the file, where it is missing or what it holds is refused
    static <T> T read(Path file, Function<ObjectNode, T> parse) {
        var json = read(file);
        try {
            return parse.apply(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /// Writes a value, indented.
    public static void write(Path file, JsonNode value) {
        try {
            Files.writeString(file, JSON.writeValueAsString(value) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(file), e);
        }
    }
}
