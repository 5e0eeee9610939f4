package dev.gyre.registry.promotion;

import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A verdict as eval gave it, and what came of it here.
///
/// @param completed missing where the examination failed
/// @param failure why it failed
/// @param fellShort where it is no examination, but what people said of a champion
/// @param outcome `PROMOTED`, `REJECTED`, `ROLLED_BACK` or `KEPT`
/// @param reasons why the version was not promoted, or is not champion any more
public record Examination(
        String id,
        String workspace,
        String name,
        int number,
        @Nullable EvaluationCompleted completed,
        @Nullable String failure,
        @Nullable ChampionFellShort fellShort,
        String outcome,
        List<String> reasons,
        Instant at) {

    public Examination {
        reasons = List.copyOf(reasons);
    }
}
