package dev.gyre.annotation.review;

import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// What a reviewer decided for a task.
///
/// @param reviewer pseudonym
/// @param judgement the one that is taken for right; nothing where the reviewer answered
/// @param value as it is counted
/// @param strength −3…3 for a pair
/// @param data the reviewer's answer as JSON
/// @param reason in the reviewer's words
public record Adjudication(
        String id,
        String reviewer,
        @Nullable String judgement,
        @Nullable String value,
        int strength,
        @Json Map<String, Object> data,
        String reason,
        Instant decidedAt,
        @Nullable Instant withdrawnAt,
        @Nullable String withdrawnReason) {

    public Adjudication {
        data = Map.copyOf(data);
    }
}
