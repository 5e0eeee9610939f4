package dev.gyre.llm.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The shape of a model, as `config.json` tells it: one that writes, or one that reads.
public sealed interface Architecture permits DecoderConfig, BertConfig {

    /// Number of tokens.
    int vocabulary();

    /// Longest row in tokens.
    int context();

    double normEpsilon();

    /// Every tensor such a model has, with its shape; the embedding of the tokens first.
    Map<String, List<Long>> tensors();

    /// What a program must know of it, as whole numbers.
    long[] shape();

    /// Other names under which older or barer checkpoints keep a tensor.
    default List<String> aliases(String tensor) {
        return List.of();
    }

    /// Whether checkpoints keep this matrix as (in, out); programs take all of them as (out, in).
    default boolean isTurned(String tensor) {
        return false;
    }

    /// Writes into a `config.json` what a training may have changed since it was read.
    default void describe(ObjectNode json) {}

    /// Reads a `config.json`.
    ///
    /// @throws IllegalArgumentException where this is not a model this engine runs
    static Architecture read(Path file) {
        var type = JsonFile.read(file).path("model_type").asText();
        if (LlamaConfig.TYPES.contains(type)) {
            return LlamaConfig.read(file);
        }
        if (GemmaConfig.TYPES.contains(type)) {
            return GemmaConfig.read(file);
        }
        return switch (type) {
            case "gpt2" -> Gpt2Config.read(file);
            case "bert" -> BertConfig.read(file);
            default ->
                throw new IllegalArgumentException("%s: model_type is %s, must be one of %s, %s, gpt2, bert"
                        .formatted(
                                file,
                                type.isEmpty() ? "missing" : type,
                                String.join(", ", LlamaConfig.TYPES.stream().sorted().toList()),
                                String.join(", ", GemmaConfig.TYPES.stream().sorted().toList())));
        };
    }
}
