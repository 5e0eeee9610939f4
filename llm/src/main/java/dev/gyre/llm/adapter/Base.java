package dev.gyre.llm.adapter;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// The model that an adapter changes.
///
/// @param shapes of every weight by its Hugging Face name, the embedding of the tokens first
/// @param groups heads of keys and values in a layer
/// @param turned whether its checkpoint keeps matrices as (in, out), PEFT's `fan_in_fan_out`; shapes and weights here are
/// (out, in) all the same
/// @param weights on the device by name
public record Base(Map<String, List<Long>> shapes, long groups, boolean turned, Function<String, NDArray> weights) {

    /// The modules of a GPT-2 block that do the work of those of a Llama block.
    private static final Map<String, String> OF_GPT2 = Map.of(
            "q_proj", "c_attn",
            "k_proj", "c_attn",
            "v_proj", "c_attn",
            "o_proj", "attn.c_proj",
            "gate_proj", "c_fc",
            "up_proj", "c_fc",
            "down_proj", "mlp.c_proj",
            "input_layernorm", "ln_1",
            "post_attention_layernorm", "ln_2",
            "norm", "ln_f");

    /// A layer with a matrix.
    ///
    /// @param name such as `model.layers.0.self_attn.q_proj`
    record Layer(String name, long out, long in) {}

    /// The layers with a matrix that are chosen, embeddings too.
    ///
    /// @throws IllegalArgumentException where there is none
    List<Layer> layers(Targets targets) {
        var found = shapes.entrySet().stream()
                .filter(weight -> weight.getValue().size() == 2 && weight.getKey().endsWith(".weight"))
                .map(weight -> new Layer(
                        module(weight.getKey()),
                        weight.getValue().get(0),
                        weight.getValue().get(1)))
                .filter(layer -> targets.match(layer.name(), isLinear(layer.name())))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s match no layer of the model; its layers end in %s".formatted(targets, words(2)));
        }
        return found;
    }

    /// The same, where an embedding cannot be adapted.
    List<Layer> linears(Targets targets) {
        var layers = layers(targets);
        layers.stream().filter(layer -> isEmbedding(layer.name())).findFirst().ifPresent(layer -> {
            throw new IllegalArgumentException("target_modules name %s, an embedding, which this adapter cannot change"
                    .formatted(layer.name()));
        });
        return layers;
    }

    /// The same, for an adapter that PEFT has for plain linear layers alone.
    ///
    /// @throws IllegalArgumentException where the model's layers keep their matrices as (in, out)
    List<Layer> plainLinears(Targets targets) {
        if (turned) {
            throw new IllegalArgumentException(
                    "PEFT has no such adapter for layers that keep their matrices as (in, out), as this model's do;"
                            + " use LoRA, DoRA, AdaLoRA, (IA)³ or VeRA");
        }
        return linears(targets);
    }

    /// The names that modules of a Llama block have in this model.
    List<String> named(List<String> modules) {
        return turned
                ? modules.stream()
                        .map(name -> OF_GPT2.getOrDefault(name, name))
                        .distinct()
                        .toList()
                : modules;
    }

    /// The norms that are chosen.
    List<String> norms(Targets targets) {
        var found = shapes.entrySet().stream()
                .filter(weight -> weight.getValue().size() == 1 && weight.getKey().endsWith(".weight"))
                .map(weight -> module(weight.getKey()))
                .filter(module -> targets.match(module, false))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s match no norm of the model; its norms end in %s".formatted(targets, words(1)));
        }
        return found;
    }

    List<Long> shape(String weight) {
        var shape = shapes.get(weight);
        if (shape == null) {
            throw new IllegalArgumentException("the model has no weight %s".formatted(weight));
        }
        return shape;
    }

    /// The module whose weights end in `.weight` and `.bias`.
    static String module(String weight) {
        return weight.substring(0, weight.lastIndexOf('.'));
    }

    static String word(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    String embedding() {
        return shapes.keySet().iterator().next();
    }

    boolean isEmbedding(String module) {
        return word(module).contains("embed") || word(module).matches("wte|wpe");
    }

    /// What "all-linear" means: no embedding, and not the head.
    private boolean isLinear(String module) {
        return !isEmbedding(module) && !List.of("lm_head", "classifier", "score").contains(module);
    }

    /// Keys of each layer: their number of rows, then the number of layers that have them.
    long[] keys() {
        var keys = shapes.entrySet().stream()
                .filter(weight -> weight.getKey().endsWith(turned ? ".c_attn.weight" : "k_proj.weight"))
                .toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "a prefix needs layers with k_proj of their own, this model has none; use a prompt instead");
        }
        long rows = keys.getFirst().getValue().getFirst();
        return new long[] {turned ? rows / 3 : rows, keys.size()}; // c_attn: queries, keys, values
    }

    private List<String> words(int dimensions) {
        return shapes.entrySet().stream()
                .filter(weight -> weight.getValue().size() == dimensions)
                .map(weight -> word(module(weight.getKey())))
                .distinct()
                .sorted()
                .toList();
    }

    NDArray weight(String name) {
        return Objects.requireNonNull(weights.apply(name));
    }
}
