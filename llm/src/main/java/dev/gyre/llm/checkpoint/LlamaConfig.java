package dev.gyre.llm.checkpoint;

import static dev.gyre.llm.checkpoint.ConfigKeys.attention;
import static dev.gyre.llm.checkpoint.ConfigKeys.checkSizes;
import static dev.gyre.llm.checkpoint.ConfigKeys.gated;
import static dev.gyre.llm.checkpoint.ConfigKeys.number;
import static dev.gyre.llm.checkpoint.ConfigKeys.require;
import static dev.gyre.llm.checkpoint.ConfigKeys.requireValue;
import static dev.gyre.llm.checkpoint.ConfigKeys.sizes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The shape of a Llama model or one of its kin, as `config.json` tells it: Mistral, Qwen2, Qwen3, SmolLM3.
///
/// @param type `model_type`
/// @param groups heads of keys and values, shared by `heads / groups` query heads each
/// @param context longest row in tokens
/// @param tied whether the classifier is the embedding
/// @param attentionBias whether queries, keys and values have a bias
/// @param outputBias whether the output of attention has a bias
/// @param queryKeyNorm whether queries and keys are normed, each head by itself
/// @param windows of each layer how many tokens a token sees, itself included; 0 is all
/// @param rotations of each layer 1 where positions turn queries and keys, 0 where not
public record LlamaConfig(
        String type,
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
        boolean outputBias,
        boolean feedForwardBias,
        boolean queryKeyNorm,
        List<Integer> windows,
        List<Integer> rotations,
        int scores)
        implements DecoderConfig {

    /// The values of `model_type`.
    static final Set<String> TYPES = Set.of("llama", "mistral", "qwen2", "qwen3", "smollm3");

    public LlamaConfig {
        checkSizes(vocabulary, width, feedForward, layers, heads, groups, headWidth, context);
        windows = List.copyOf(windows);
        rotations = List.copyOf(rotations);
    }

    /// A small model: no biases, tied embedding, heads of equal width.
    public static LlamaConfig of(
            int vocabulary, int width, int feedForward, int layers, int heads, int groups, int context) {
        require(width % heads == 0, "hidden_size", width, "a multiple of num_attention_heads " + heads);
        return new LlamaConfig(
                "llama",
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
                false,
                false,
                Collections.nCopies(layers, 0),
                Collections.nCopies(layers, 1),
                0);
    }

    /// The same shape with another number of tokens.
    public LlamaConfig withVocabulary(int tokens) {
        return with(tokens, scores);
    }

    /// The same shape with a head of so many scores in place of the one that writes.
    public LlamaConfig withScores(int rows) {
        return with(vocabulary, rows);
    }

    private LlamaConfig with(int tokens, int rows) {
        return new LlamaConfig(
                type,
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
                outputBias,
                feedForwardBias,
                queryKeyNorm,
                windows,
                rotations,
                rows);
    }

    /// A model with a head of scores says so, with the token behind a row's end, which transformers asks for.
    @Override
    public void describe(ObjectNode json) {
        if (scores == 0) {
            return;
        }
        var written = json.path("architectures").path(0).asText("LlamaForCausalLM");
        json.putArray("architectures").add(written.replaceFirst("For[A-Za-z]+$", "ForSequenceClassification"));
        var names = json.putObject("id2label");
        var numbers = json.putObject("label2id");
        for (int i = 0; i < scores; i++) {
            names.put(Integer.toString(i), "LABEL_" + i);
            numbers.put("LABEL_" + i, i);
        }
        if (!json.hasNonNull("pad_token_id") && json.hasNonNull("eos_token_id")) {
            var end = json.get("eos_token_id");
            json.set("pad_token_id", end.isArray() ? end.get(0) : end);
        }
    }

    /// Reads a `config.json`; old and new keys of transformers are both known.
    ///
    /// @throws IllegalArgumentException where this is not a Llama this engine runs
    public static LlamaConfig read(Path file) {
        return JsonFile.read(file, LlamaConfig::parse);
    }

    private static LlamaConfig parse(ObjectNode json) {
        var type = json.path("model_type").asText();
        require(TYPES.contains(type), "model_type", type.isEmpty() ? "missing" : type, "one of " + TYPES);
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
        int layers = number(json, "num_hidden_layers");
        int context = RopeScaling.context(json);
        boolean bias = type.equals("qwen2") || json.path("attention_bias").asBoolean(false);
        return new LlamaConfig(
                type,
                number(json, "vocab_size"),
                width,
                number(json, "intermediate_size"),
                layers,
                heads,
                json.hasNonNull("num_key_value_heads") ? number(json, "num_key_value_heads") : heads,
                headWidth(json, type, width / heads),
                context,
                json.path("rms_norm_eps").asDouble(1e-6),
                RopeScaling.parse(json),
                json.path("tie_word_embeddings").asBoolean(type.equals("smollm3")),
                bias,
                bias && !type.equals("qwen2"),
                json.path("mlp_bias").asBoolean(false),
                type.equals("qwen3"),
                windows(json, type, layers),
                rotations(json, type, layers),
                scores(json));
    }

    /// Rows of the score head; 0 where the model writes.
    private static int scores(JsonNode json) {
        if (!json.path("architectures").path(0).asText().endsWith("ForSequenceClassification")) {
            return 0;
        }
        int labels = json.path("id2label").size();
        return labels > 0 ? labels : json.path("num_labels").asInt(2);
    }

    private static int headWidth(JsonNode json, String type, int otherwise) {
        if (json.hasNonNull("head_dim")) {
            return number(json, "head_dim");
        }
        return type.equals("qwen3") ? 128 : otherwise;
    }

    /// Mistral has its window in every layer; where `use_sliding_window` says so, Qwen has one in the layers from
    /// `max_window_layers` on and SmolLM3 in those without positions, unless `layer_types` says otherwise.
    private static List<Integer> windows(JsonNode json, String type, int layers) {
        int window = json.path("sliding_window").asInt(json.has("sliding_window") || type.equals("smollm3") ? 0 : 4096);
        if (type.equals("mistral")) {
            return Collections.nCopies(layers, window);
        }
        if (window == 0
                || type.equals("llama")
                || !json.path("use_sliding_window").asBoolean(false)) {
            return Collections.nCopies(layers, 0);
        }
        int from = json.path("max_window_layers").asInt(28);
        var rotations = rotations(json, type, layers);
        return LayerKinds.windows(
                json, layers, window, layer -> type.equals("smollm3") ? rotations.get(layer) == 0 : layer >= from);
    }

    /// SmolLM3 leaves positions out of some layers ([paper](https://arxiv.org/abs/2501.18795)).
    private static List<Integer> rotations(JsonNode json, String type, int layers) {
        if (!type.equals("smollm3")) {
            return Collections.nCopies(layers, 1);
        }
        var given = json.path("no_rope_layers");
        if (!given.isArray()) {
            int interval = json.path("no_rope_layer_interval").asInt(4);
            return IntStream.range(0, layers)
                    .mapToObj(layer -> (layer + 1) % interval == 0 ? 0 : 1)
                    .toList();
        }
        require(
                given.size() == layers,
                "no_rope_layers",
                given.size() + " entries",
                "one for each of the layers " + layers);
        return IntStream.range(0, layers)
                .mapToObj(layer -> given.get(layer).asInt() == 0 ? 0 : 1)
                .toList();
    }

    @Override
    public String program() {
        return "llama";
    }

    @Override
    public List<RopeScaling> ropes() {
        return List.of(rope);
    }

    /// This shape as a `config.json`, in the keys that every reader of Llama knows.
    ///
    /// @throws IllegalStateException for one of its kin, which is only ever read from a `config.json`
    public ObjectNode json(ElementType type) {
        if (!this.type.equals("llama")) {
            throw new IllegalStateException("only a llama is described anew, this is a " + this.type);
        }
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
        rope.describe(json);
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
        all.put("model.embed_tokens.weight", sizes(vocabulary, width));
        for (int layer = 0; layer < layers; layer++) {
            var block = "model.layers.%d.".formatted(layer);
            all.put(block + "input_layernorm.weight", sizes(width));
            attention(all, block + "self_attn", this, attentionBias, outputBias, queryKeyNorm);
            all.put(block + "post_attention_layernorm.weight", sizes(width));
            gated(all, block + "mlp", this, feedForwardBias);
        }
        all.put("model.norm.weight", sizes(width));
        if (scores > 0) {
            all.put("score.weight", sizes(scores, width));
        } else if (!tied) {
            all.put("lm_head.weight", sizes(vocabulary, width));
        }
        return all;
    }
}
