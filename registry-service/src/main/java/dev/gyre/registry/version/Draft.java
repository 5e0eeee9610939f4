package dev.gyre.registry.version;

import dev.gyre.events.TrainingEvent.TrainingCompleted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A version that has no number yet.
///
/// @param training the run that made it, missing for an import
/// @param ownCard whether its README.md is its card; otherwise a card is written
record Draft(
        String workspace,
        String name,
        @Nullable TrainingCompleted training,
        String createdBy,
        List<VersionFile> files,
        CardNotes notes,
        boolean ownCard) {

    Draft {
        files = List.copyOf(files);
    }
}
