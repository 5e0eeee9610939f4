package dev.gyre.annotation.task;

import dev.gyre.annotation.project.Answering;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Question;
import dev.gyre.delivery.Cause;
import dev.gyre.delivery.Outbox;
import dev.gyre.events.AnswerEvent.AnswersGenerated;
import dev.gyre.events.AnswerEvent.AnswersRequested;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleEvent.SampleAccepted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Tasks from the arrival of their sample until people may judge them.
@ApplicationScoped
class PreparationStore {

    static final QualifiedType<List<Candidate>> CANDIDATES =
            QualifiedType.of(new GenericType<List<Candidate>>() {}).with(Json.class);

    private final Jdbi jdbi;
    private final Outbox outbox;

    PreparationStore(Jdbi jdbi, Outbox outbox) {
        this.jdbi = jdbi;
        this.outbox = outbox;
    }

    /// Keeps a sample and records a task for each project on its source. Runs in the transaction of the inbox.
    void arrived(SampleAccepted sample) {
        jdbi.useHandle(handle -> {
            handle.createUpdate("select pg_advisory_xact_lock_shared(hashtextextended(:source, 1))")
                    .bind("source", sample.workspace() + "/" + sample.source())
                    .execute();
            handle.createUpdate("""
                            insert into sample (id, workspace, source, external_id, slice, content, subject)
                            values (:sample, :workspace, :source, :externalId, :slice, cast(:content as jsonb), :subject)
                            on conflict (id) do nothing""").bindMethods(sample).execute();
            handle.createUpdate("""
                            insert into task (workspace, project, sample, wanted, cause)
                            select workspace, id, :sample, answers_wanted(:sample, answers_per_item, overlap), :cause from project
                            where workspace = :workspace and source = :source
                            on conflict (project, sample) do nothing""")
                    .bindMethods(sample)
                    .bind("cause", Cause.current().encoded())
                    .execute();
        });
    }

    /// A task whose sample nobody has looked at yet.
    record Unprepared(
            String id,
            String workspace,
            ArtifactRef content,
            @Json List<Question> questions,
            @Json @Nullable Answering answering,
            int attempts,
            String cause) {}

    /// Takes up to `count` tasks for a minute; a worker that dies meanwhile loses them to the next, and so it
    /// does where the clock of the database was set back.
    @Transactional
    List<Unprepared> claim(int count) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        with claimed as (
                            select id from task where state = 'PREPARING'
                              and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes')
                            order by next_attempt_at, position limit :count for no key update skip locked),
                        taken as (
                            update task set attempts = attempts + 1, next_attempt_at = now() + interval '1 minute'
                            from claimed where task.id = claimed.id
                            returning task.id, task.workspace, task.project, task.sample, task.attempts, task.cause, task.position)
                        select taken.id, taken.workspace, sample.content, s.questions,
                               project.candidates as answering, taken.attempts, taken.cause
                        from taken join sample on sample.id = taken.sample join project on project.id = taken.project
                        join project_schema s on s.project = project.id and s.version = project.schema_version
                        order by taken.position""")
                .bind("count", count)
                .mapTo(Unprepared.class)
                .list());
    }

    /// The task may be judged.
    @Transactional
    void ready(String task, String promptSha256, List<Candidate> candidates) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update task set state = 'READY', prompt_sha256 = :prompt, candidates = cast(:candidates as jsonb)
                        where id = :task and state = 'PREPARING'""")
                .bind("task", task)
                .bind("prompt", promptSha256)
                .bindByType("candidates", candidates, CANDIDATES)
                .execute());
    }

    /// A model is asked for candidates, once.
    @Transactional
    void ask(Unprepared task, String promptSha256, Answering answering) {
        int asked = jdbi.withHandle(handle -> handle.createUpdate(
                        "update task set state = 'ASKING', prompt_sha256 = :prompt where id = :task and state = 'PREPARING'")
                .bind("task", task.id())
                .bind("prompt", promptSha256)
                .execute());
        if (asked == 1) {
            outbox.tell(new AnswersRequested(
                    task.workspace(),
                    task.id(),
                    answering.model(),
                    task.content(),
                    answering.count(),
                    answering.maxNewTokens(),
                    task.id().hashCode()));
        }
    }

    @Transactional
    void skip(String task, Preparation.Skip skip) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update task set state = 'SKIPPED', reason = :reason, detail = :detail where id = :task and state = 'PREPARING'")
                .bind("task", task)
                .bindMethods(skip)
                .execute());
    }

    @Transactional
    void retry(String task, Duration after) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update task set next_attempt_at = now() + :seconds * interval '1 second' where id = :task")
                .bind("task", task)
                .bind("seconds", after.toSeconds())
                .execute());
    }

    record Asked(@Json List<Question> questions) {}

    /// The first answers that differ are shown, as many as the questions take. Runs in the transaction of the inbox.
    void answered(AnswersGenerated generated) {
        var asked = jdbi.withHandle(handle -> handle.createQuery("""
                        select s.questions from task t join project p on p.id = t.project
                        join project_schema s on s.project = p.id and s.version = p.schema_version
                        where t.id = :task and t.workspace = :workspace""")
                .bind("task", generated.task())
                .bind("workspace", generated.workspace())
                .mapTo(Asked.class)
                .findOne());
        if (asked.isEmpty()) {
            return;
        }
        var questions = asked.get().questions();
        var texts = generated.answers().stream()
                .distinct()
                .limit(Project.mostCandidates(questions))
                .toList();
        if (texts.size() < Project.fewestCandidates(questions)) {
            skipAsked(
                    generated.workspace(),
                    generated.task(),
                    new Preparation.Skip(
                            "answers-all-the-same",
                            "%s gave %d answers, too few of them differ; raise candidates.count"
                                    .formatted(
                                            generated.model(),
                                            generated.answers().size())));
            return;
        }
        var candidates = IntStream.range(0, texts.size())
                .mapToObj(index -> new Candidate(name(index), generated.model(), texts.get(index)))
                .toList();
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update task set state = 'READY', candidates = cast(:candidates as jsonb)
                        where id = :task and workspace = :workspace and state = 'ASKING'""")
                .bind("task", generated.task())
                .bind("workspace", generated.workspace())
                .bindByType("candidates", candidates, CANDIDATES)
                .execute());
    }

    /// Runs in the transaction of the inbox.
    void skipAsked(String workspace, String task, Preparation.Skip skip) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update task set state = 'SKIPPED', reason = :reason, detail = :detail
                        where id = :task and workspace = :workspace and state = 'ASKING'""")
                .bind("task", task)
                .bind("workspace", workspace)
                .bindMethods(skip)
                .execute());
    }

    /// `A` for the first candidate, `B` for the second.
    static String name(int index) {
        return String.valueOf((char) ('A' + index));
    }
}
