package dev.gyre.eval.scorecard;

import dev.gyre.events.ModelVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An examination that somebody has taken up.
///
/// @param attempts how often it was taken up, this time included; it also tells this holder from a later one
/// @param cause the story it belongs to
record Examination(
        String id,
        String workspace,
        String model,
        int number,
        @Nullable String run,
        int attempts,
        String cause,
        Instant createdAt) {

    ModelVersion version() {
        return new ModelVersion(model, number);
    }
}
