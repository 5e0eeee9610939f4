package dev.gyre.llm.checkpoint;

import static dev.gyre.llm.checkpoint.ConfigKeys.linear;
import static dev.gyre.llm.checkpoint.ConfigKeys.number;
import static dev.gyre.llm.checkpoint.ConfigKeys.positive;
import static dev.gyre.llm.checkpoint.ConfigKeys.require;
import static dev.gyre.llm.checkpoint.ConfigKeys.requireValue;
import static dev.gyre.llm.checkpoint.ConfigKeys.shape;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The shape of a Llama model, as `config.json` tells it.
///
/// @param groups heads of keys and values, shared by `heads / groups` query heads each
/// @param context longest row in tokens
/// @param tied whether the classifier is the embedding
public record LlamaConfig(
        int vocabulary,
        int width,
        int feedForward,
        int layers,
        int heads,
        int groups,
        int headWidth,
        int context,
        double normEpsilon,
        RopeScaling rope,
        boolean tied,
        boolean attentionBias,
        boolean feedForwardBias,
        int scores)
        implements Architecture {

    public LlamaConfig {
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

    /// A small model: no biases, tied embedding, heads of equal width.
    public static LlamaConfig of(
            int vocabulary, int width, int feedForward, int layers, int heads, int groups, int context) {
        require(width % heads == 0, "hidden_size", width, "a multiple of num_attention_heads " + heads);
        return new LlamaConfig(
                vocabulary,
                width,
                feedForward,
                layers,
                heads,
                groups,
                width / heads,
                context,
                1e-5,
                RopeScaling.plain(10_000),
                true,
                false,
                false,
                0);
    }

    /// The same shape with another number of tokens.
    public LlamaConfig withVocabulary(int tokens) {
        return new LlamaConfig(
                tokens,
                width,
                feedForward,
                layers,
                heads,
                groups,
                headWidth,
                context,
                normEpsilon,
                rope,
                tied,
                attentionBias,
                feedForwardBias,
                scores);
    }

    /// Reads a `config.json`; old and new keys of transformers are both known.
    ///
    /// @throws IllegalArgumentException where this is not a Llama this engine runs
    public static LlamaConfig read(Path file) {
        var json = JsonFile.read(file);
        try {
            return parse(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static LlamaConfig parse(ObjectNode json) {
        requireValue(json, "model_type", "llama");
        if (json.has("hidden_act")) {
            requireValue(json, "hidden_act", "silu");
        }
        require(
                !json.hasNonNull("quantization_config"),
                "quantization_config",
                "set",
                "absent; only plain weights are read");
        int width = number(json, "hidden_size");
        int heads = number(json, "num_attention_heads");
        require(heads > 0, "num_attention_heads", heads, "1 or more");
        return new LlamaConfig(
                number(json, "vocab_size"),
                width,
                number(json, "intermediate_size"),
                number(json, "num_hidden_layers"),
                heads,
                json.hasNonNull("num_key_value_heads") ? number(json, "num_key_value_heads") : heads,
                json.hasNonNull("head_dim") ? number(json, "head_dim") : width / heads,
                number(json, "max_position_embeddings"),
                json.path("rms_norm_eps").asDouble(1e-6),
                RopeScaling.parse(json),
                json.path("tie_word_embeddings").asBoolean(false),
                json.path("attention_bias").asBoolean(false),
                json.path("mlp_bias").asBoolean(false),
                scores(json));
    }

    /// Rows of the score head; 0 where the model writes.
    private static int scores(ObjectNode json) {
        if (!json.path("architectures").path(0).asText().equals("LlamaForSequenceClassification")) {
            return 0;
        }
        int labels = json.path("id2label").size();
        return labels > 0 ? labels : json.path("num_labels").asInt(2);
    }

    /// This shape as a `config.json`, in the keys that every reader of Llama knows.
    public ObjectNode json(ElementType type) {
        var json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add(scores > 0 ? "LlamaForSequenceClassification" : "LlamaForCausalLM");
        json.put("model_type", "llama");
        json.put("vocab_size", vocabulary);
        json.put("hidden_size", width);
        json.put("intermediate_size", feedForward);
        json.put("num_hidden_layers", layers);
        json.put("num_attention_heads", heads);
        json.put("num_key_value_heads", groups);
        json.put("head_dim", headWidth);
        json.put("max_position_embeddings", context);
        json.put("rms_norm_eps", normEpsilon);
        json.put("rope_theta", rope.theta());
        switch (rope) {
            case RopeScaling.Plain _ -> json.putNull("rope_scaling");
            case RopeScaling.Linear linear ->
                json.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
            case RopeScaling.Llama3 llama ->
                json.putObject("rope_scaling")
                        .put("rope_type", "llama3")
                        .put("factor", llama.factor())
                        .put("low_freq_factor", llama.low())
                        .put("high_freq_factor", llama.high())
                        .put("original_max_position_embeddings", (long) llama.original());
        }
        json.put("hidden_act", "silu");
        json.put("tie_word_embeddings", tied);
        json.put("attention_bias", attentionBias);
        json.put("mlp_bias", feedForwardBias);
        if (scores > 0) {
            var labels = json.putObject("id2label");
            for (int i = 0; i < scores; i++) {
                labels.put(Integer.toString(i), "LABEL_" + i);
            }
        }
        json.put("torch_dtype", type.configName());
        return json;
    }

    @Override
    public Map<String, List<Long>> tensors() {
        var all = new LinkedHashMap<String, List<Long>>();
        all.put("model.embed_tokens.weight", shape(vocabulary, width));
        for (int layer = 0; layer < layers; layer++) {
            var block = "model.layers.%d.".formatted(layer);
            all.put(block + "input_layernorm.weight", shape(width));
            linear(all, block + "self_attn.q_proj", heads * headWidth, width, attentionBias);
            linear(all, block + "self_attn.k_proj", groups * headWidth, width, attentionBias);
            linear(all, block + "self_attn.v_proj", groups * headWidth, width, attentionBias);
            linear(all, block + "self_attn.o_proj", width, heads * headWidth, attentionBias);
            all.put(block + "post_attention_layernorm.weight", shape(width));
            linear(all, block + "mlp.gate_proj", feedForward, width, feedForwardBias);
            linear(all, block + "mlp.up_proj", feedForward, width, feedForwardBias);
            linear(all, block + "mlp.down_proj", width, feedForward, feedForwardBias);
        }
        all.put("model.norm.weight", shape(width));
        if (scores > 0) {
            all.put("score.weight", shape(scores, width));
        } else if (!tied) {
            all.put("lm_head.weight", shape(vocabulary, width));
        }
        return all;
    }
}
