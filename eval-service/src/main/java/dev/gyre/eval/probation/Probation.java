package dev.gyre.eval.probation;

import dev.gyre.events.ModelVersion;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A new champion while its first ratings come, and what they said.
///
/// @param predecessor the version that was champion before
/// @param ratings interactions of the champion that were rated, as far as they are needed
/// @param nextLook ratings at which they are looked at next, missing once it is over
/// @param reason how it ended, missing until then
public record Probation(
        String id,
        ModelVersion model,
        ModelVersion predecessor,
        State state,
        int ratings,
        @Nullable Integer nextLook,
        List<Look> looks,
        @Nullable String reason,
        Instant beganAt,
        @Nullable Instant endedAt) {

    enum State {
        /// Ratings come.
        OPEN,
        /// The last look was taken; what happens later is not the champion's but the world's.
        PASSED,
        /// It was told that the champion is worse than its predecessor.
        FELL_SHORT,
        /// The ratings of the two say nothing about each other.
        NOT_COMPARABLE,
        /// Another version became champion first.
        OVERTAKEN
    }

    public Probation {
        looks = List.copyOf(looks);
    }
}
