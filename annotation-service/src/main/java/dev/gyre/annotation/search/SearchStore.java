package dev.gyre.annotation.search;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/// Finds tasks, page by page: each page begins where the one before ended, however far that is.
@ApplicationScoped
class SearchStore {

    static final int MOST_COUNTED = 10_000;

    private static final String PATIENCE = "100ms";
    private static final String CANCELLED = "57014";

    private final Jdbi jdbi;

    SearchStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// The tasks after a position, in the order in which they came.
    List<FoundTask> find(String project, TaskQuery query, long after, int limit) {
        var filter = new TaskFilter(query);
        return jdbi.inTransaction(handle -> {
            planned(handle);
            return filter.bind(
                            handle.createQuery("""
                                    with found as materialized (
                                        select t.id, t.position, t.sample, t.state, t.reason, t.judged, t.wanted, x.excerpt,
                                               v.agreement
                                        from <tasks> where <filter> and t.position > :after
                                        order by t.position limit :limit)
                                    select f.id as task, f.position, s.external_id, s.slice, f.excerpt, f.state, f.reason,
                                           f.judged, f.wanted, f.agreement,
                                           (select coalesce(jsonb_object_agg(value, n), '{}')
                                            from (select value, count(*) as n from judgement j
                                                  where j.task = f.id and j.withdrawn_at is null and value is not null
                                                  group by value) given) as said
                                    from found f join sample s on s.id = f.sample order by f.position""")
                                    .define("tasks", TaskFilter.TASKS)
                                    .define("filter", filter.sql()),
                            project)
                    .bind("after", after)
                    .bind("limit", limit)
                    .mapTo(FoundTask.class)
                    .list();
        });
    }

    /// How many tasks there are.
    ///
    /// @param exact false where there are more
    record Count(int number, boolean exact) {}

    /// Counts as far as that is cheap.
    ///
    /// @return nothing where it would take too long
    Optional<Count> count(String project, TaskQuery query) {
        var filter = new TaskFilter(query);
        try {
            int number = jdbi.inTransaction(handle -> {
                planned(handle);
                handle.execute("set local statement_timeout = '" + PATIENCE + "'");
                return filter.bind(
                                handle.createQuery(
                                                "select count(*) from (select 1 from <tasks> where <filter> limit :most + 1) few")
                                        .define("tasks", TaskFilter.TASKS)
                                        .define("filter", filter.sql()),
                                project)
                        .bind("most", MOST_COUNTED)
                        .mapTo(int.class)
                        .one();
            });
            return Optional.of(new Count(Math.min(number, MOST_COUNTED), number <= MOST_COUNTED));
        } catch (UnableToExecuteStatementException failure) {
            if (failure.getCause() instanceof SQLException cause && CANCELLED.equals(cause.getSQLState())) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /// What a good plan is depends on the words and values, so none is kept from one query to the next.
    private static void planned(Handle handle) {
        handle.execute("set local plan_cache_mode = force_custom_plan");
    }
}
