package dev.gyre.annotation.quality;

import org.jspecify.annotations.Nullable;

/// A judgement that stands, as far as its quality goes.
///
/// @param kind what stands behind the annotator
/// @param value what it comes to, as it is counted; nothing for a text
/// @param strength −3…3 for a pair
/// @param left the candidate that was shown first
/// @param activeMillis 0 where it was not measured
record Answer(
        String task,
        String annotator,
        String kind,
        @Nullable String value,
        int strength,
        @Nullable String left,
        long activeMillis) {

    /// The side that a pair was decided for, in the order of the source, or the value: ids of candidates differ from
    /// task
    /// to task in what they stand for.
    @Nullable
    String vote() {
        if (strength == 0) {
            return value;
        }
        return strength < 0 ? "first" : "second";
    }
}
