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

    /// Checks the sizes of a model whose heads share keys and values and turn in pairs.
    static void checkSizes(
            int vocabulary,
            int width,
            int feedForward,
            int layers,
            int heads,
            int groups,
            int headWidth,
            int context) {
        positive("vocab_size", vocabulary);
        positive("hidden_size", width);
        positive("intermediate_size", feedForward);
        positive("num_hidden_layers", layers);
        positive("num_attention_heads", heads);
        positive("num_key_value_heads", groups);
        positive("head_dim", headWidth);
        positive("max_position_embeddings", context);
        require(heads % groups == 0, "num_key_value_heads", groups, "a divisor of num_attention_heads " + heads);
        require(headWidth % 2 == 0, "head_dim", headWidth, "even");
    }

    /// Adds the tensors of attention with grouped heads.
    ///
    /// @param bias whether queries, keys and values have one
    /// @param outputBias whether its output has one
    /// @param normed whether queries and keys are normed, each head by itself
    static void attention(
            Map<String, List<Long>> all,
            String name,
            DecoderConfig config,
            boolean bias,
            boolean outputBias,
            boolean normed) {
        int queries = config.heads() * config.headWidth();
        int keys = config.groups() * config.headWidth();
        linear(all, name + ".q_proj", queries, config.width(), bias);
        linear(all, name + ".k_proj", keys, config.width(), bias);
        linear(all, name + ".v_proj", keys, config.width(), bias);
        linear(all, name + ".o_proj", config.width(), queries, outputBias);
        if (normed) {
            all.put(name + ".q_norm.weight", sizes(config.headWidth()));
            all.put(name + ".k_norm.weight", sizes(config.headWidth()));
        }
    }

    /// Adds the tensors of a gated feed-forward layer.
    static void gated(Map<String, List<Long>> all, String name, DecoderConfig config, boolean bias) {
        linear(all, name + ".gate_proj", config.feedForward(), config.width(), bias);
        linear(all, name + ".up_proj", config.feedForward(), config.width(), bias);
        linear(all, name + ".down_proj", config.width(), config.feedForward(), bias);
    }

    /// Adds the tensors of a norm with a bias.
    static void norm(Map<String, List<Long>> all, String name, int width) {
        all.put(name + ".weight", sizes(width));
        all.put(name + ".bias", sizes(width));
    }

    static List<Long> sizes(long... sizes) {
        return Arrays.stream(sizes).boxed().toList();
    }
}
