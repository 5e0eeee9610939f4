package dev.gyre.annotation.bulk;

import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.review.Adjudications;
import dev.gyre.annotation.search.TaskFilter;
import dev.gyre.annotation.search.TaskQuery;
import dev.gyre.events.Annotator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Does something with many tasks in one transaction, and remembers how each of them was before.
@ApplicationScoped
class BulkStore {

    private static final int CONFLICT = 409;
    private static final QualifiedType<TaskQuery> QUERY =
            QualifiedType.of(TaskQuery.class).with(Json.class);

    private final Jdbi jdbi;
    private final Adjudications adjudications;

    BulkStore(Jdbi jdbi, Adjudications adjudications) {
        this.jdbi = jdbi;
        this.adjudications = adjudications;
    }

    /// What a bulk would be done with.
    ///
    /// @param tasks how many
    /// @param most how many may be at once
    record Preview(int tasks, int most, List<Example> examples) {}

    record Example(
            String task, String externalId, @Nullable String excerpt, String state) {}

    Preview preview(Project project, TaskQuery query, BulkAction action) {
        var filter = new TaskFilter(query);
        return jdbi.withHandle(handle -> {
            int tasks = filter.bind(
                            handle.createQuery("select count(*) from <tasks> where <filter> and <possible>")
                                    .define("tasks", TaskFilter.TASKS)
                                    .define("filter", filter.sql())
                                    .define("possible", action.possible()),
                            project.id())
                    .mapTo(int.class)
                    .one();
            var examples = filter.bind(
                            handle.createQuery("""
                                    select t.id as task, s.external_id, x.excerpt, t.state from <tasks>
                                    where <filter> and <possible> order by t.position limit 5""")
                                    .define("tasks", TaskFilter.TASKS)
                                    .define("filter", filter.sql())
                                    .define("possible", action.possible()),
                            project.id())
                    .mapTo(Example.class)
                    .list();
            return new Preview(tasks, action.most(), examples);
        });
    }

    /// @param id of the bulk to come
    record Order(String id, Annotator manager, TaskQuery query, BulkAction action) {}

    /// @return how many tasks it was done with
    @Transactional
    int apply(Project project, Order order) {
        return jdbi.withHandle(handle -> {
            insert(handle, project, order);
            int meant = remember(handle, project, order);
            if (meant > order.action().most()) {
                throw new ClientErrorException(
                        "%d tasks or more are meant, at most %d can be done at once; narrow the query"
                                .formatted(meant, order.action().most()),
                        CONFLICT);
            }
            handle.createUpdate("update bulk set tasks = :tasks where id = :bulk")
                    .bind("tasks", meant)
                    .bind("bulk", order.id())
                    .execute();
            change(handle, project, order);
            return meant;
        });
    }

    private static void insert(Handle handle, Project project, Order order) {
        handle.createUpdate("""
                        insert into bulk (id, workspace, project, manager, action, value, query)
                        values (:id, :workspace, :project, :manager, :action, :value, cast(:query as jsonb))""")
                .bind("id", order.id())
                .bind("workspace", project.workspace())
                .bind("project", project.id())
                .bind("manager", order.manager().pseudonym())
                .bind("action", order.action().word())
                .bind("value", order.action().value())
                .bindByType("query", order.query(), QUERY)
                .execute();
    }

    /// Locks the tasks in one order, so that nobody waits in a circle.
    private static int remember(Handle handle, Project project, Order order) {
        var filter = new TaskFilter(order.query());
        return filter.bind(
                        handle.createUpdate("""
                                insert into bulk_task (bulk, task, state, wanted, priority)
                                select :bulk, id, state, wanted, priority from (
                                    select t.id, t.state, t.wanted, t.priority from <tasks> where <filter> and <possible>
                                    order by t.id limit :most + 1 for no key update of t) meant""")
                                .define("tasks", TaskFilter.TASKS)
                                .define("filter", filter.sql())
                                .define("possible", order.action().possible()),
                        project.id())
                .bind("bulk", order.id())
                .bind("most", order.action().most())
                .execute();
    }

