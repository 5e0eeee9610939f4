package dev.gyre.llm.training;

/// Trains a model by a recipe: resumes, computes, saves.
public final class Training {

    private Training() {}

    /// Runs a job to its end on the calling thread.
    ///
    /// @throws IllegalArgumentException where the base folder or the device cannot be used, saying what, where and why
    public static TrainingOutcome run(TrainingJob job, TrainingListener listener) {
        throw new UnsupportedOperationException();
    }
}
