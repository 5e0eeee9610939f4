package dev.gyre.llm.training;

/// Hears how a training proceeds, and may end it.
@FunctionalInterface
public interface TrainingListener {

    /// What a training does; each phase but the last may be missing.
    enum Phase {
        /// The model as it was reads all rows, for objectives that compare with it.
        REFERENCE,
        /// Steps.
        LEARNING
    }

    /// Called when a phase begins.
    default void began(Phase phase) {}

    /// Called after every step, on the training's own thread.
    void progressed(Progress progress);

    /// Asked after every step; true stops the training, which keeps a checkpoint to resume from.
    default boolean cancelled() {
        return false;
    }
}