    private void change(Handle handle, Project project, Order order) {
        switch (order.action()) {
            case BulkAction.Skip(var reason) ->
                update(
                        handle,
                        order.id(),
                        "state = 'SKIPPED', reason = 'bulk', detail = :value",
                        Map.of("value", reason));
            case BulkAction.Requeue(var more) ->
                update(handle, order.id(), "state = 'READY', wanted = t.wanted + :value", Map.of("value", more));
            case BulkAction.Priority(var priority) ->
                update(handle, order.id(), "priority = :value", Map.of("value", priority));
            case BulkAction.Label(var answer) ->
                tasks(handle, order.id())
                        .forEach(task -> adjudications.decide(
                                project.workspace(), task, order.manager(), answer, "bulk " + order.id()));
        }
    }

    private static void update(Handle handle, String bulk, String set, Map<String, ?> values) {
        handle.createUpdate("update task t set <set> from bulk_task b where b.bulk = :bulk and b.task = t.id")
                .define("set", set)
                .bind("bulk", bulk)
                .bindMap(values)
                .execute();
    }

    private static List<String> tasks(Handle handle, String bulk) {
        return handle.createQuery("select task from bulk_task where bulk = :bulk order by task")
                .bind("bulk", bulk)
                .mapTo(String.class)
                .list();
    }

    /// Something that was done with many tasks.
    record Bulk(
            String id,
            String project,
            String manager,
            String action,
            String value,
            @Json TaskQuery query,
            int tasks,
            Instant appliedAt,
            @Nullable Instant undoneAt) {}

    private static final String BULK =
            "select id, project, manager, action, value, query, tasks, applied_at, undone_at from bulk ";

    List<Bulk> all(String project) {
        return jdbi.withHandle(
                handle -> handle.createQuery(BULK + "where project = :project order by applied_at desc, id limit 200")
                        .bind("project", project)
                        .mapTo(Bulk.class)
                        .list());
    }

    Optional<Bulk> find(String workspace, String id) {
        return jdbi.withHandle(handle -> handle.createQuery(BULK + "where id = :id and workspace = :workspace")
                .bind("id", id)
                .bind("workspace", workspace)
                .mapTo(Bulk.class)
                .findOne());
    }

    /// Puts the tasks back as they were, as far as people have not gone on with them; once.
    @Transactional
    void undo(String workspace, Bulk bulk) {
        jdbi.useHandle(handle -> {
            int undone = handle.createUpdate("update bulk set undone_at = now() where id = :bulk and undone_at is null")
                    .bind("bulk", bulk.id())
                    .execute();
            if (undone == 0) {
                throw new ClientErrorException("bulk '%s' was undone before".formatted(bulk.id()), CONFLICT);
            }
            handle.createQuery("""
                            select t.id from task t join bulk_task b on b.task = t.id where b.bulk = :bulk
                            order by t.id for no key update of t""")
                    .bind("bulk", bulk.id())
                    .mapTo(String.class)
                    .list();
            restore(handle, workspace, bulk);
        });
    }

    private void restore(Handle handle, String workspace, Bulk bulk) {
        switch (bulk.action()) {
            case "skip" ->
                back(handle, bulk, """
                        state = case when t.state <> 'SKIPPED' then t.state when t.judged = t.wanted then 'DONE' else 'READY' end,
                        reason = null, detail = null""", "t.reason = 'bulk'");
            case "requeue" ->
                back(handle, bulk, """
                        wanted = greatest(b.wanted, t.taken),
                        state = case when t.judged = greatest(b.wanted, t.taken) then 'DONE' else 'READY' end""", "t.state in ('READY', 'DONE')");
            case "priority" -> back(handle, bulk, "priority = b.priority", "true");
            case "label" ->
                tasks(handle, bulk.id())
                        .forEach(task -> adjudications.takeBack(workspace, task, "bulk " + bulk.id(), "bulk undone"));
            default -> throw new IllegalStateException("unknown bulk action " + bulk.action());
        }
    }

    private static void back(Handle handle, Bulk bulk, String set, String where) {
        handle.createUpdate("update task t set <set> from bulk_task b where b.bulk = :bulk and b.task = t.id and <where>")
                .define("set", set)
                .define("where", where)
                .bind("bulk", bulk.id())
                .execute();
    }
}
