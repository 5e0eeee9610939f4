package dev.gyre.llm.training;

/// Hears how a training proceeds, and may end it.
@FunctionalInterface
public interface TrainingListener {

    /// Called after every step, on the training's own thread.
    void progressed(Progress progress);

    /// Asked after every step; true stops the training, which keeps a checkpoint to resume from.
    default boolean cancelled() {
        return false;
    }
}
