package dev.gyre.annotation.probe;

import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.events.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Keeps the tasks whose answer is known. A task becomes gold before anybody has judged it, and then nobody is asked it
/// for
/// a judgement that counts, or when it is done.
@ApplicationScoped
class GoldStore {

    private static final int CONFLICT = 409;

    private final Jdbi jdbi;
    private final ProbingStore probings;

    GoldStore(Jdbi jdbi, ProbingStore probings) {
        this.jdbi = jdbi;
        this.probings = probings;
    }

    record Known(String task, String value) {}

    record Waiting(
            String state,
            @Nullable String reason,
            int taken,
            @Json List<Candidate> candidates) {}

    /// @return how many were not gold yet
    @Transactional
    int add(Project project, List<Known> known) {
        int added = jdbi.withHandle(handle -> {
            int sum = 0;
            for (var one : known) {
                sum += add(handle, project, one);
            }
            return sum;
        });
        probings.forget(project.id());
        return added;
    }

    private static int add(Handle handle, Project project, Known known) {
        var task = handle.createQuery(
                        "select state, reason, taken, candidates from task where id = :task and project = :project for no key update")
                .bind("task", known.task())
                .bind("project", project.id())
                .mapTo(Waiting.class)
                .findOne()
                .orElseThrow(() ->
                        new NotFoundException("no task '%s' in project '%s'".formatted(known.task(), project.id())));
        check(project.question(), task, known);
        handle.createUpdate("update task set state = 'SKIPPED', reason = 'gold' where id = :task and state = 'READY'")
                .bind("task", known.task())
                .execute();
        return handle.createUpdate("""
                        insert into gold (task, workspace, project, value, origin)
                        values (:task, :workspace, :project, :value, 'GIVEN')
                        on conflict (task) do update set value = excluded.value, origin = excluded.origin
                        where gold.value <> excluded.value""")
                .bind("task", known.task())
                .bind("workspace", project.workspace())
                .bind("project", project.id())
                .bind("value", known.value())
                .execute();
    }

    private static void check(Question question, Waiting task, Known known) {
        if (!question.kind().isCounted()) {
            throw new IllegalArgumentException(
                    "the question '%s' of type %s asks for what nobody can know before; mark tasks of another question"
                            .formatted(question.name(), question.kind().type()));
        }
        boolean free = task.state().equals("READY") && task.taken() == 0;
        boolean gone = task.state().equals("DONE") || "gold".equals(task.reason());
        if (!free && !gone) {
            throw new ClientErrorException(
                    "task '%s' is %s with %d of its seats taken; mark it before anybody judges it, or when it is done"
                            .formatted(known.task(), task.state(), task.taken()),
                    CONFLICT);
        }
        var possible = possible(question, task);
        if (!possible.isEmpty() && !possible.contains(known.value())) {
            throw new IllegalArgumentException(
                    "value of task '%s' is '%s', must be one of %s".formatted(known.task(), known.value(), possible));
        }
    }

    /// @return nothing where any value may be right
    private static List<String> possible(Question question, Waiting task) {
        if (question.kind() instanceof QuestionKind.Label(var labels)) {
            return labels;
        }
        return question.kind() instanceof QuestionKind.Pairwise
                ? Stream.concat(task.candidates().stream().map(Candidate::id), Stream.of(Majority.TIE, Majority.BAD))
                        .toList()
                : List.of();
    }

    /// Makes gold of the tasks that are done and of which all said the same.
    ///
    /// @param fewest how many must have said so
    /// @return how many were not gold yet
    @Transactional
    int addUnanimous(Project project, int fewest) {
        int added = jdbi.withHandle(handle -> handle.createUpdate("""
                        insert into gold (task, workspace, project, value, origin)
                        select t.id, t.workspace, t.project, min(j.value), 'UNANIMOUS'
                        from task t join judgement j on j.task = t.id and j.withdrawn_at is null and j.value is not null
                        where t.project = :project and t.state = 'DONE'
                        group by t.id having count(*) >= :fewest and min(j.value) = max(j.value)
                        on conflict (task) do nothing""")
                .bind("project", project.id())
                .bind("fewest", fewest)
                .execute());
        probings.forget(project.id());
        return added;
    }

    /// The task is one like any other again.
    @Transactional
    void remove(Project project, String task) {
        jdbi.useHandle(handle -> {
            int removed = handle.createUpdate("delete from gold where task = :task and project = :project")
                    .bind("task", task)
                    .bind("project", project.id())
                    .execute();
            if (removed == 0) {
                throw new NotFoundException("task '%s' is not gold in project '%s'".formatted(task, project.id()));
            }
            handle.createUpdate(
                            "update task set state = 'READY', reason = null where id = :task and state = 'SKIPPED' and reason = 'gold'")
                    .bind("task", task)
                    .execute();
        });
        probings.forget(project.id());
    }

    /// A gold question as it is listed.
    ///
    /// @param origin `GIVEN` or `UNANIMOUS`
    /// @param answered how often it was asked and answered
    /// @param passed how often the answer was the known one
    record Listed(
            String task, String externalId, String value, String origin, int answered, int passed, Instant createdAt) {}

    List<Listed> all(Project project) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select g.task, s.external_id, g.value, g.origin, count(p.id) as answered,
                               count(p.id) filter (where p.value = p.expected) as passed, g.created_at
                        from gold g join task t on t.id = g.task join sample s on s.id = t.sample
                        left join probe p on p.task = g.task and p.kind = 'GOLD' and p.state = 'USED'
                        where g.project = :project group by g.task, s.external_id order by g.created_at, g.task""")
                .bind("project", project.id())
                .mapTo(Listed.class)
                .list());
    }
}
