package dev.gyre.llm.checkpoint;

import static dev.gyre.llm.checkpoint.ConfigKeys.attention;
import static dev.gyre.llm.checkpoint.ConfigKeys.checkSizes;
import static dev.gyre.llm.checkpoint.ConfigKeys.gated;
import static dev.gyre.llm.checkpoint.ConfigKeys.number;
import static dev.gyre.llm.checkpoint.ConfigKeys.require;
import static dev.gyre.llm.checkpoint.ConfigKeys.sizes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The shape of a Gemma model (1, 2, or 3 for text), as `config.json` tells it.
///
/// @param generation 1, 2 or 3
/// @param queryScalar what the scores are divided by the root of; the head width in Gemma 1
/// @param attentionCap scores of attention stay within ± this; 0 where they do not
/// @param logitsCap scores of tokens stay within ± this; 0 where they do not
/// @param ropes one, and from Gemma 3 on a second one for layers with a window
public record GemmaConfig(
        int generation,
        int vocabulary,
        int width,
        int feedForward,
        int layers,
        int heads,
        int groups,
        int headWidth,
        int context,
        double normEpsilon,
        List<RopeScaling> ropes,
        boolean tied,
        boolean attentionBias,
        double queryScalar,
        double attentionCap,
        double logitsCap,
        List<Integer> windows)
        implements DecoderConfig {

    /// The values of `model_type`.
    static final Set<String> TYPES = Set.of("gemma", "gemma2", "gemma3_text");

    public GemmaConfig {
        checkSizes(vocabulary, width, feedForward, layers, heads, groups, headWidth, context);
        require(queryScalar > 0, "query_pre_attn_scalar", queryScalar, "more than 0");
        ropes = List.copyOf(ropes);
        windows = List.copyOf(windows);
    }

    /// Reads a `config.json`.
    ///
    /// @throws IllegalArgumentException where this is not a Gemma this engine runs
    public static GemmaConfig read(Path file) {
        return JsonFile.read(file, GemmaConfig::parse);
    }

    private static GemmaConfig parse(JsonNode json) {
        var type = json.path("model_type").asText();
        int generation = type.equals("gemma") ? 1 : type.equals("gemma2") ? 2 : 3;
        var activation =
                json.path("hidden_activation").asText(json.path("hidden_act").asText("gelu_pytorch_tanh"));
        // The first Gemma checkpoints say gelu and mean its tanh form, as transformers does.
        require(
                activation.equals("gelu_pytorch_tanh") || (generation == 1 && activation.equals("gelu")),
                "hidden_activation",
                activation,
                "gelu_pytorch_tanh");
        require(
                !json.path("use_bidirectional_attention").asBoolean(false),
                "use_bidirectional_attention",
                true,
                "false");
        int layers = number(json, "num_hidden_layers");
        int headWidth = json.path("head_dim").asInt(256);
        return new GemmaConfig(
                generation,
                number(json, "vocab_size"),
                number(json, "hidden_size"),
                number(json, "intermediate_size"),
                layers,
                number(json, "num_attention_heads"),
                number(json, "num_key_value_heads"),
                headWidth,
                number(json, "max_position_embeddings"),
                json.path("rms_norm_eps").asDouble(1e-6),
                ropes(json, generation),
                json.path("tie_word_embeddings").asBoolean(true),
                json.path("attention_bias").asBoolean(false),
                generation == 1 ? headWidth : json.path("query_pre_attn_scalar").asDouble(256),
                generation == 2 ? cap(json, "attn_logit_softcapping", 50) : 0,
                generation == 1 ? 0 : cap(json, "final_logit_softcapping", generation == 2 ? 30 : 0),
                generation == 1 ? Collections.nCopies(layers, 0) : windows(json, generation, layers));
    }

    private static double cap(JsonNode json, String key, double otherwise) {
        return json.has(key) ? json.path(key).asDouble(0) : otherwise;
    }

    private static List<RopeScaling> ropes(JsonNode json, int generation) {
        if (generation < 3) {
            return List.of(RopeScaling.parse(json));
        }
        var kinds = json.path("rope_parameters");
        if (kinds.has("full_attention")) {
            return List.of(
                    RopeScaling.parameters(kinds.path("full_attention"), json),
                    RopeScaling.parameters(kinds.path("sliding_attention"), json));
        }
        double local = json.path("rope_local_base_freq").asDouble(10_000);
        return List.of(RopeScaling.parse(json, 1_000_000), RopeScaling.plain(local));
    }

    /// From `layer_types`, or else every second layer (Gemma 2) or all but every sixth (Gemma 3) have a window.
    private static List<Integer> windows(JsonNode json, int generation, int layers) {
        int window = json.path("sliding_window").asInt(4096);
        int period = generation == 2
                ? 2
                : json.path("sliding_window_pattern")
                        .asInt(json.path("_sliding_window_pattern").asInt(6));
        return LayerKinds.windows(json, layers, window, layer -> (layer + 1) % period != 0);
    }

    @Override
    public String program() {
        return "gemma";
    }

    @Override
    public List<Integer> rotations() {
        return windows.stream().map(window -> window > 0 ? ropes.size() : 1).toList();
    }

    @Override
    public Map<String, Double> scalars() {
        var all = new TreeMap<>(
                Map.of("embedding.scale", Math.sqrt(width), "query.scale", Math.sqrt(headWidth / queryScalar)));
        if (attentionCap > 0) {
            all.put("attention.cap", attentionCap);
        }
        if (logitsCap > 0) {
            all.put("logits.cap", logitsCap);
        }
        return all;
    }

    @Override
    public Map<String, List<Long>> tensors() {
        var all = new LinkedHashMap<String, List<Long>>();
        all.put(embedding(), sizes(vocabulary, width));
        for (int layer = 0; layer < layers; layer++) {
            var block = "model.layers.%d.".formatted(layer);
            all.put(block + "input_layernorm.weight", sizes(width));
            attention(all, block + "self_attn", this, attentionBias, attentionBias, generation == 3);
            all.put(block + "post_attention_layernorm.weight", sizes(width));
            if (generation > 1) {
                all.put(block + "pre_feedforward_layernorm.weight", sizes(width));
                all.put(block + "post_feedforward_layernorm.weight", sizes(width));
            }
            gated(all, block + "mlp", this, false);
        }
        all.put("model.norm.weight", sizes(width));
        if (!tied) {
            all.put("lm_head.weight", sizes(vocabulary, width));
        }
        return all;
    }
}
