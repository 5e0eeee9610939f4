package dev.gyre.llm.checkpoint;

import static dev.gyre.llm.checkpoint.ConfigKeys.norm;
import static dev.gyre.llm.checkpoint.ConfigKeys.number;
import static dev.gyre.llm.checkpoint.ConfigKeys.positive;
import static dev.gyre.llm.checkpoint.ConfigKeys.require;
import static dev.gyre.llm.checkpoint.ConfigKeys.sizes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The shape of a GPT-2 model, as `config.json` tells it; its layers keep their weights as (in, out).
public record Gpt2Config(
        int vocabulary,
        int width,
        int feedForward,
        int layers,
        int heads,
        int context,
        double normEpsilon,
        boolean tied)
        implements DecoderConfig {

    private static final String PREFIX = "transformer.";
    private static final Set<String> TANH = Set.of("gelu_new", "gelu_pytorch_tanh");

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
        var activation = json.path("activation_function").asText("gelu_new");
        require(TANH.contains(activation), "activation_function", activation, "one of " + TANH);
        require(json.path("scale_attn_weights").asBoolean(true), "scale_attn_weights", false, "true");
        require(
                !json.path("scale_attn_by_inverse_layer_idx").asBoolean(false),
                "scale_attn_by_inverse_layer_idx",
                true,
                "false");
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
                json.path("tie_word_embeddings").asBoolean(true));
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
