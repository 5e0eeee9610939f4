package dev.gyre.ingest.sample;

import dev.gyre.events.ArtifactRef;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The accepted samples.
@ApplicationScoped
class SampleStore {

    private static final String SELECT = """
            select number, id, source, upload, at_row, external_id, slice, subject, content, accepted_at
            from sample
            """;

    private final Jdbi jdbi;

    SampleStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// @param number place in the order of acceptance
    record Sample(
            long number,
            UUID id,
            UUID source,
            UUID upload,
            long atRow,
            String externalId,
            String slice,
            @Nullable String subject,
            ArtifactRef content,
            Instant acceptedAt) {}

    /// Samples in the order of their acceptance, those after a number.
    List<Sample> page(String workspace, @Nullable UUID source, long after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT
                        + "where workspace = :workspace and number > :after"
                        + (source == null ? "" : " and source = :source")
                        + " order by number limit :limit")
                .bind("workspace", workspace)
                .bind("after", after)
                .bind("limit", limit)
                .bindMap(source == null ? java.util.Map.of() : java.util.Map.of("source", source))
                .mapTo(Sample.class)
                .list());
    }

    Optional<Sample> find(String workspace, UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + "where workspace = :workspace and id = :id")
                .bind("workspace", workspace)
                .bind("id", id)
                .mapTo(Sample.class)
                .findOne());
    }
}
