package dev.gyre.llm.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a training ended.
public sealed interface TrainingOutcome {

    /// The model is there.
    ///
    /// @param huggingFace complete folder, any adapter merged in: `config.json`, `model.safetensors`, tokenizer; where
    /// an adapter cannot be merged ([dev.gyre.llm.adapter.Tuning#merges]), the base, which needs the adapter beside it
    /// @param adapter PEFT folder; absent where all weights were trained
    /// @param rows read from the file and used, each counted once
    /// @param tokens read by the model over all epochs, padding excluded
    /// @param seconds of computing, over all resumed parts
    /// @param metrics of the last step and counts: `loss`, `firstLoss`, `rowsCut`, …
    record Completed(
            Path huggingFace,
            @Nullable Path adapter,
            int steps,
            int rows,
            long tokens,
            double seconds,
            Map<String, Double> metrics)
            implements TrainingOutcome {

        public Completed {
            metrics = Map.copyOf(metrics);
        }
    }

    /// The listener stopped it after this step; a checkpoint is kept.
    record Cancelled(int step) implements TrainingOutcome {}

    /// The rows cannot be trained on; nothing was computed.
    record Refused(List<String> reasons) implements TrainingOutcome {

        public Refused {
            reasons = List.copyOf(reasons);
        }
    }
}
