package dev.gyre.registry.activity;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One fact as it was told, with a line for people.
///
/// @param id its place in the order of arrival
/// @param event the fact's own id
/// @param type such as `ChampionPromoted`
/// @param correlation the story that it belongs to
/// @param trace trace id of the story
/// @param payload the fact as JSON: references, never data
record Activity(
        long id,
        String event,
        String topic,
        String type,
        String key,
        Instant time,
        String workspace,
        String correlation,
        String trace,
        @Nullable String causation,
        int depth,
        String summary,
        @JsonRawValue String payload) {}
