package dev.gyre.annotation.campaign;

import dev.gyre.delivery.Cause;
import dev.gyre.events.DriftEvent.Concern;
import dev.gyre.events.DriftEvent.DriftDetected;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Keeps every alarm and what was decided on it.
@ApplicationScoped
class DriftStore {

    private final Jdbi jdbi;

    DriftStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Records an alarm; one that was declined and is told again, with more to look at, is decided on again. Runs in the
    /// transaction of the inbox.
    void heard(DriftDetected detected) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into drift (workspace, id, detected, cause)
                        values (:workspace, :drift, cast(:detected as jsonb), :cause)
                        on conflict (workspace, id) do update
                        set detected = excluded.detected, cause = excluded.cause,
                            state = 'WAITING', reason = null, attempts = 0, next_attempt_at = now()
                        where drift.state = 'DECLINED'""")
                .bind("workspace", detected.workspace())
                .bind("drift", detected.drift())
                .bind("detected", detected)
                .bind("cause", Cause.current().encoded())
                .execute());
    }

    /// An alarm that nobody has decided on.
    record Waiting(DriftDetected detected, int attempts, String cause) {}

    /// Takes an alarm for a minute; a worker that dies meanwhile loses it to the next, and so it does where the
    /// clock of the database was set back.
    @Transactional
    Optional<Waiting> claim() {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        with claimed as (
                            select workspace, id from drift
                            where state = 'WAITING'
                              and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes')
                            order by heard_at limit 1 for no key update skip locked)
                        update drift set attempts = attempts + 1, next_attempt_at = now() + interval '1 minute'
                        from claimed where drift.workspace = claimed.workspace and drift.id = claimed.id
                        returning drift.detected, drift.attempts, drift.cause""").mapTo(Waiting.class).findOne());
    }

    @Transactional
    void decline(DriftDetected drift, String reason) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update drift set state = 'DECLINED', reason = :reason
                        where workspace = :workspace and id = :drift and state = 'WAITING'""")
                .bind("workspace", drift.workspace())
                .bind("drift", drift.drift())
                .bind("reason", reason)
                .execute());
    }

    @Transactional
    void retry(DriftDetected drift, Duration after) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update drift set next_attempt_at = now() + :seconds * interval '1 second'
                        where workspace = :workspace and id = :drift and state = 'WAITING'""")
                .bind("workspace", drift.workspace())
                .bind("drift", drift.drift())
                .bind("seconds", after.toSeconds())
                .execute());
    }

    /// What came of an alarm.
    ///
    /// @param state `WAITING`, `OPENED` or `DECLINED`
    /// @param campaign the campaign that it opened
    /// @param reason why it opened one or not
    record Decision(
            String drift,
            String stream,
            String model,
            int version,
            Concern concern,
            String explanation,
            String state,
            @Nullable String campaign,
            @Nullable String reason,
            Instant heardAt) {}

    /// @param model only alarms about this model, all where it is missing
    List<Decision> decisions(String workspace, @Nullable String model) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select id as drift, detected->>'stream' as stream, detected#>>'{model,name}' as model,
                               (detected#>>'{model,number}')::int as version, detected->>'concern' as concern,
                               detected->>'explanation' as explanation, state, campaign, reason, heard_at
                        from drift where workspace = :workspace
                          and (cast(:model as text) is null or detected#>>'{model,name}' = :model)
                        order by heard_at desc, id limit 1000""")
                .bind("workspace", workspace)
                .bind("model", model)
                .mapTo(Decision.class)
                .list());
    }
}
