package dev.gyre.llm.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.llm.text.Sequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/// Values computed by torch, transformers, peft and trl on small random checkpoints.
public final class Golden {

    public static final Path FOLDER = Path.of("src/test/resources/golden");

    private Golden() {}

    public static JsonNode values() {
        try {
            return new ObjectMapper().readTree(FOLDER.resolve("golden.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Rows of ids with labels; a row ends before its trailing ignored padding and starts at its first
    /// label.
    public static List<Sequence> sequences(JsonNode ids, JsonNode labels) {
        var result = new ArrayList<Sequence>();
        for (int row = 0; row < ids.size(); row++) {
            var own = labels.get(row);
            int start = 1;
            while (own.get(start).asInt() < 0) {
                start++;
            }
            int end = own.size();
            while (own.get(end - 1).asInt() < 0) {
                end--;
            }
            result.add(new Sequence(longs(ids.get(row)), start).cut(end));
        }
        return result;
    }

    public static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    public static double[] doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
