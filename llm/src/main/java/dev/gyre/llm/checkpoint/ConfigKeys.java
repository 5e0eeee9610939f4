package dev.gyre.llm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Reads the keys of a `config.json`, and names key, value and bound where one is not as it must be.
final class ConfigKeys {

    private ConfigKeys() {}

    static int number(JsonNode json, String key) {
        var value = json.path(key);
        require(
                value.canConvertToInt() && value.isIntegralNumber(),
                key,
                value.isMissingNode() ? "missing" : value,
                "a whole number");
        return value.asInt();
    }

    static void requireValue(JsonNode json, String key, String wanted) {
        var value = json.path(key).asText();
        require(value.equals(wanted), key, value.isEmpty() ? "missing" : value, wanted);
    }

    static void positive(String key, int value) {
        require(value > 0, key, value, "1 or more");
    }

    static void require(boolean met, String key, Object value, String bound) {
        if (!met) {
            throw new IllegalArgumentException("%s is %s, must be %s".formatted(key, value, bound));
        }
    }

    /// Adds the tensors of a linear layer.
    static void linear(Map<String, List<Long>> all, String name, int out, int in, boolean bias) {
        all.put(name + ".weight", sizes(out, in));
        if (bias) {
            all.put(name + ".bias", sizes(out));
        }
    }

    static List<Long> sizes(long... sizes) {
        return Arrays.stream(sizes).boxed().toList();
    }
}
