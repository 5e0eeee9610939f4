package dev.gyre.annotation.project;

import java.time.Instant;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// A question about every sample of one source, and how it is put to people.
///
/// @param source id of the source in ingest
/// @param answersPerItem how many judgements each task gets, exactly
/// @param candidates which model answers where a sample brings no candidates
/// @param guidelines what annotators can look up while they work
/// @param leaseSeconds how long a task is kept for the one who took it
/// @param shuffleSides whether each person sees the candidates in an order of their own
public record Project(
        String id,
        String workspace,
        String name,
        String source,
        @Json Question question,
        int answersPerItem,
        @Json @Nullable Answering candidates,
        String guidelines,
        int leaseSeconds,
        boolean shuffleSides,
        Instant createdAt) {

    /// How long a task is kept where nobody says otherwise.
    public static final int LEASE_SECONDS = 900;

    public Project {
        require(!name.isBlank() && name.length() <= 200, "name has %d characters, must have 1 to 200", name.length());
        require(!source.isBlank(), "source is blank, must be the id of a source in ingest");
        require(answersPerItem >= 1 && answersPerItem <= 100, "answersPerItem is %d, must be 1 to 100", answersPerItem);
        require(leaseSeconds >= 1 && leaseSeconds <= 86_400, "leaseSeconds is %d, must be 1 to 86400", leaseSeconds);
        require(guidelines.length() <= 100_000, "guidelines have %d characters, at most 100000", guidelines.length());
        require(
                candidates == null || question instanceof Question.Pairwise,
                "candidates are only for a question of type PAIRWISE; leave them out");
    }

    private static void require(boolean holds, String otherwise, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise.formatted(values));
        }
    }
}
