package dev.gyre.llm.checkpoint;

import static dev.gyre.llm.checkpoint.ConfigKeys.norm;
import static dev.gyre.llm.checkpoint.ConfigKeys.number;
import static dev.gyre.llm.checkpoint.ConfigKeys.positive;
import static dev.gyre.llm.checkpoint.ConfigKeys.require;
import static dev.gyre.llm.checkpoint.ConfigKeys.sizes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The shape of a GPT-2 model, as `config.json` tells it; its layers keep their weights as (in, out).
///
/// `reorder_and_upcast_attn` changes nothing here: scores of attention become shares in fp32 anyhow.
///
/// @param rooted whether the scores of attention are divided by the root of the head width
/// @param deepening whether those of layer n, from 1, are divided by n too
public record Gpt2Config(
        int vocabulary,
        int width,
        int feedForward,
        int layers,
        int heads,
        int context,
        double normEpsilon,
        boolean tied,
        Activation activation,
        boolean rooted,
        boolean deepening)
        implements DecoderConfig {

    private static final String PREFIX = "transformer.";
    private static final Set<String> TURNED = Set.of("c_attn", "c_proj", "c_fc");

    /// What stands between the two layers of a feed-forward block, in the order of the program.
    public enum Activation {
        /// GELU in its tanh form ([paper](https://arxiv.org/abs/1606.08415), section 2).
        GELU_TANH("gelu_new", "gelu_pytorch_tanh", "gelu_fast"),
        GELU("gelu", "gelu_python"),
        RELU("relu"),
        SILU("silu", "swish");

        private final List<String> words;

        Activation(String... words) {
            this.words = List.of(words);
        }

        static Activation of(String word) {
            return Arrays.stream(values())
                    .filter(activation -> activation.words.contains(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("activation_function is %s, must be one of %s"
                            .formatted(
                                    word,
                                    Arrays.stream(values())
                                            .flatMap(activation -> activation.words.stream())
                                            .collect(Collectors.joining(", ")))));
        }
    }

    public Gpt2Config {
        positive("vocab_size", vocabulary);
        positive("n_embd", width);
        positive("n_inner", feedForward);
        positive("n_layer", layers);
        positive("n_head", heads);
        positive("n_positions", context);
        require(width % heads == 0, "n_embd", width, "a multiple of n_head " + heads);
    }

    /// Reads a `config.json`.
    ///
    /// @throws IllegalArgumentException where this is not a GPT-2 this engine runs
    public static Gpt2Config read(Path file) {
        return JsonFile.read(file, Gpt2Config::parse);
    }

    private static Gpt2Config parse(JsonNode json) {
        require(!json.path("add_cross_attention").asBoolean(false), "add_cross_attention", true, "false");
        int width = number(json, "n_embd");
        return new Gpt2Config(
                number(json, "vocab_size"),
                width,
                json.hasNonNull("n_inner") ? number(json, "n_inner") : 4 * width,
                number(json, "n_layer"),
                number(json, "n_head"),
                number(json, "n_positions"),
                json.path("layer_norm_epsilon").asDouble(1e-5),
                json.path("tie_word_embeddings").asBoolean(true),
                Activation.of(json.path("activation_function").asText("gelu_new")),
                json.path("scale_attn_weights").asBoolean(true),
                json.path("scale_attn_by_inverse_layer_idx").asBoolean(false));
    }

    @Override
    public String program() {
        return "gpt2";
    }

    @Override
    public int groups() {
        return heads;
    }

    @Override
    public int headWidth() {
        return width / heads;
    }

    @Override
    public List<Integer> windows() {
        return Collections.nCopies(layers, 0);
    }

    @Override
    public List<Integer> rotations() {
        return Collections.nCopies(layers, 0);
    }

    @Override
    public List<RopeScaling> ropes() {
        return List.of();
    }

    @Override
    public Map<String, Double> scalars() {
        return rooted ? Map.of() : Map.of("query.scale", Math.sqrt(headWidth()));
    }

    /// As of every decoder, then the activation, then 1 where scores are divided by the layer's number.
    @Override
    public long[] shape() {
        var before = DecoderConfig.super.shape();
        var shape = Arrays.copyOf(before, before.length + 2);
        shape[before.length] = activation.ordinal();
        shape[before.length + 1] = deepening ? 1 : 0;
        return shape;
    }

    @Override
    public boolean isTurned(String tensor) {
        var words = tensor.split("\\.");
        return words.length > 2 && words[words.length - 1].equals("weight") && TURNED.contains(words[words.length - 2]);
    }

    @Override
    public String embedding() {
        return PREFIX + "wte.weight";
    }

    @Override
    public Map<String, List<Long>> tensors() {
        var all = new LinkedHashMap<String, List<Long>>();
        all.put(embedding(), sizes(vocabulary, width));
        all.put(PREFIX + "wpe.weight", sizes(context, width));
        for (int layer = 0; layer < layers; layer++) {
            var block = PREFIX + "h.%d.".formatted(layer);
            norm(all, block + "ln_1", width);
            layer(all, block + "attn.c_attn", width, 3 * width);
            layer(all, block + "attn.c_proj", width, width);
            norm(all, block + "ln_2", width);
            layer(all, block + "mlp.c_fc", width, feedForward);
            layer(all, block + "mlp.c_proj", feedForward, width);
        }
        norm(all, PREFIX + "ln_f", width);
        if (!tied) {
            all.put("lm_head.weight", sizes(vocabulary, width));
        }
        return all;
    }

    private static void layer(Map<String, List<Long>> all, String name, int in, int out) {
        all.put(name + ".weight", sizes(in, out));
        all.put(name + ".bias", sizes(out));
    }

    /// The first checkpoints leave out the prefix.
    @Override
    public List<String> aliases(String tensor) {
        return tensor.startsWith(PREFIX) ? List.of(tensor.substring(PREFIX.length())) : List.of();
    }
}
