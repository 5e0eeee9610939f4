package dev.gyre.annotation.judgement;

import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.judgement.JudgedTask.Given;
import dev.gyre.delivery.Outbox;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.JudgementEvent.ConsensusReached;
import dev.gyre.events.JudgementEvent.JudgementWithdrawn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Keeps judgements; a lease gives at most one, and a task never more than it wants.
@ApplicationScoped
class JudgementStore {

    private static final int CONFLICT = 409;

    private final Jdbi jdbi;
    private final Outbox outbox;

    JudgementStore(Jdbi jdbi, Outbox outbox) {
        this.jdbi = jdbi;
        this.outbox = outbox;
    }

    /// The task behind a lease of this person; otherwise the request ends with 404.
    JudgedTask leased(String workspace, String task, String lease, Annotator annotator) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select t.workspace, t.project, t.id as task, t.sample, s.content, s.subject, t.candidates,
                               l.id as lease, l.state as lease_state, l.shown_order, l.schema_version, v.guideline_version,
                               t.wanted, t.cause,
                               j.id as given, j.withdrawn_at
                        from lease l join task t on t.id = l.task join sample s on s.id = t.sample
                        join project_schema v on v.project = l.project and v.version = l.schema_version
                        left join judgement j on j.lease = l.id
                        where l.id = :lease and t.id = :task and l.workspace = :workspace and l.annotator = :annotator""")
                .bind("lease", lease)
                .bind("task", task)
                .bind("workspace", workspace)
                .bind("annotator", annotator.pseudonym())
                .mapTo(JudgedTask.class)
                .findOne()
                .orElseThrow(() -> new NotFoundException(
                        "no lease '%s' of yours on task '%s'; take tasks with POST /api/projects/{id}/tasks/next"
                                .formatted(lease, task))));
    }

    /// The judgement that a lease gave before; one that was withdrawn ends the request with 409.
    static Optional<String> standing(Optional<Given> given) {
        if (given.isPresent() && given.get().withdrawnAt() != null) {
            throw new ClientErrorException(
                    "the judgement of this lease was withdrawn; take the task again to judge it anew", CONFLICT);
        }
        return given.map(Given::id);
    }

    private static Optional<String> given(Handle handle, String lease) {
        return standing(handle.createQuery("select id, withdrawn_at from judgement where lease = :lease")
                .bind("lease", lease)
                .mapTo(Given.class)
                .findOne());
    }

    /// @param isNew false where the lease had given it before
    record Recorded(String judgement, boolean isNew) {}

    /// Records a judgement and tells it; the last one that a task wants also settles the task.
    @Transactional
    Recorded record(JudgedTask task, Annotator annotator, Answers answers, Extras extras) {
        return jdbi.withHandle(handle -> {
            var judgement = UUID.randomUUID().toString();
            var judged = use(handle, "OPEN", judgement, task, annotator, answers.main(), extras);
            if (judged.isEmpty()) {
                var before = takeLateSeat(handle, task, annotator);
                if (before.isPresent()) {
                    return new Recorded(before.get(), false);
                }
                judged = use(handle, "LATE", judgement, task, annotator, answers.main(), extras);
            }
            task.facts(judgement, annotator, answers, extras).forEach(outbox::tell);
            var value = answers.main().value();
            if (judged.orElseThrow() == task.wanted() && value != null) {
                tellConsensus(task, task.wanted() == 1 ? List.of(new Said(judgement, value)) : said(handle, task));
            }
            return new Recorded(judgement, true);
        });
    }

    /// Uses the lease, adds the judgement and counts it in one statement; locks the lease before the task.
    ///
    /// @param seat `OPEN` where the lease must be open, `LATE` where its seat was just taken again
    /// @return how many judgements the task has now; nothing where the lease is not open
    private static Optional<Integer> use(
            Handle handle,
            String seat,
            String judgement,
            JudgedTask task,
            Annotator annotator,
            Answer answer,
            Extras extras) {
        return handle.createQuery("""
                        with used as (
                            update lease set state = 'USED'
                            where id = :lease and (state = 'OPEN' or :seat = 'LATE') returning task),
                        added as (
                            insert into judgement (id, workspace, project, task, lease, annotator, kind, value, strength,
                                                   text, comment, active_millis, schema_version, guideline_version)
                            select :id, :workspace, :project, :task, :lease, :annotator, :kind, :value, :strength,
                                   cast(:text as jsonb), cast(:comment as jsonb), :activeMillis, :schemaVersion,
                                   :guidelineVersion
                            from used returning id),
                        answered as (
                            insert into answer (judgement, question, type, value, number, data, text)
                            select added.id, kept.* from added,
                                   jsonb_to_recordset(cast(:kept as jsonb))
                                       as kept (question text, type text, value text, number int, data jsonb, text jsonb))
                        update task set judged = judged + 1,
                               state = case when judged + 1 = wanted then 'DONE' else state end
                        from used where task.id = used.task returning judged""")
                .bind("seat", seat)
                .bind("id", judgement)
                .bind("workspace", task.workspace())
                .bind("project", task.project())
                .bind("task", task.task())
                .bind("lease", task.lease())
                .bind("annotator", annotator.pseudonym())
                .bind("kind", annotator.kind().name())
                .bind("value", answer.value())
                .bind("strength", task.signedStrength(answer))
                .bind("schemaVersion", task.schemaVersion())
                .bind("guidelineVersion", task.guidelineVersion())
                .bind("kept", extras.kept())
                .bindByType("text", extras.text(), ArtifactRef.class)
                .bindByType("comment", extras.comment(), ArtifactRef.class)
                .bind("activeMillis", extras.activeMillis())
                .mapTo(Integer.class)
                .findOne();
    }

    /// For a lease that is not open: it gave its judgement before, or it ran out and still counts while nobody else has
    /// the seat.
    private static Optional<String> takeLateSeat(Handle handle, JudgedTask task, Annotator annotator) {
        handle.createQuery("select state from lease where id = :lease for no key update")
                .bind("lease", task.lease())
                .mapTo(String.class)
                .one();
        var before = given(handle, task.lease());
        if (before.isEmpty()) {
            takeSeatAgain(handle, task, annotator);
        }
        return before;
    }

    /// A lease that ran out still counts while nobody else has the seat.
    private static void takeSeatAgain(Handle handle, JudgedTask task, Annotator annotator) {
        int taken = handle.createUpdate("""
                        update task set taken = taken + 1
                        where id = :task and state = 'READY' and taken < wanted
                          and not exists (select 1 from lease where task = :task and annotator = :annotator
                                            and state in ('OPEN', 'USED'))""")
                .bind("task", task.task())
                .bind("annotator", annotator.pseudonym())
                .execute();
        if (taken == 0) {
            throw new ClientErrorException(
                    "the lease ran out and others have judged task '%s' meanwhile; take the next task"
                            .formatted(task.task()),
                    CONFLICT);
        }
    }

    record Said(String id, String value) {}

    private static List<Said> said(Handle handle, JudgedTask task) {
        return handle.createQuery(
                        "select id, value from judgement where task = :task and withdrawn_at is null order by position")
                .bind("task", task.task())
                .mapTo(Said.class)
                .list();
    }

    private void tellConsensus(JudgedTask task, List<Said> said) {
        var majority =
                Majority.of(said.stream().map(Said::value).toList()).orElseGet(() -> new Majority(Majority.TIE, 0));
        outbox.tell(new ConsensusReached(
                task.workspace(),
                task.task(),
                task.project(),
                said.stream().map(Said::id).toList(),
                majority.value().equals(Majority.BAD) ? "none" : majority.value(),
                majority.support()));
    }

    record Standing(
            String project,
            String task,
            String lease,
            String annotator,
            @Nullable Instant withdrawnAt) {}

    /// Withdraws a judgement: its seat is free again, and frozen data sets that hold it are tainted.
    ///
    /// @param by the pseudonym of the one who withdraws
    /// @param anybodys whether judgements of others may be withdrawn too
    @Transactional
    void withdraw(String workspace, String judgement, String by, boolean anybodys, String reason) {
        jdbi.useHandle(handle -> {
            var found = handle.createQuery(
                            "select project, task, lease, annotator, withdrawn_at from judgement where id = :id and workspace = :workspace")
                    .bind("id", judgement)
                    .bind("workspace", workspace)
                    .mapTo(Standing.class)
                    .findOne()
                    .filter(standing -> anybodys || standing.annotator().equals(by))
                    .orElseThrow(() -> new NotFoundException("no judgement '%s' of yours".formatted(judgement)));
            handle.createUpdate("select pg_advisory_xact_lock_shared(hashtextextended(:project, 3))")
                    .bind("project", found.project())
                    .execute();
            int withdrawn = handle.createUpdate("""
                            update judgement set withdrawn_at = now(), withdrawn_reason = :reason
                            where id = :id and withdrawn_at is null""")
                    .bind("id", judgement)
                    .bind("reason", reason)
                    .execute();
            if (withdrawn == 0) {
                return;
            }
            freeSeat(handle, found, found.annotator().equals(by));
            outbox.tell(new JudgementWithdrawn(workspace, found.task(), judgement, found.project(), reason));
            handle.createQuery("select dataset from dataset_judgement where judgement = :judgement order by dataset")
                    .bind("judgement", judgement)
                    .mapTo(String.class)
                    .forEach(
                            dataset -> outbox.tell(new DatasetTainted(workspace, dataset, List.of(judgement), reason)));
        });
    }

    /// Whoever withdraws their own judgement may judge the task again.
    private static void freeSeat(Handle handle, Standing judgement, boolean again) {
        handle.createUpdate("update lease set state = :state where id = :lease")
                .bind("state", again ? "RETURNED" : "SKIPPED")
                .bind("lease", judgement.lease())
                .execute();
        handle.createUpdate(
                        "update task set judged = judged - 1, taken = taken - 1, state = case state when 'SKIPPED' then state else 'READY' end where id = :task")
                .bind("task", judgement.task())
                .execute();
    }

    /// A judgement as it is listed.
    record Listed(
            String judgement,
            String task,
            String externalId,
            String annotator,
            String kind,
            @Nullable String value,
            int strength,
            @Nullable ArtifactRef text,
            @Nullable ArtifactRef comment,
            @Json List<KeptAnswer> answers,
            int schemaVersion,
            int guidelineVersion,
            List<String> shownOrder,
            long activeMillis,
            Instant givenAt,
            @Nullable Instant withdrawnAt,
            @Nullable String withdrawnReason) {}

    /// Every judgement of a project in the order in which they came, withdrawn ones too.
    void each(String project, Consumer<Listed> hearer) {
        jdbi.useTransaction(handle -> handle.createQuery("""
                        select j.id as judgement, j.task, s.external_id, j.annotator, j.kind, j.value, j.strength, j.text, j.comment,
                               (select coalesce(jsonb_agg(to_jsonb(a) - 'judgement'), '[]') from answer a
                                where a.judgement = j.id) as answers,
                               j.schema_version, j.guideline_version, l.shown_order, j.active_millis, j.given_at, j.withdrawn_at, j.withdrawn_reason
                        from judgement j join task t on t.id = j.task join sample s on s.id = t.sample
                        join lease l on l.id = j.lease
                        where j.project = :project order by j.position""")
                .bind("project", project)
                .setFetchSize(500)
                .mapTo(Listed.class)
                .forEach(hearer));
    }
}
