package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.events.SampleDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row as it is understood: a task, and what people said of it.
///
/// @param id the row's own id, where it has one
/// @param slice part of the population, where the row says so
record Draft(
        @Nullable String id,
        @Nullable String slice,
        SampleDocument document,
        List<Given> given) {

    Draft {
        given = List.copyOf(given);
    }

    /// A judgement in the row.
    ///
    /// @param annotator who gave it, as the file calls them
    /// @param kind `HUMAN`, `LLM`, `CODE` or `SIMULATED`, where the file says so
    /// @param answers by question, in the fields of the API
    record Given(
            @Nullable String annotator,
            @Nullable String kind,
            Map<String, JsonNode> answers,
            @Nullable String comment,
            long activeMillis) {

        Given {
            answers = new LinkedHashMap<>(answers);
        }

        Given(@Nullable String annotator, Map<String, JsonNode> answers) {
            this(annotator, null, answers, null, 0);
        }
    }

    Draft(SampleDocument document, List<Given> given) {
        this(null, null, document, given);
    }
}
