package dev.gyre.registry.promotion;

import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.EvaluationEvent.Verdict;
import dev.gyre.registry.promotion.Decision.Keep;
import dev.gyre.registry.promotion.Decision.Promote;
import dev.gyre.registry.promotion.Decision.Reject;
import dev.gyre.registry.promotion.Decision.RollBack;
import dev.gyre.registry.version.VersionState;
import dev.gyre.registry.version.VersionState.Candidate;
import dev.gyre.registry.version.VersionState.Champion;
import dev.gyre.registry.version.VersionState.Rejected;
import dev.gyre.registry.version.VersionState.Retired;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The only way to become champion: a passing verdict that compared with the champion of this very moment.
///
/// @param champion number of the present champion, none before the first
record PromotionPolicy(@Nullable Integer champion) {

    /// @param comparedWith number of the version that the examination compared with
    Decision judge(
            VersionState version,
            String evaluation,
            Verdict verdict,
            List<String> reasons,
            @Nullable Integer comparedWith) {
        return switch (version) {
            case Champion ignored -> new Keep("it is champion already");
            case Retired ignored -> new Keep("it was champion before; roll back to it instead");
            case Candidate candidate -> {
                var objections = objections(verdict, reasons, comparedWith);
                yield objections.isEmpty()
                        ? new Promote(candidate.crown(evaluation))
                        : new Reject(candidate.reject(evaluation, objections));
            }
            case Rejected rejected -> {
                var objections = objections(verdict, reasons, comparedWith);
                yield objections.isEmpty()
                        ? new Promote(rejected.crown(evaluation))
                        : new Reject(rejected.reject(evaluation, objections));
            }
        };
    }

    /// What becomes of a version that people rate worse than the champion before it.
    ///
    /// @param again whether it was rolled back for that before: who made it champion once more has decided
    static Decision recall(
            ChampionFellShort fell, VersionState version, VersionState predecessor, boolean again) {
        if (!(version instanceof Champion)) {
            return new Keep("it is not champion any more");
        }
        if (again) {
            return new Keep("it was rolled back once, and somebody made it champion again");
        }
        return predecessor instanceof Retired retired
                ? new RollBack(fell.predecessor(), retired.restore(), fell.reason())
                : new Keep("%s was never champion".formatted(fell.predecessor()));
    }

    private List<String> objections(Verdict verdict, List<String> reasons, @Nullable Integer comparedWith) {
        return switch (verdict) {
            case PASS ->
                Objects.equals(champion, comparedWith)
                        ? List.of()
                        : List.of("compared with %s but %s; it has to be examined again"
                                .formatted(
                                        comparedWith == null ? "nothing" : "v" + comparedWith,
                                        champion == null
                                                ? "there is no champion"
                                                : "v%d is champion".formatted(champion)));
            case FAIL -> reasons.isEmpty() ? List.of("the examination was not passed") : reasons;
            case INCONCLUSIVE -> reasons.isEmpty() ? List.of("the examination was inconclusive") : reasons;
        };
    }
}
