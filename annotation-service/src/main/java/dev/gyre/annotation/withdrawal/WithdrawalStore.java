package dev.gyre.annotation.withdrawal;

import dev.gyre.delivery.Outbox;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.JudgementEvent.JudgementWithdrawn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Takes judgements back many at a time, each as if it were withdrawn alone.
@ApplicationScoped
class WithdrawalStore {

    private static final int AT_ONCE = 200;

    private final Jdbi jdbi;
    private final Outbox outbox;

    WithdrawalStore(Jdbi jdbi, Outbox outbox) {
        this.jdbi = jdbi;
        this.outbox = outbox;
    }

    boolean isKnown(String workspace, String pseudonym) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select exists (select 1 from annotator where workspace = :workspace and pseudonym = :pseudonym)")
                .bind("workspace", workspace)
                .bind("pseudonym", pseudonym)
                .mapTo(boolean.class)
                .one());
    }

    record Standing(String id, String project, String task, String lease) {}

    record Tainted(String dataset, List<String> judgements) {}

    /// Withdraws the next judgements of an annotator that stand; their seats are free again, for others.
    ///
    /// @return how many there were, 0 when none is left
    @Transactional
    int withdraw(String workspace, String annotator, String reason) {
        return jdbi.withHandle(handle -> {
            awaitFreezing(handle, workspace, annotator);
            var withdrawn = handle.createQuery("""
                            update judgement set withdrawn_at = now(), withdrawn_reason = :reason
                            where id in (select id from judgement
                                         where annotator = :annotator and workspace = :workspace and withdrawn_at is null
                                         order by project, position limit :count for no key update)
                            returning id, project, task, lease""")
                    .bind("annotator", annotator)
                    .bind("workspace", workspace)
                    .bind("reason", reason)
                    .bind("count", AT_ONCE)
                    .mapTo(Standing.class)
                    .list();
            freeSeats(handle, withdrawn);
            for (var one : withdrawn) {
                outbox.tell(new JudgementWithdrawn(workspace, one.task(), one.id(), one.project(), reason));
            }
            for (var dataset : tainted(handle, withdrawn)) {
                outbox.tell(new DatasetTainted(workspace, dataset.dataset(), dataset.judgements(), reason));
            }
            return withdrawn.size();
        });
    }

    /// As for one judgement: a data set that is being frozen is waited for, and then tainted.
    private static void awaitFreezing(Handle handle, String workspace, String annotator) {
        handle.createQuery("""
                        select distinct project from judgement
                        where annotator = :annotator and workspace = :workspace and withdrawn_at is null order by project""")
                .bind("annotator", annotator)
                .bind("workspace", workspace)
                .mapTo(String.class)
                .list()
                .forEach(project -> handle.createUpdate(
                                "select pg_advisory_xact_lock_shared(hashtextextended(:project, 3))")
                        .bind("project", project)
                        .execute());
    }

    /// Leases before tasks, and tasks in one order, so that nobody waits in a circle.
    private static void freeSeats(Handle handle, List<Standing> withdrawn) {
        handle.createUpdate("update lease set state = 'SKIPPED' where id = any(:leases)")
                .bindArray(
                        "leases",
                        String.class,
                        withdrawn.stream().map(Standing::lease).toList())
                .execute();
        var tasks = withdrawn.stream().map(Standing::task).sorted().toList();
        handle.createQuery("select id from task where id = any(:tasks) order by id for no key update")
                .bindArray("tasks", String.class, tasks)
                .mapTo(String.class)
                .list();
        handle.createUpdate("""
                        update task set judged = judged - 1, taken = taken - 1,
                               state = case state when 'SKIPPED' then state else 'READY' end
                        where id = any(:tasks)""").bindArray("tasks", String.class, tasks).execute();
    }

    private static List<Tainted> tainted(Handle handle, List<Standing> withdrawn) {
        return handle.createQuery("""
                        select dataset, array_agg(judgement order by ordinal) as judgements from dataset_judgement
                        where judgement = any(:judgements) group by dataset order by dataset""")
                .bindArray(
                        "judgements",
                        String.class,
                        withdrawn.stream().map(Standing::id).toList())
                .mapTo(Tainted.class)
                .list();
    }

    /// A data set that holds withdrawn judgements of an annotator.
    ///
    /// @param judgements how many of them
    /// @param campaign that it was frozen by
    /// @param model that the campaign is for
    record Holding(
            String dataset,
            String name,
            String project,
            int judgements,
            @Nullable String campaign,
            @Nullable String model) {}

    List<Holding> holding(String workspace, String annotator) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select d.id as dataset, d.name, d.project, count(*) as judgements, d.campaign, d.model
                        from judgement j join dataset_judgement h on h.judgement = j.id join dataset d on d.id = h.dataset
                        where j.annotator = :annotator and j.workspace = :workspace and j.withdrawn_at is not null
                        group by d.id order by d.created_at, d.id""")
                .bind("annotator", annotator)
                .bind("workspace", workspace)
                .mapTo(Holding.class)
                .list());
    }
}
