package dev.gyre.trainer.run;

import dev.gyre.events.TrainingEvent.TrainingRequested;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A training run as it stands in the store.
///
/// @param cause the story that its facts belong to, as [dev.gyre.delivery.Cause#encoded] writes it
/// @param furthest last step that any attempt is known to have reached
/// @param progress the last step that was seen, null before the first
record Run(
        TrainingRequested requested,
        String requestedBy,
        String cause,
        RunState state,
        int furthest,
        @Nullable Step progress,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    /// @param step finished steps of `steps`
    record Step(int step, int steps, double loss, double tokensPerSecond) {}

    String id() {
        return requested.run();
    }

    Run in(RunState next) {
        return new Run(requested, requestedBy, cause, next, furthest, progress, createdAt, startedAt, endedAt);
    }
}
