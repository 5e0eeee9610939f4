package dev.gyre.llm.search;

import dev.gyre.llm.training.TrainingOutcome;
import java.util.List;

/// What a search found.
///
/// @param best the trial with the smallest held-out loss among those that went to the end
/// @param training what the best trial made
/// @param trials all of them, in the order of drawing
/// @param steps made by all trials together
public record SearchOutcome(Trial best, TrainingOutcome.Completed training, List<Trial> trials, long steps) {

    public SearchOutcome {
        trials = List.copyOf(trials);
    }
}
