package dev.gyre.llm.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The shape of a model between `config.json` and the keys of a GGUF file.
final class ModelKeys {

    static final String FREQUENCIES = "rope_freqs.weight";
    private static final Map<String, String> NUMBERS = numbers();
    private static final double TOLERANCE = 1e-5;

    private ModelKeys() {}

    private static Map<String, String> numbers() {
        var names = new LinkedHashMap<String, String>();
        names.put("context_length", "max_position_embeddings");
        names.put("embedding_length", "hidden_size");
        names.put("block_count", "num_hidden_layers");
        names.put("feed_forward_length", "intermediate_size");
        names.put("attention.head_count", "num_attention_heads");
        names.put("attention.head_count_kv", "num_key_value_heads");
        names.put("vocab_size", "vocab_size");
        names.put("attention.sliding_window", "sliding_window");
        return names;
    }

    static int heads(JsonNode config) {
        return config.path("num_attention_heads").asInt();
    }

    static int groups(JsonNode config) {
        return config.hasNonNull("num_key_value_heads")
                ? config.path("num_key_value_heads").asInt()
                : heads(config);
    }

    static int headWidth(JsonNode config) {
        return config.hasNonNull("head_dim")
                ? config.path("head_dim").asInt()
                : config.path("hidden_size").asInt() / heads(config);
    }

    /// The keys of a file for a `config.json`, old or new.
    static Map<String, GgufValue> of(JsonNode config, Naming naming) {
        var keys = new LinkedHashMap<String, GgufValue>();
        boolean qwen = naming.architecture().startsWith("qwen");
        if (qwen && config.path("use_sliding_window").asBoolean(false)) {
            throw new IllegalArgumentException(
                    "use_sliding_window is true, GGUF has no word for the layers of %s that see so far"
                            .formatted(naming.architecture()));
        }
        NUMBERS.forEach((key, name) -> {
            if (config.hasNonNull(name) && !(qwen && name.equals("sliding_window"))) {
                keys.put(naming.key(key), GgufValue.unsigned(config.path(name).asLong()));
            }
        });
        keys.put(naming.key("attention.head_count_kv"), GgufValue.unsigned(groups(config)));
        keys.put(
                naming.key("attention.layer_norm_rms_epsilon"),
                GgufValue.real(config.path("rms_norm_eps").asDouble(1e-6)));
        for (var name : new String[] {"attention.key_length", "attention.value_length", "rope.dimension_count"}) {
            keys.put(naming.key(name), GgufValue.unsigned(headWidth(config)));
        }
        var rope = rope(config);
        keys.put(
                naming.key("rope.freq_base"),
                GgufValue.real(rope.path("rope_theta").asDouble()));
        var type = rope.path("rope_type").asText();
        switch (type) {
            case "default" -> {}
            case "linear", "yarn" -> {
                keys.put(naming.key("rope.scaling.type"), GgufValue.of(type));
                copy(rope, "factor", keys, naming.key("rope.scaling.factor"));
                copy(rope, "beta_fast", keys, naming.key("rope.scaling.yarn_beta_fast"));
                copy(rope, "beta_slow", keys, naming.key("rope.scaling.yarn_beta_slow"));
                copy(rope, "attention_factor", keys, naming.key("rope.scaling.yarn_attn_factor"));
                copyOriginal(rope, keys, naming);
            }
            case "llama3" -> copyOriginal(rope, keys, naming);
            default ->
                throw new IllegalArgumentException(
                        "rope_type is %s, GGUF is written for default, linear, yarn and llama3".formatted(type));
        }
        return keys;
    }

    private static void copy(JsonNode from, String name, Map<String, GgufValue> keys, String key) {
        if (from.hasNonNull(name)) {
            keys.put(key, GgufValue.real(from.path(name).asDouble()));
        }
    }

    private static void copyOriginal(JsonNode rope, Map<String, GgufValue> keys, Naming naming) {
        if (rope.hasNonNull("original_max_position_embeddings")) {
            keys.put(
                    naming.key("rope.scaling.original_context_length"),
                    GgufValue.unsigned(
                            rope.path("original_max_position_embeddings").asLong()));
        }
    }

    /// `rope_parameters`, or what older configurations say instead of it.
    private static ObjectNode rope(JsonNode config) {
        var rope = JsonNodeFactory.instance.objectNode();
        rope.put("rope_theta", config.path("rope_theta").asDouble(10_000));
        var given = config.path("rope_parameters");
        given = given.isObject() ? given : config.path("rope_scaling");
        if (given instanceof ObjectNode fields) {
            rope.setAll(fields);
        }
        if (!rope.has("rope_type")) {
            rope.put("rope_type", rope.path("type").asText("default"));
        }
        return rope;
    }

    /// By how much Llama 3.1 slows each pair of a head's dimensions down, empty for others.
    static float[] slowing(JsonNode config) {
        var rope = rope(config);
        if (!rope.path("rope_type").asText().equals("llama3")) {
            return new float[0];
        }
        int width = headWidth(config);
        double factor = rope.path("factor").asDouble(8);
        double low = rope.path("low_freq_factor").asDouble(1);
        double high = rope.path("high_freq_factor").asDouble(4);
        double original = rope.path("original_max_position_embeddings").asDouble(8192);
        var slowing = new float[width / 2];
        for (int i = 0; i < slowing.length; i++) {
            double wave = 2 * Math.PI * Math.pow(rope.path("rope_theta").asDouble(), 2.0 * i / width);
            double kept = Math.clamp((original / wave - low) / (high - low), 0, 1);
            slowing[i] = (float) (1 / ((1 - kept) / factor + kept));
        }
        return slowing;
    }

