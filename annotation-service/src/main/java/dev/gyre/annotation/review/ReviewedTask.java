package dev.gyre.annotation.review;

import dev.gyre.delivery.Cause;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import java.util.List;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// A task that a reviewer looks at.
///
/// @param content the sample, a document as JSON
/// @param agreement share of the pairs of answers that say the same
/// @param doubt 0 where all say the same
/// @param cause what the task came from
record ReviewedTask(
        String task,
        String workspace,
        String project,
        String externalId,
        String state,
        ArtifactRef content,
        @Json List<Candidate> candidates,
        @Nullable Double agreement,
        double doubt,
        String cause) {

    ReviewedTask {
        candidates = List.copyOf(candidates);
    }

    /// A reviewer speaks here, in the story that the task belongs to.
    Cause story() {
        return new Cause(Cause.decode(cause).correlation(), null, 0);
    }
}
