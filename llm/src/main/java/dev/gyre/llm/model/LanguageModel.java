package dev.gyre.llm.model;

import java.nio.file.Path;
import java.util.List;

/// A causal language model open on a device; calls are serialised inside, [#close] frees its native memory.
public final class LanguageModel implements AutoCloseable {

    private LanguageModel() {}

    /// Opens a Hugging Face folder (`config.json`, `model.safetensors` or shards, `tokenizer.json`).
    ///
    /// @param device `auto`, `cpu` or `cuda:N`
    /// @throws IllegalArgumentException naming the file, the tensor, the shapes and the remedy where the folder is not a model this engine runs
    public static LanguageModel open(Path folder, String device) {
        throw new UnsupportedOperationException();
    }

    /// Opens a Hugging Face folder with a PEFT LoRA folder merged into it.
    public static LanguageModel open(Path folder, Path adapter, String device) {
        throw new UnsupportedOperationException();
    }

    /// Scores every row; the order of the answers is the order of the rows.
    public List<Score> score(List<PromptCompletion> rows) {
        throw new UnsupportedOperationException();
    }

    /// Writes on after a prompt; the answer excludes prompt and end token.
    public String generate(String prompt, Sampling sampling) {
        throw new UnsupportedOperationException();
    }

    /// The longest row in tokens.
    public int context() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
