package dev.gyre.cli.speed;

import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.text.BytePairTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Sizes of well-known models, for weights that know nothing.
enum Shape {
    /// About a million parameters, to try a bench out.
    TINY("tiny", LlamaConfig.of(512, 128, 352, 5, 8, 4, 512)),
    /// As `HuggingFaceTB/SmolLM2-135M`, with a context of 2048.
    SMOLLM2_135M("smollm2-135m", LlamaConfig.of(49_152, 576, 1_536, 30, 9, 3, 2_048)),
    /// As `TinyLlama/TinyLlama-1.1B`, but for its embedding, which is tied here.
    TINYLLAMA_1B("tinyllama-1.1b", LlamaConfig.of(32_000, 2_048, 5_632, 22, 32, 4, 2_048));

    private static final List<String> TOKENIZER =
            List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json");

    private final String word;
    private final LlamaConfig config;

    Shape(String word, LlamaConfig config) {
        this.word = word;
        this.config = config;
    }

    static Shape of(String word) {
        return Arrays.stream(values())
                .filter(shape -> shape.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--shape is %s, must be one of %s"
                        .formatted(
                                word,
                                Arrays.stream(values()).map(shape -> shape.word).collect(Collectors.joining(", ")))));
    }

    int context() {
        return config.context();
    }

    /// Writes a model of this shape whose tokens are the bytes of a text.
    void write(Path folder, ElementType type) {
        BytePairTrainer.train(List.of(), BytePairTrainer.LEAST, folder, config.context());
        writeModel(folder, type);
    }

    /// Writes a model of this shape with the tokenizer of another folder.
    void write(Path folder, ElementType type, Path tokenizer) throws IOException {
        for (var name : TOKENIZER) {
            if (Files.exists(tokenizer.resolve(name))) {
                Files.copy(tokenizer.resolve(name), folder.resolve(name));
            }
        }
        writeModel(folder, type);
    }

    private void writeModel(Path folder, ElementType type) {
        JsonFile.write(folder.resolve("config.json"), config.json(type));
        FirstWeights.write(folder.resolve("model.safetensors"), config, type, 0);
    }
}
