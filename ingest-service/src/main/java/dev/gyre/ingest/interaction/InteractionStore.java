package dev.gyre.ingest.interaction;

import dev.gyre.delivery.Outbox;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.InteractionEvent.FeedbackGiven;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Interactions and the feedback to them, each kept with its fact.
@ApplicationScoped
class InteractionStore {

    private static final String SELECT =
            "select number, id, model, slice, content, subject, recorded_at from interaction where workspace = :workspace ";

    private final Jdbi jdbi;
    private final Outbox outbox;

    InteractionStore(Jdbi jdbi, Outbox outbox) {
        this.jdbi = jdbi;
        this.outbox = outbox;
    }

    /// @param number place in the order of recording
    record Interaction(
            long number,
            String id,
            String model,
            String slice,
            ArtifactRef content,
            @Nullable String subject,
            Instant recordedAt) {}

    record Feedback(
            UUID id,
            int rating,
            @Nullable ArtifactRef comment,
            @Nullable ArtifactRef correction,
            String givenBy,
            Instant givenAt) {}

    /// Records the interaction unless its id is known.
    boolean record(InteractionRecorded interaction) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var isNew = jdbi.withHandle(handle -> handle.createUpdate("""
                                    insert into interaction (workspace, id, model, slice, content, subject)
                                    values (:workspace, :id, :model, :slice, :content, :subject) on conflict do nothing""")
                            .bind("workspace", interaction.workspace())
                            .bind("id", interaction.interaction())
                            .bind("model", interaction.model().toString())
                            .bind("slice", interaction.slice())
                            .bind("content", interaction.content())
                            .bind("subject", interaction.subject())
                            .execute())
                    == 1;
            if (isNew) {
                outbox.tell(interaction);
            }
            return isNew;
        });
    }

    /// @param id the same feedback sent again has the same id, and is kept once
    boolean give(UUID id, FeedbackGiven feedback, String by) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var isNew = jdbi.withHandle(handle -> handle.createUpdate("""
                                    insert into feedback (id, workspace, interaction, rating, comment, correction, given_by)
                                    values (:id, :workspace, :interaction, :rating, :comment, :correction, :by)
                                    on conflict do nothing""")
                            .bind("id", id)
                            .bind("workspace", feedback.workspace())
                            .bind("interaction", feedback.interaction())
                            .bind("rating", feedback.rating())
                            .bindByType("comment", feedback.comment(), ArtifactRef.class)
                            .bindByType("correction", feedback.correction(), ArtifactRef.class)
                            .bind("by", by)
                            .execute())
                    == 1;
            if (isNew) {
                outbox.tell(feedback);
            }
            return isNew;
        });
    }

    Optional<Interaction> find(String workspace, String id) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + "and id = :id")
                .bind("workspace", workspace)
                .bind("id", id)
                .mapTo(Interaction.class)
                .findOne());
    }

    List<Interaction> page(String workspace, long after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + "and number > :after order by number limit :limit")
                .bind("workspace", workspace)
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(Interaction.class)
                .list());
    }

    List<Feedback> feedback(String workspace, String interaction) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select id, rating, comment, correction, given_by, given_at from feedback
                        where workspace = :workspace and interaction = :interaction order by given_at, id""")
                .bind("workspace", workspace)
                .bind("interaction", interaction)
                .mapTo(Feedback.class)
                .list());
    }
}
