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
/// @param weights on the device by name
public record Base(Map<String, List<Long>> shapes, long groups, Function<String, NDArray> weights) {

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
                .filter(weight -> weight.getKey().endsWith("k_proj.weight"))
                .toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "a prefix needs layers with k_proj of their own, this model has none; use a prompt instead");
        }
        return new long[] {keys.getFirst().getValue().getFirst(), keys.size()};
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
