package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Versions of models and which of them is champion. Told by registry, keyed by model name.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = ModelEvent.VersionRegistered.class, name = "VersionRegistered"),
    @Type(value = ModelEvent.ChampionPromoted.class, name = "ChampionPromoted"),
    @Type(value = ModelEvent.CandidateRejected.class, name = "CandidateRejected"),
    @Type(value = ModelEvent.ChampionRolledBack.class, name = "ChampionRolledBack"),
    @Type(value = ModelEvent.AliasMoved.class, name = "AliasMoved"),
    @Type(value = ModelEvent.VersionTainted.class, name = "VersionTainted")
})
public sealed interface ModelEvent extends Fact {

    String TOPIC = "models";

    ModelVersion model();

    @Override
    default String key() {
        return model().name();
    }

    /// A version exists, as candidate.
    ///
    /// @param run the training run that made it; missing for an imported one
    /// @param base the version that it was trained from
    /// @param dataset the data set that it was trained on
    /// @param digest SHA-256 over the sorted list of paths and digests of its files
    record VersionRegistered(
            String workspace,
            ModelVersion model,
            @Nullable String run,
            @Nullable ModelVersion base,
            @Nullable String dataset,
            String digest,
            List<ModelFile> files)
            implements ModelEvent {

        public VersionRegistered {
            files = List.copyOf(files);
        }
    }

    /// @param evaluation the verdict that it stands on
    record ChampionPromoted(
            String workspace, ModelVersion model, @Nullable Integer previous, String evaluation)
            implements ModelEvent {}

    record CandidateRejected(String workspace, ModelVersion model, String evaluation, List<String> reasons)
            implements ModelEvent {

        public CandidateRejected {
            reasons = List.copyOf(reasons);
        }
    }

    /// @param model the version that is champion again
    /// @param from the version that was champion until now
    record ChampionRolledBack(String workspace, ModelVersion model, int from, String by, String reason)
            implements ModelEvent {}

    /// @param alias any name but `champion`, which only a verdict or a roll-back moves
    record AliasMoved(
            String workspace,
            ModelVersion model,
            String alias,
            @Nullable Integer previous,
            String by) implements ModelEvent {}

    record VersionTainted(String workspace, ModelVersion model, String dataset, String reason) implements ModelEvent {}
}
