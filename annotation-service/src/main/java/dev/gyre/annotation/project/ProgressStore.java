package dev.gyre.annotation.project;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Counts how far projects are. Counting looks at every task, so what was counted is kept for a multiple of the time
/// that it took; a person's own judgements are counted for each who asks.
@ApplicationScoped
class ProgressStore {

    private static final int MOST_KEPT = 1000;

    private final Jdbi jdbi;
    private final int rest;
    private final Map<String, Count> counts = new ConcurrentHashMap<>();

    /// @param rest how many times as long as it took a count is kept; 0 counts anew each time
    ProgressStore(Jdbi jdbi, @ConfigProperty(name = "gyre.progress.rest", defaultValue = "9") int rest) {
        this.jdbi = jdbi;
        this.rest = rest;
    }

    /// The count of a project, worked out by one while the others take what was counted last.
    private final class Count {

        private final ReentrantLock counting = new ReentrantLock();
        private volatile Figures figures = Figures.NONE;

        Figures figures(Project project) {
            if (!figures.isStale()) {
                return figures;
            }
            if (figures == Figures.NONE || rest == 0) {
                counting.lock();
            } else if (!counting.tryLock()) {
                return figures;
            }
            try {
                if (figures.isStale()) {
                    long began = System.nanoTime();
                    var counted = jdbi.withHandle(handle -> count(handle, project));
                    long now = System.nanoTime();
                    figures = new Figures(counted, now + rest * (now - began));
                }
                return figures;
            } finally {
                counting.unlock();
            }
        }
    }

    /// @param until the clock of [System#nanoTime] at which they are to be counted again
    private record Figures(Progress progress, long until) {

        static final Figures NONE = new Figures(new Progress(0, 0, 0, 0, 0, Map.of(), 0, 0, 0, Map.of()), 0);

        boolean isStale() {
            return this == NONE || System.nanoTime() - until >= 0;
        }
    }

    record Counts(int tasks, int preparing, int open, int done, int judgements, int wanted) {}

    record Counted(String key, int number) {}

    /// @param account the one who asks
    Progress of(Project project, String account) {
        if (counts.size() >= MOST_KEPT) {
            counts.clear();
        }
        var figures = counts.computeIfAbsent(project.id(), ignored -> new Count()).figures(project);
        return figures.progress().of(mine(project, account));
    }

    /// For the one who answers it, a probe is a task like any other.
    private int mine(Project project, String account) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select (select count(*) from judgement j
                                where j.project = :project and j.annotator = a.pseudonym and j.withdrawn_at is null)
                             + (select count(*) from probe p
                                where p.project = :project and p.annotator = a.pseudonym and p.state = 'USED')
                        from annotator a where a.workspace = :workspace and a.account = :account""")
                .bind("project", project.id())
                .bind("workspace", project.workspace())
                .bind("account", account)
                .mapTo(int.class)
                .findOne()
                .orElse(0));
    }

    private static Progress count(Handle handle, Project project) {
        var counts = handle.createQuery("""
                        select count(*) filter (where state <> 'SKIPPED') as tasks,
                               count(*) filter (where state in ('PREPARING', 'ASKING')) as preparing,
                               count(*) filter (where state = 'READY') as open,
                               count(*) filter (where state = 'DONE') as done,
                               coalesce(sum(judged), 0) as judgements,
                               coalesce(sum(wanted) filter (where state <> 'SKIPPED'), 0) as wanted
                        from task where project = :project""")
                .bind("project", project.id())
                .mapTo(Counts.class)
                .one();
        int samples = handle.createQuery(
                        "select count(*) from sample where workspace = :workspace and source = :source")
                .bind("workspace", project.workspace())
                .bind("source", project.source())
                .mapTo(int.class)
                .one();
        var skipped = counted(
                handle,
                project,
                "select reason as key, count(*) as number from task where project = :project and state = 'SKIPPED' group by reason");
        var byAnnotator = counted(
                handle,
                project,
                "select annotator as key, count(*) as number from judgement where project = :project and withdrawn_at is null group by annotator");
        return new Progress(
                samples,
                counts.tasks(),
                counts.preparing(),
                counts.open(),
                counts.done(),
                skipped,
                counts.judgements(),
                counts.wanted(),
                0,
                byAnnotator);
    }

    private static Map<String, Integer> counted(Handle handle, Project project, String sql) {
        var counts = new HashMap<String, Integer>();
        handle.createQuery(sql)
                .bind("project", project.id())
                .mapTo(Counted.class)
                .forEach(row -> counts.put(row.key(), row.number()));
        return counts;
    }
}