    /// The `config.json` for the keys of a file.
    static ObjectNode config(GgufFile file, Naming naming) {
        var config = JsonNodeFactory.instance.objectNode();
        boolean slides = file.whole(naming.key("attention.sliding_window")).isPresent();
        var type = switch (naming.architecture()) {
            case "llama" -> slides ? "mistral" : "llama";
            case "gemma3" -> "gemma3_text";
            default -> naming.architecture();
        };
        var name = switch (type) {
            case "llama" -> "Llama";
            case "mistral" -> "Mistral";
            case "qwen2" -> "Qwen2";
            case "gemma" -> "Gemma";
            case "gemma2" -> "Gemma2";
            case "gemma3_text" -> "Gemma3";
            default -> "Qwen3";
        };
        config.putArray("architectures").add(name + "ForCausalLM");
        config.put("model_type", type);
        NUMBERS.forEach((key, field) -> file.whole(naming.key(key)).ifPresent(value -> config.put(field, value)));
        config.put("vocab_size", tensor(file, "token_embd.weight").shape().getFirst());
        for (var key : new String[] {
            "context_length", "embedding_length", "block_count", "feed_forward_length", "attention.head_count"
        }) {
            long value = file.whole(naming.key(key)).orElseThrow(() -> file.missing(naming.key(key), "a number"));
            if (value < 1 || value > Integer.MAX_VALUE) {
                throw file.missing(naming.key(key), "1 to 2147483647");
            }
        }
        config.put("num_key_value_heads", groups(config));
        config.put(
                "head_dim",
                file.whole(naming.key("attention.key_length"))
                        .or(() -> file.whole(naming.key("rope.dimension_count")))
                        .orElse((long) headWidth(config)));
        config.put(
                "rms_norm_eps",
                file.real(naming.key("attention.layer_norm_rms_epsilon"))
                        .orElseThrow(() -> file.missing(naming.key("attention.layer_norm_rms_epsilon"), "a number")));
        config.put("hidden_act", "silu");
        config.put("tie_word_embeddings", !file.entries().containsKey("output.weight"));
        boolean biased = file.entries().containsKey("blk.0.attn_q.bias");
        if (!naming.architecture().equals("qwen2")) {
            config.put("attention_bias", biased);
        }
        if (type.equals("llama")) {
            config.put("mlp_bias", file.entries().containsKey("blk.0.ffn_gate.bias"));
        }
        putRope(config, file, naming);
        if (naming.shifted()) {
            GemmaKeys.describe(config, file, naming);
        }
        file.whole("tokenizer.ggml.bos_token_id").ifPresent(id -> config.put("bos_token_id", id));
        file.whole("tokenizer.ggml.eos_token_id").ifPresent(id -> config.put("eos_token_id", id));
        return config;
    }

    private static GgufFile.Entry tensor(GgufFile file, String name) {
        var entry = file.entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException("tensor %s is missing from %s".formatted(name, file.path()));
        }
        return entry;
    }

    private static void putRope(ObjectNode config, GgufFile file, Naming naming) {
        config.put("rope_theta", file.real(naming.key("rope.freq_base")).orElse(10_000.0));
        var type = file.optionalText(naming.key("rope.scaling.type")).orElse("none");
        var original = file.whole(naming.key("rope.scaling.original_context_length"));
        if (file.entries().containsKey(FREQUENCIES)) {
            config.set("rope_scaling", llama3(config, file, original.orElse(8192L)));
        } else if (type.equals("none")) {
            config.putNull("rope_scaling");
        } else if (type.equals("linear") || type.equals("yarn")) {
            var scaling = config.putObject("rope_scaling").put("rope_type", type);
            file.real(naming.key("rope.scaling.factor")).ifPresent(value -> scaling.put("factor", value));
            file.real(naming.key("rope.scaling.yarn_beta_fast")).ifPresent(value -> scaling.put("beta_fast", value));
            file.real(naming.key("rope.scaling.yarn_beta_slow")).ifPresent(value -> scaling.put("beta_slow", value));
            file.real(naming.key("rope.scaling.yarn_attn_factor"))
                    .ifPresent(value -> scaling.put("attention_factor", value));
            original.ifPresent(value -> scaling.put("original_max_position_embeddings", value));
        } else {
            throw file.missing(naming.key("rope.scaling.type"), "none, linear or yarn");
        }
    }

    /// The settings of Llama 3.1 whose slowing is that of a file, checked number by number.
    private static ObjectNode llama3(ObjectNode config, GgufFile file, long original) {
        var found = file.row(Objects.requireNonNull(file.entries().get(FREQUENCIES)), 0);
        double factor = found[found.length - 1];
        var scaling = JsonNodeFactory.instance
                .objectNode()
                .put("rope_type", "llama3")
                .put("factor", factor)
                .put("low_freq_factor", 1.0)
                .put("high_freq_factor", 4.0)
                .put("original_max_position_embeddings", original);
        var implied = slowing(config.deepCopy().set("rope_scaling", scaling));
        boolean same = implied.length == found.length;
        for (int i = 0; same && i < found.length; i++) {
            same = Math.abs(implied[i] - found[i]) <= TOLERANCE * found[i];
        }
        if (!same) {
            throw new IllegalArgumentException(
                    "tensor %s in %s is not the slowing of Llama 3.1 with factor %s from a context of %d"
                            .formatted(FREQUENCIES, file.path(), factor, original));
        }
        return scaling;
    }
}
