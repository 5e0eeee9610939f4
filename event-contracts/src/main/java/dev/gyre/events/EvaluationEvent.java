package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the examination of a model version ended in, and how it did as champion. Told by eval, keyed by model name.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = EvaluationEvent.EvaluationCompleted.class, name = "EvaluationCompleted"),
    @Type(value = EvaluationEvent.EvaluationFailed.class, name = "EvaluationFailed"),
    @Type(value = EvaluationEvent.ChampionFellShort.class, name = "ChampionFellShort")
})
public sealed interface EvaluationEvent extends Fact {

    String TOPIC = "evaluations";

    ModelVersion model();

    @Override
    default String key() {
        return model().name();
    }

    enum Verdict {
        PASS,
        FAIL,
        INCONCLUSIVE
    }

    /// Candidate and champion on the same rows.
    ///
    /// @param suite the data set whose held-out part was used
    /// @param slice part of the suite, `all` for the whole
    /// @param metric such as `preference-accuracy` (higher is better) or `nats-per-character` (lower is better)
    /// @param champion its score, missing where there is no champion
    /// @param difference candidate − champion, paired by row
    /// @param low lower bound of the 95 % interval of the difference
    /// @param high upper bound
    /// @param rows rows compared
    /// @param baseline what a length-only guess scores, where that makes sense
    record Score(
            String suite,
            String slice,
            String metric,
            @Nullable Double champion,
            double candidate,
            @Nullable Double difference,
            @Nullable Double low,
            @Nullable Double high,
            int rows,
            @Nullable Double baseline) {}

    /// @param champion the version that it was compared with
    /// @param run the training run that made the candidate
    /// @param reasons whole sentences with figures
    /// @param report every row of the examination, JSONL
    record EvaluationCompleted(
            String workspace,
            String evaluation,
            ModelVersion model,
            @Nullable ModelVersion champion,
            @Nullable String run,
            Verdict verdict,
            List<String> reasons,
            List<Score> scores,
            @Nullable ArtifactRef report)
            implements EvaluationEvent {

        public EvaluationCompleted {
            reasons = List.copyOf(reasons);
            scores = List.copyOf(scores);
        }
    }

    record EvaluationFailed(
            String workspace,
            String evaluation,
            ModelVersion model,
            @Nullable String run,
            String reason) implements EvaluationEvent {}

    /// People rate the new champion worse than the version before it, on what both were asked.
    ///
    /// @param probation id of the comparison
    /// @param model the champion
    /// @param predecessor the version that was champion before
    /// @param ratings ratings of the champion that were compared
    /// @param bad how many of them are bad
    /// @param predecessorRatings the predecessor's, of the same slices
    /// @param predecessorBad how many of these are bad
    /// @param excess by how much the share of bad ratings is higher, weighted over the slices
    /// @param pValue how likely so many bad ratings are where both are equally good
    /// @param alpha what this look had to stay under
    /// @param reason one sentence with figures
    record ChampionFellShort(
            String workspace,
            String probation,
            ModelVersion model,
            ModelVersion predecessor,
            int ratings,
            int bad,
            int predecessorRatings,
            int predecessorBad,
            double excess,
            double pValue,
            double alpha,
            String reason)
            implements EvaluationEvent {}
}
