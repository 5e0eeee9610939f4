package dev.gyre.llm.model;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.DecoderConfig;
import java.nio.file.Path;

/// A model open on a device: one that writes, or one that reads.
public sealed interface OpenModel extends AutoCloseable permits LanguageModel, Encoder {

    /// Opens a Hugging Face folder of either.
    ///
    /// @param device `auto`, `cpu` or `cuda:N`
    /// @throws IllegalArgumentException where the folder is not a model this engine runs
    static OpenModel open(Path folder, String device) {
        return switch (Architecture.read(folder.resolve("config.json"))) {
            case DecoderConfig _ -> LanguageModel.open(folder, device);
            case BertConfig _ -> Encoder.open(folder, device);
        };
    }

    @Override
    void close();
}
