package dev.gyre.annotation.review;

import dev.gyre.annotation.search.TaskFilter;
import dev.gyre.annotation.search.TaskQuery;
import dev.gyre.events.ArtifactRef;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Reads what there is to review.
@ApplicationScoped
class ReviewStore {

    private final Jdbi jdbi;

    ReviewStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// A task in the queue.
    ///
    /// @param excerpt how its text begins
    /// @param said how often each value was said
    /// @param adjudication the decision that counts
    record Queued(
            String task,
            String externalId,
            @Nullable String excerpt,
            String state,
            int judged,
            int wanted,
            @Nullable Double agreement,
            double doubt,
            @Json Map<String, Integer> said,
            @Nullable String adjudication,
            @Nullable String decided) {

        Queued {
            said = Map.copyOf(said);
        }
    }

    /// Where a page begins: after this task with this doubt.
    record Place(double doubt, String task) {

        static final Place FIRST = new Place(Double.MAX_VALUE, "");

        /// @throws IllegalArgumentException where it is no place that was given out before
        static Place of(String text) {
            var parts = text.split("/", 2);
            try {
                return new Place(Double.parseDouble(parts[0]), parts[1]);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException strange) {
                throw new IllegalArgumentException(
                        "after is '%s', must be next of the page before".formatted(text), strange);
            }
        }

        @Override
        public String toString() {
            return doubt + "/" + task;
        }
    }

    /// Tasks that are done or have two answers, those in most doubt first.
    ///
    /// @param decided whether those that somebody decided, or those that wait
    List<Queued> queue(String project, TaskQuery query, boolean decided, Place after, int limit) {
        var filter = new TaskFilter(query);
        return jdbi.inTransaction(handle -> {
            handle.execute("set local plan_cache_mode = force_custom_plan");
            return filter.bind(
                            handle.createQuery("""
                                    select t.id as task, s.external_id, x.excerpt, t.state, t.judged, t.wanted, v.agreement,
                                           coalesce(v.doubt, 1 - v.agreement, 0) as doubt,
                                           (select coalesce(jsonb_object_agg(value, n), '{}')
                                            from (select value, count(*) as n from judgement j
                                                  where j.task = t.id and j.withdrawn_at is null and value is not null
                                                  group by value) given) as said,
                                           r.id as adjudication, r.value as decided
                                    from <tasks> left join ruling r on r.task = t.id
                                    where <filter> and v.project = :project and (v.answers > 1 or (v.answers = 1 and t.state = 'DONE'))
                                      and (r.id is not null) = :decided
                                      and (coalesce(v.doubt, 1 - v.agreement, 0) < :doubt
                                           or (coalesce(v.doubt, 1 - v.agreement, 0) = :doubt and v.task > :after))
                                    order by coalesce(v.doubt, 1 - v.agreement, 0) desc, v.task limit :limit""")
                                    .define("tasks", TaskFilter.TASKS)
                                    .define("filter", filter.sql()),
                            project)
                    .bind("decided", decided)
                    .bind("doubt", after.doubt())
                    .bind("after", after.task())
                    .bind("limit", limit)
                    .mapTo(Queued.class)
                    .list();
        });
    }

    ReviewedTask require(String workspace, String task) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select t.id as task, t.workspace, t.project, s.external_id, t.state, s.content, t.candidates, v.agreement,
                               coalesce(v.doubt, 1 - v.agreement, 0) as doubt, t.cause
                        from task t join sample s on s.id = t.sample left join verdict v on v.task = t.id
                        where t.id = :task and t.workspace = :workspace""")
                .bind("task", task)
                .bind("workspace", workspace)
                .mapTo(ReviewedTask.class)
                .findOne()
                .orElseThrow(() -> new NotFoundException(
                        "no task '%s' in workspace '%s'; GET /api/projects/{id}/tasks finds them"
                                .formatted(task, workspace))));
    }

    /// What one person said.
    record Given(
            String judgement,
            String annotator,
            String kind,
            @Nullable String value,
            int strength,
            @Nullable ArtifactRef comment,
            @Json List<Kept> answers,
            int schemaVersion,
            long activeMillis,
            Instant givenAt,
            @Nullable Instant withdrawnAt,
            @Nullable String withdrawnReason) {

        Given {
            answers = List.copyOf(answers);
        }
    }

    record Kept(
            String question,
            String type,
            @Nullable String value,
            Map<String, Object> data,
            @Nullable ArtifactRef text) {}

    /// Everything that was said of a task, also what was withdrawn, in the order in which it came.
    List<Given> given(String task) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select j.id as judgement, j.annotator, j.kind, j.value, j.strength, j.comment,
                               (select coalesce(jsonb_agg(jsonb_build_object('question', a.question, 'type', a.type,
                                                  'value', a.value, 'data', a.data, 'text', a.text)), '[]')
                                from answer a where a.judgement = j.id) as answers,
                               j.schema_version, j.active_millis, j.given_at, j.withdrawn_at, j.withdrawn_reason
                        from judgement j where j.task = :task order by j.position""")
                .bind("task", task)
                .mapTo(Given.class)
                .list());
    }
}
