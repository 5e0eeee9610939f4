package dev.gyre.llm.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The shape of a model, as `config.json` tells it: one that writes, or one that reads.
public sealed interface Architecture permits LlamaConfig, BertConfig {

    /// Number of tokens.
    int vocabulary();

    /// Longest row in tokens.
    int context();

    double normEpsilon();

    /// Every tensor such a model has, with its shape; the embedding of the tokens first.
    Map<String, List<Long>> tensors();

    /// Other names under which older or barer checkpoints keep a tensor.
    default List<String> aliases(String tensor) {
        return List.of();
    }

    /// Writes into a `config.json` what a training may have changed since it was read.
    default void describe(ObjectNode json) {}

    /// Reads a `config.json`.
    ///
    /// @throws IllegalArgumentException where this is not a model this engine runs
    static Architecture read(Path file) {
        var type = JsonFile.read(file).path("model_type").asText();
        return switch (type) {
            case "llama" -> LlamaConfig.read(file);
            case "bert" -> BertConfig.read(file);
            default ->
                throw new IllegalArgumentException("%s: model_type is %s, must be llama or bert"
                        .formatted(file, type.isEmpty() ? "missing" : type));
        };
    }
}
