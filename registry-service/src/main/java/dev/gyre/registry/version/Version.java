package dev.gyre.registry.version;

import dev.gyre.events.ModelVersion;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One registered version: its bytes by digest, where it came from, and where it is in its life.
///
/// @param commitId 40 hex digits, the beginning of the digest: what Hub clients pin
/// @param digest SHA-256 over the sorted paths and digests of its files
/// @param run the training run that made it, missing for an imported one
/// @param training how it was made, to the last setting
/// @param evaluation the verdict that put it into its state
/// @param since when it came into its state
public record Version(
        String workspace,
        String name,
        int number,
        String commitId,
        String digest,
        @Nullable String run,
        @Nullable String baseName,
        @Nullable Integer baseNumber,
        @Nullable String dataset,
        @Nullable TrainingCompleted training,
        String createdBy,
        Instant createdAt,
        String state,
        Instant since,
        @Nullable String evaluation,
        List<String> reasons) {

    public Version {
        reasons = List.copyOf(reasons);
    }

    public ModelVersion model() {
        return new ModelVersion(name, number);
    }

    public @Nullable ModelVersion base() {
        return baseName == null || baseNumber == null ? null : new ModelVersion(baseName, baseNumber);
    }

    public VersionState life() {
        return VersionState.of(state, evaluation, reasons);
    }
}
