package dev.gyre.registry.promotion;

import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A verdict as eval gave it, and what came of it here.
///
/// @param completed missing where the examination failed
/// @param failure why it failed
/// @param outcome `PROMOTED`, `REJECTED` or `KEPT`
/// @param reasons why the version was not promoted
public record Examination(
        String id,
        String workspace,
        String name,
        int number,
        @Nullable EvaluationCompleted completed,
        @Nullable String failure,
        String outcome,
        List<String> reasons,
        Instant at) {

    public Examination {
        reasons = List.copyOf(reasons);
    }
}
