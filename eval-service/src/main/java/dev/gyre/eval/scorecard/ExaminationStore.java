package dev.gyre.eval.scorecard;

import dev.gyre.delivery.Cause;
import dev.gyre.delivery.Outbox;
import dev.gyre.eval.model.KnownVersion;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.EvaluationFailed;
import dev.gyre.events.ModelEvent.VersionRegistered;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/// Examinations that are wanted, run and done.
@ApplicationScoped
class ExaminationStore {

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final VersionStore versions;

    ExaminationStore(Jdbi jdbi, Outbox outbox, VersionStore versions) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.versions = versions;
    }

    /// An examination as people see it.
    ///
    /// @param note what it waits for or what broke last
    record Evaluation(
            String id,
            String model,
            int number,
            @Nullable String run,
            String state,
            boolean running,
            int attempts,
            @Nullable String note,
            int rowsDone,
            int rowsWanted,
            @Nullable EvaluationCompleted completed,
            @Nullable String reason,
            Instant createdAt,
            @Nullable Instant finishedAt) {}

    /// Records that a version is to be examined, in the story that asked for it.
    ///
    /// @return id of the examination
    String want(VersionRegistered registered) {
        var id = UUID.randomUUID().toString();
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into examination (id, workspace, model, number, run, cause)
                        values (:id, :workspace, :model, :number, :run, :cause)
                        """)
                .bind("id", id)
                .bind("workspace", registered.workspace())
                .bind("model", registered.model().name())
                .bind("number", registered.model().number())
                .bind("run", registered.run())
                .bind("cause", Cause.current().encoded())
                .execute());
        return id;
    }

    /// Records that a person wants a version examined again, in the story of its run.
    String wantAgain(VersionRegistered registered) {
        var id = new AtomicReference<String>("");
        var story = registered.run() == null ? Cause.outside() : Cause.outside(registered.run());
        story.run(() -> QuarkusTransaction.requiringNew().run(() -> id.set(want(registered))));
        return id.get();
    }

    /// Registry has acted on the verdict: the next version may be compared with whoever is champion now.
    void settle(String workspace, String evaluation) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update examination set settled_at = now() where workspace = :workspace and id = :id and settled_at is null")
                .bind("workspace", workspace)
                .bind("id", evaluation)
                .execute());
    }

    /// Takes up the next examination, of each model in the order of registration: one whose predecessor is open, or has
    /// passed without registry having acted on it, waits.
    Optional<Examination> claim(Duration lease, Duration settlePatience) {
        return QuarkusTransaction.requiringNew()
                .call(() -> jdbi.withHandle(handle -> handle.createQuery("""
                        update examination set attempts = attempts + 1, lease_until = now() + :lease, note = null
                        where id = (
                            select id from examination wanted
                            where state = 'OPEN'
                              and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes')
                              and (lease_until is null or lease_until < now() or lease_until > now() + :lease + interval '1 minute')
                              and not exists (
                                select 1 from examination earlier
                                where earlier.workspace = wanted.workspace and earlier.model = wanted.model
                                  and earlier.position < wanted.position
                                  and (earlier.state = 'OPEN'
                                    or earlier.verdict = 'PASS' and earlier.settled_at is null
                                       and earlier.finished_at > now() - :settle))
                            order by position limit 1 for update skip locked)
                        returning id, workspace, model, number, run, attempts, cause, created_at
                        """)
                        .bind("lease", lease)
                        .bind("settle", settlePatience)
                        .mapTo(Examination.class)
                        .findOne()));
    }

    /// Says that the holder is alive and how far it is.
    void renew(Examination job, Duration lease, int rowsDone, int rowsWanted) {
        QuarkusTransaction.requiringNew()
                .run(() -> jdbi.useHandle(handle -> held(handle.createUpdate("""
                                update examination set lease_until = now() + :lease, rows_done = :done, rows_wanted = :wanted
                                where id = :id and attempts = :attempts and state = 'OPEN'
                                """), job)
                        .bind("lease", lease)
                        .bind("done", rowsDone)
                        .bind("wanted", rowsWanted)
                        .execute()));
    }

    /// Gives the examination back, to be taken up after a pause.
    ///
    /// @param counts false where nothing broke: the attempt is forgotten
    void giveBack(Examination job, Duration pause, String note, boolean counts) {
        QuarkusTransaction.requiringNew().run(() -> back(job, pause, note, counts));
    }

    private void back(Examination job, Duration pause, String note, boolean counts) {
        jdbi.useHandle(handle -> held(handle.createUpdate("""
                                update examination
                                set lease_until = null, next_attempt_at = now() + :pause, note = :note, attempts = attempts - :forgotten
                                where id = :id and attempts = :attempts and state = 'OPEN'
                                """), job)
                .bind("pause", pause)
                .bind("note", note)
                .bind("forgotten", counts ? 0 : 1)
                .execute());
    }

    /// Closes the examination and tells of it, both or neither; does nothing for a holder whose lease went to another.
    ///
    /// Where the champion has changed meanwhile the comparison is of no use: the examination is run again.
    void complete(Examination job, EvaluationCompleted completed) {
        inStory(job, () -> {
            var champion = versions.champion(job.workspace(), job.model())
                    .map(KnownVersion::model)
                    .filter(version -> !version.equals(job.version()))
                    .orElse(null);
            if (!Objects.equals(champion, completed.champion())) {
                back(job, Duration.ZERO, "the champion changed to " + champion, false);
                return;
            }
            var closed = jdbi.withHandle(handle -> held(handle.createUpdate("""
                                    update examination
                                    set state = 'COMPLETED', verdict = :verdict, completed = :completed, finished_at = now(),
                                        lease_until = null, note = null, rows_done = rows_wanted
                                    where id = :id and attempts = :attempts and state = 'OPEN'
                                    """), job)
                    .bind("verdict", completed.verdict().name())
                    .bind("completed", completed)
                    .execute());
            if (closed == 1) {
                outbox.tell(completed);
            }
        });
    }

    /// Closes the examination without a verdict and tells of it.
    void fail(Examination job, String reason) {
        inStory(job, () -> {
            var closed = jdbi.withHandle(handle ->
                    held(handle.createUpdate("""
                                    update examination set state = 'FAILED', reason = :reason, finished_at = now(), lease_until = null
                                    where id = :id and attempts = :attempts and state = 'OPEN'
                                    """), job).bind("reason", reason).execute());
            if (closed == 1) {
                outbox.tell(new EvaluationFailed(job.workspace(), job.id(), job.version(), job.run(), reason));
            }
        });
    }

    private static void inStory(Examination job, Runnable change) {
        Cause.decode(job.cause()).run(() -> QuarkusTransaction.requiringNew().run(change));
    }

    private static Update held(Update update, Examination job) {
        return update.bind("id", job.id()).bind("attempts", job.attempts());
    }

    /// How often candidates of this model were examined on the suite of this data set before.
    int looks(Examination job, String dataset) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select count(*) from examination e
                        join version v on v.workspace = e.workspace and v.model = e.model and v.number = e.number
                        where e.workspace = :workspace and e.model = :model and e.state = 'COMPLETED' and e.id <> :id
                          and v.registered ->> 'dataset' = :dataset""")
                .bind("workspace", job.workspace())
                .bind("model", job.model())
                .bind("id", job.id())
                .bind("dataset", dataset)
                .mapTo(int.class)
                .one());
    }

    List<Evaluation> list(String workspace, @Nullable String model) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT
                        + " and (cast(:model as text) is null or model = :model) order by position desc limit 200")
                .bind("workspace", workspace)
                .bind("model", model)
                .mapTo(Evaluation.class)
                .list());
    }

    Optional<Evaluation> find(String workspace, String id) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + " and id = :id")
                .bind("workspace", workspace)
                .bind("id", id)
                .mapTo(Evaluation.class)
                .findOne());
    }

    private static final String SELECT = """
            select id, model, number, run, state, coalesce(state = 'OPEN' and lease_until > now(), false) as running, attempts,
                   note, rows_done, rows_wanted, completed, reason, created_at, finished_at
            from examination where workspace = :workspace""";
}
