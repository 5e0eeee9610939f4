package dev.gyre.annotation.search;

import dev.gyre.annotation.project.Project;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/// Finds tasks, page by page: each page begins where the one before ended, however far that is.
///
/// A condition that few tasks fulfil is looked up in its own index first and the few are put in order; where many fulfil
/// it, the tasks are gone through in order until the page is full. The database's planner cannot tell the two apart: it
/// does not know how often a word occurs that is not among the most common ones.
@ApplicationScoped
class SearchStore {

    /// Up to how many are few, and counted.
    static final int FEW = 5000;

    private static final String PATIENCE = "50ms";
    private static final String CANCELLED = "57014";

    private final Jdbi jdbi;

    SearchStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// How many tasks there are.
    ///
    /// @param exact false where there are more
    record Count(int number, boolean exact) {

        static Count of(int number) {
            return new Count(Math.min(number, FEW), number <= FEW);
        }
    }

    /// @param count nothing where nobody asked, or it would take too long
    record Found(List<FoundTask> tasks, @Nullable Count count) {}

    /// The tasks after a position, in the order in which they came.
    ///
    /// @param counted whether all are to be counted, as far as that is cheap
    Found find(Project project, TaskQuery query, long after, int limit, boolean counted) {
        var filter = jdbi.inTransaction(handle -> narrowed(handle, project, new TaskFilter(query)));
        return new Found(
                jdbi.inTransaction(handle -> page(handle, project, filter, after, limit)),
                counted ? count(project, filter).orElse(null) : null);
    }

    private static TaskFilter narrowed(Handle handle, Project project, TaskFilter filter) {
        planned(handle);
        Optional<List<String>> samples = filter.asksText()
                ? few(filter.bindText(handle.createQuery(
                                        "select x.sample from sample_text x where x.source = :source and <text> limit <few> + 1")
                                .define("text", filter.text())
                                .define("few", FEW)
                                .bind("source", project.source())
                                .bind("project", project.id()))
                        .mapTo(String.class)
                        .list())
                : Optional.empty();
        Optional<List<String>> tasks = filter.asksVerdict()
                ? few(filter.bindVerdict(handle.createQuery(
                                        "select v.task from verdict v where v.project = :project and <verdict> limit <few> + 1")
                                .define("verdict", filter.verdict())
                                .define("few", FEW)
                                .bind("project", project.id()))
                        .mapTo(String.class)
                        .list())
                : Optional.empty();
        return new TaskFilter(filter.query(), samples, tasks);
    }

    private static Optional<List<String>> few(List<String> found) {
        return found.size() <= FEW ? Optional.of(found) : Optional.empty();
    }

    private static List<FoundTask> page(Handle handle, Project project, TaskFilter filter, long after, int limit) {
        planned(handle);
        boolean byVerdict = filter.asksVerdict() && filter.tasks().isEmpty();
        return filter.bind(
                        handle.createQuery("""
                                with found as materialized (
                                    select t.id, t.position, t.sample, t.state, t.reason, t.judged, t.wanted, x.excerpt, v.agreement
                                    from <tasks> where <filter> and <position> > :after
                                    order by <position> limit :limit)
                                select f.id as task, f.position, s.external_id, s.slice, f.excerpt, f.state, f.reason,
                                       f.judged, f.wanted, f.agreement,
                                       (select coalesce(jsonb_object_agg(value, n), '{}')
                                        from (select value, count(*) as n from judgement j
                                              where j.task = f.id and j.withdrawn_at is null and value is not null
                                              group by value) given) as said
                                from found f join sample s on s.id = f.sample order by f.position""")
                                .define("tasks", TaskFilter.TASKS)
                                .define("filter", filter.sql())
                                .define("position", byVerdict ? "v.position" : "t.position"),
                        project.id())
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(FoundTask.class)
                .list();
    }

    private Optional<Count> count(Project project, TaskFilter filter) {
        var query = filter.query();
        boolean manyTexts = filter.asksText() && filter.samples().isEmpty();
        boolean manyVerdicts = filter.asksVerdict() && filter.tasks().isEmpty();
        boolean alone = query.state() == null && filter.asksText() != filter.asksVerdict();
        return alone && (manyTexts || manyVerdicts)
                ? Optional.of(new Count(FEW, false))
                : counted(project, filter);
    }

    private Optional<Count> counted(Project project, TaskFilter filter) {
        try {
            return Optional.of(Count.of(jdbi.inTransaction(handle -> {
                planned(handle);
                handle.execute("set local statement_timeout = '" + PATIENCE + "'");
                return filter.bind(
                                handle.createQuery(
                                                "select count(*) from (select 1 from <tasks> where <filter> limit <few> + 1) found")
                                        .define("tasks", TaskFilter.TASKS)
                                        .define("filter", filter.sql())
                                        .define("few", FEW),
                                project.id())
                        .mapTo(int.class)
                        .one();
            })));
        } catch (UnableToExecuteStatementException failure) {
            if (failure.getCause() instanceof SQLException cause && CANCELLED.equals(cause.getSQLState())) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /// What a good plan is depends on the words and values, so none is kept from one query to the next; and going
    /// through a whole table for one page is never good.
    private static void planned(Handle handle) {
        handle.execute("set local plan_cache_mode = force_custom_plan");
        handle.execute("set local enable_seqscan = off");
        handle.execute("set local max_parallel_workers_per_gather = 0");
    }
}
