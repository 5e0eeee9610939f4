package dev.gyre.llm.training;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.recipe.Regime;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// A Llama that has read thirty sentences about a cat.
final class TinyDecoder {

    private TinyDecoder() {}

    /// @param steps of its pretraining
    static Path write(Path folder, int steps) {
        var documents = IntStream.range(0, 30)
                .mapToObj("the cat %d sat on the mat and the dog ran to the cat"::formatted)
                .toList();
        var shape = LlamaConfig.of(300, 32, 64, 2, 4, 2, 48);
        var regime = Regime.pretraining(1e-2, steps, 4);
        var outcome = Pretraining.run(new PretrainingJob(documents, shape, regime, 7, folder, "cpu"), _ -> {});
        return ((TrainingOutcome.Completed) outcome).huggingFace();
    }
}
