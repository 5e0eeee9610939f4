package dev.gyre.registry.version;

import dev.gyre.delivery.Cause;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// Finished runs that wait to become versions.
@ApplicationScoped
public class RegistrationStore {

    private final Jdbi jdbi;

    RegistrationStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    record Waiting(String run, TrainingCompleted completed, String cause, int attempts) {}

    /// Records the work; a run that was recorded before stays as it is.
    void record(TrainingCompleted completed) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into registration (run, workspace, completed, cause) values (:run, :workspace, :completed, :cause)
                        on conflict do nothing
                        """)
                .bind("run", completed.run())
                .bind("workspace", completed.workspace())
                .bind("completed", completed)
                .bind("cause", Cause.current().encoded())
                .execute());
    }

    /// The next one that is due, kept from other workers until the running transaction ends. A time further ahead than
    /// any pause was written before the clock of the database was set back.
    Optional<Waiting> claim() {
        return jdbi.withHandle(handle -> {
            // Files are read meanwhile, in silence, for as long as the transaction of the worker may last.
            handle.execute("set local idle_in_transaction_session_timeout = '10min'");
            return handle.createQuery("""
                        select run, completed, cause, attempts from registration
                        where state = 'WAITING' and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes')
                        order by next_attempt_at limit 1 for update skip locked
                        """).mapTo(Waiting.class).findOne();
        });
    }

    void done(String run) {
        jdbi.useHandle(
                handle -> handle.createUpdate("update registration set state = 'DONE', problem = null where run = :run")
                        .bind("run", run)
                        .execute());
    }

    /// Tries again later: after 1, 2, 4 … 60 seconds.
    void postpone(String run, String problem) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update registration set attempts = attempts + 1, problem = :problem,
                          next_attempt_at = now() + least(60, power(2, least(attempts, 6))) * interval '1 second'
                        where run = :run
                        """)
                .bind("run", run)
                .bind("problem", problem)
                .execute());
    }

    /// Gives up: the files are not what a model consists of.
    void refuse(String run, String problem) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update registration set state = 'REFUSED', problem = :problem where run = :run")
                .bind("run", run)
                .bind("problem", problem)
                .execute());
    }

    /// Why a finished run will never be a version.
    public Optional<String> problem(String workspace, String run) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select problem from registration where workspace = :workspace and run = :run and state = 'REFUSED'")
                .bind("workspace", workspace)
                .bind("run", run)
                .mapTo(String.class)
                .findOne());
    }
}
