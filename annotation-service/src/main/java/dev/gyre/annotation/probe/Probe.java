package dev.gyre.annotation.probe;

import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// A task that is lent to see how somebody judges; for that person it is like any other.
///
/// @param content the sample, a document as JSON
/// @param lease what the answer has to name
/// @param shownOrder candidate ids as this person sees them
/// @param schemaVersion version of the questions that this person is asked
/// @param receipt what the answer before is known by
/// @param withdrawnAt set where that answer was taken back
public record Probe(
        String task,
        String project,
        String externalId,
        ArtifactRef content,
        @Json List<Candidate> candidates,
        String lease,
        List<String> shownOrder,
        int schemaVersion,
        Instant expiresAt,
        @Nullable String receipt,
        @Nullable Instant withdrawnAt) {

    public Probe {
        candidates = List.copyOf(candidates);
        shownOrder = List.copyOf(shownOrder);
    }

    public List<String> candidateIds() {
        return candidates.stream().map(Candidate::id).toList();
    }
}
