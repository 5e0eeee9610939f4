package dev.gyre.eval.answer;

import dev.gyre.delivery.Cause;
import dev.gyre.delivery.Outbox;
import dev.gyre.events.AnswerEvent;
import dev.gyre.events.AnswerEvent.AnswersRequested;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Answers that tasks want, and whether they got them.
@ApplicationScoped
class AnswerStore {

    private final Jdbi jdbi;
    private final Outbox outbox;

    AnswerStore(Jdbi jdbi, Outbox outbox) {
        this.jdbi = jdbi;
        this.outbox = outbox;
    }

    void want(AnswersRequested requested) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "insert into answer_request (workspace, task, requested, cause) values (:workspace, :task, :requested, :cause)")
                .bind("workspace", requested.workspace())
                .bind("task", requested.task())
                .bind("requested", requested)
                .bind("cause", Cause.current().encoded())
                .execute());
    }

    Optional<AnswerRequest> claim(Duration lease) {
        return QuarkusTransaction.requiringNew()
                .call(() -> jdbi.withHandle(handle -> handle.createQuery("""
                        update answer_request set attempts = attempts + 1, lease_until = now() + :lease
                        where position = (
                            select position from answer_request
                            where state = 'OPEN'
                              and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes')
                              and (lease_until is null or lease_until < now() or lease_until > now() + :lease + interval '1 minute')
                            order by next_attempt_at, position limit 1 for update skip locked)
                        returning position, requested, attempts, cause
                        """)
                        .bind("lease", lease)
                        .mapTo(AnswerRequest.class)
                        .findOne()));
    }

    void renew(AnswerRequest job, Duration lease) {
        QuarkusTransaction.requiringNew()
                .run(() -> jdbi.useHandle(handle -> handle.createUpdate(
                                "update answer_request set lease_until = now() + :lease where position = :position and attempts = :attempts and state = 'OPEN'")
                        .bind("lease", lease)
                        .bind("position", job.position())
                        .bind("attempts", job.attempts())
                        .execute()));
    }

    /// Gives the request back, to be taken up after a pause.
    ///
    /// @param counts false where nothing broke: the attempt is forgotten
    void giveBack(AnswerRequest job, Duration pause, String reason, boolean counts) {
        QuarkusTransaction.requiringNew()
                .run(() -> jdbi.useHandle(handle -> handle.createUpdate("""
                        update answer_request
                        set lease_until = null, next_attempt_at = now() + :pause, reason = :reason, attempts = attempts - :forgotten
                        where position = :position and attempts = :attempts and state = 'OPEN'
                        """)
                        .bind("pause", pause)
                        .bind("reason", reason)
                        .bind("forgotten", counts ? 0 : 1)
                        .bind("position", job.position())
                        .bind("attempts", job.attempts())
                        .execute()));
    }

    /// Closes the request and tells what came of it, both or neither; does nothing for a holder whose lease went to
    /// another.
    ///
    /// @param failure why there are no answers, missing where there are
    void close(AnswerRequest job, AnswerEvent told, @Nullable String failure) {
        Cause.decode(job.cause())
                .run(() -> QuarkusTransaction.requiringNew().run(() -> {
                    var closed = jdbi.withHandle(handle -> handle.createUpdate("""
                            update answer_request set state = :state, reason = :reason, finished_at = now(), lease_until = null
                            where position = :position and attempts = :attempts and state = 'OPEN'
                            """)
                            .bind("state", failure == null ? "COMPLETED" : "FAILED")
                            .bind("reason", failure)
                            .bind("position", job.position())
                            .bind("attempts", job.attempts())
                            .execute());
                    if (closed == 1) {
                        outbox.tell(told);
                    }
                }));
    }
}
