package dev.gyre.eval.monitor;

import dev.gyre.events.DriftEvent.Concern;
import org.jspecify.annotations.Nullable;

/// How far a stream is watched.
///
/// @param era grows with every new reference
/// @param since interactions up to this position belong to earlier eras
/// @param referenceFrom first position of the reference, missing while it is collected
/// @param taken position up to which windows are measured: of interactions, or of feedback for quality
/// @param windows measured in this era
record WatchedStream(
        String workspace,
        String model,
        String concern,
        int era,
        long since,
        @Nullable Long referenceFrom,
        @Nullable Long referenceTo,
        long taken,
        int windows) {

    StreamName name() {
        return new StreamName(workspace, model, Concern.valueOf(concern));
    }
}
