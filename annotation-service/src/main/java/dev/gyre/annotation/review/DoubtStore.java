package dev.gyre.annotation.review;

import dev.gyre.annotation.reliability.Vote;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Keeps how far the answers to each task are in doubt.
@ApplicationScoped
class DoubtStore {

    private static final int AT_ONCE = 5000;

    private final Jdbi jdbi;

    DoubtStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Whether verdicts of the project have changed since the doubts were worked out.
    boolean isStale(String project) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select exists (select 1 from verdict where project = :project and doubt is null)")
                .bind("project", project)
                .mapTo(boolean.class)
                .one());
    }

    /// The votes of tasks with two or more; the sign of a strength says which side was preferred.
    List<Vote> votes(String project) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select j.task, j.annotator,
                               case when j.strength < 0 then 'first' when j.strength > 0 then 'second' else j.value end as value
                        from judgement j join verdict v on v.task = j.task
                        where v.project = :project and v.agreement is not null
                          and j.withdrawn_at is null and j.value is not null
                        order by j.position""")
                .bind("project", project)
                .mapTo(Vote.class)
                .list());
    }

    /// Writes what has changed; a task that was judged meanwhile waits for the next time.
    ///
    /// @param doubts by task
    @Transactional
    void keep(String project, List<Vote> votes, Map<String, Double> doubts) {
        var counts = votes.stream().collect(Collectors.groupingBy(Vote::task, Collectors.counting()));
        var tasks = doubts.keySet().stream().sorted().toList();
        jdbi.useHandle(handle -> {
            for (int start = 0; start < tasks.size(); start += AT_ONCE) {
                var some = tasks.subList(start, Math.min(tasks.size(), start + AT_ONCE));
                write(handle, some, doubts, counts);
            }
            handle.createUpdate(
                            "update verdict set doubt = 0 where project = :project and doubt is null and agreement is null")
                    .bind("project", project)
                    .execute();
        });
    }

    private static void write(Handle handle, List<String> tasks, Map<String, Double> doubts, Map<String, Long> counts) {
        handle.createUpdate("""
                        update verdict v set doubt = found.doubt
                        from (select task, round(doubt::numeric, 3)::double precision as doubt, votes
                              from unnest(:tasks, :doubts, :votes) as given (task, doubt, votes)) found
                        where v.task = found.task and v.answers = found.votes and v.doubt is distinct from found.doubt""")
                .bindArray("tasks", String.class, tasks)
                .bindArray(
                        "doubts",
                        Double.class,
                        tasks.stream().map(task -> doubts.getOrDefault(task, 0.0)).toList())
                .bindArray(
                        "votes",
                        Long.class,
                        tasks.stream().map(task -> counts.getOrDefault(task, 0L)).toList())
                .execute();
    }
}
