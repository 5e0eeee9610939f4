package dev.gyre.annotation.search;

import java.util.Map;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// A task as a search lists it.
///
/// @param excerpt how its text begins; nothing where the text was not looked at yet
/// @param reason why it is no task
/// @param judged judgements that stand
/// @param agreement share of the pairs of answers that say the same
/// @param said how often each value was said
public record FoundTask(
        String task,
        long position,
        String externalId,
        String slice,
        @Nullable String excerpt,
        String state,
        @Nullable String reason,
        int judged,
        int wanted,
        @Nullable Double agreement,
        @Json Map<String, Integer> said) {

    public FoundTask {
        said = Map.copyOf(said);
    }
}
