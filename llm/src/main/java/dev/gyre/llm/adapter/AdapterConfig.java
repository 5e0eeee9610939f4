package dev.gyre.llm.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads an `adapter_config.json`, and remembers what it was asked for, to refuse what nobody understood.
final class AdapterConfig {

    /// Keys that say nothing about what is computed with a learned adapter.
    private static final Set<String> SILENT = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "revision",
            "task_type",
            "inference_mode",
            "peft_version",
            "peft_type",
            "megatron_core",
            // what the model keeps as (in, out) it says itself; PEFT sets this right too
            "fan_in_fan_out",
            "lora_dropout",
            "vera_dropout",
            "rank_dropout",
            "module_dropout",
            "encoder_dropout",
            "qalora_group_size",
            "tokenizer_name_or_path",
            "tokenizer_kwargs");

    private final String place;
    private final ObjectNode json;
    private final Set<String> taken = new HashSet<>(SILENT);

    AdapterConfig(String place, ObjectNode json) {
        this.place = place;
        this.json = json;
    }

    static AdapterConfig read(Path file) {
        return new AdapterConfig(file.toString(), JsonFile.read(file));
    }

    ObjectNode json() {
        return json;
    }

    String type() {
        return json.path("peft_type").asText();
    }

    JsonNode take(String key) {
        taken.add(key);
        var value = json.path(key);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    int whole(String key, int preset, int least) {
        var value = take(key);
        if (value.isMissingNode()) {
            return preset;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least) {
            throw refusal(key, "a whole number of %d or more".formatted(least));
        }
        return value.asInt();
    }

    double number(String key, double preset) {
        var value = take(key);
        if (value.isMissingNode()) {
            return preset;
        }
        if (!value.isNumber()) {
            throw refusal(key, "a number");
        }
        return value.asDouble();
    }

    boolean flag(String key, boolean preset) {
        var value = take(key);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw refusal(key, "true or false");
        }
        return value.asBoolean(preset);
    }

    List<String> names(String key) {
        var names = new ArrayList<String>();
        take(key).forEach(name -> names.add(name.asText()));
        return names;
    }

    /// The number that a module has by a pattern, else the one of all modules: a key of the patterns is a regular
    /// expression for the end of a name.
    private double pattern(String key, String module, double preset) {
        for (var entry : take(key).properties()) {
            if (Pattern.matches("(.*\\.)?(%s)".formatted(entry.getKey()), module)) {
                return entry.getValue().asDouble();
            }
        }
        return preset;
    }

    /// Takes the rank and the alpha of all modules, and the patterns that some have others by.
    ///
    /// @param alpha the key of alpha
    void takeRanks(String alpha) {
        whole("r", 8, 1);
        number(alpha, 8);
        take("rank_pattern");
        take("alpha_pattern");
    }

    int rank(String module) {
        return (int) pattern("rank_pattern", module, whole("r", 8, 1));
    }

    /// @param key of the alpha of all modules
    double alpha(String key, String module) {
        return pattern("alpha_pattern", module, number(key, 8));
    }

    /// Keys that say how something is learned, not what is computed.
    void ignore(String... keys) {
        taken.addAll(List.of(keys));
    }

    IllegalArgumentException refusal(String key, String bound) {
        var value = json.path(key);
        return new IllegalArgumentException("%s: %s is %s, must be %s"
                .formatted(place, key, value.isMissingNode() ? "missing" : value, bound));
    }

    /// Refuses a key that nobody took unless it is off: null, false, empty or `none`.
    void finish() {
        json.properties().forEach(entry -> {
            var value = entry.getValue();
            boolean off = value.isNull()
                    || value.isBoolean() && !value.asBoolean()
                    || (value.isContainerNode() || value.isTextual()) && value.isEmpty() && value.asText().isEmpty()
                    || value.asText().equals("none");
            if (!taken.contains(entry.getKey()) && !off) {
                throw refusal(entry.getKey(), "absent or off: this engine does not compute it for " + type());
            }
        });
    }
}
