package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/// The settings of a case; remembers which were read, to refuse those that nobody knows.
final class CaseSettings {

    private final JsonNode given;
    private final Set<String> read = new HashSet<>();

    CaseSettings(JsonNode given) {
        this.given = given;
    }

    private JsonNode value(String key) {
        read.add(key);
        return given.path(key);
    }

    boolean has(String key) {
        return given.has(key);
    }

    double number(String key, double preset) {
        var value = value(key);
        if (value.isMissingNode() || value.isNull()) {
            return preset;
        }
        if (!value.isNumber()) {
            throw new IllegalArgumentException("%s is %s, must be a number".formatted(key, value));
        }
        return value.asDouble();
    }

    double needed(String key) {
        double number = number(key, Double.NaN);
        if (Double.isNaN(number)) {
            throw new IllegalArgumentException("%s is missing, must be a number".formatted(key));
        }
        return number;
    }

    boolean flag(String key) {
        return value(key).asBoolean(false);
    }

    String word(String key, String preset) {
        return value(key).asText(preset);
    }

    /// A word or several, or none.
    List<String> words(String key) {
        var value = value(key);
        if (value.isTextual()) {
            return List.of(value.asText());
        }
        return StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /// A number or several, or none.
    List<Double> numbers(String key) {
        var value = value(key);
        if (value.isNumber()) {
            return List.of(value.asDouble());
        }
        return StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::asDouble)
                .toList();
    }

    /// Settings that change nothing in what is verified.
    void ignore(Set<String> keys) {
        read.addAll(keys);
    }

    /// A setting of which only one value is known: absent, null, false or 0.
    void off(String... keys) {
        for (var key : keys) {
            var value = value(key);
            boolean off = value.isMissingNode()
                    || value.isNull()
                    || value.isBoolean() && !value.asBoolean()
                    || value.isNumber() && value.asDouble() == 0;
            if (!off) {
                throw new IllegalArgumentException("%s is %s, which this library does not do".formatted(key, value));
            }
        }
    }

    /// @throws IllegalArgumentException naming the settings that were not read
    void finish() {
        var more = new TreeSet<String>();
        given.fieldNames().forEachRemaining(more::add);
        more.removeAll(read);
        if (!more.isEmpty()) {
            throw new IllegalArgumentException("settings %s are not known".formatted(more));
        }
    }
}
