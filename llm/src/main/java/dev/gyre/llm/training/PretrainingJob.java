package dev.gyre.llm.training;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.recipe.Regime;
import java.nio.file.Path;
import java.util.List;

/// A model to make from nothing.
///
/// @param documents the texts it learns to write
/// @param shape of the model; its vocabulary is the most tokens the tokenizer may have
/// @param work folder of this job alone, resumed like that of a [TrainingJob]
public record PretrainingJob(
        List<String> documents, LlamaConfig shape, Regime regime, long seed, Path work, String device) {

    public PretrainingJob {
        documents = List.copyOf(documents);
    }
}
