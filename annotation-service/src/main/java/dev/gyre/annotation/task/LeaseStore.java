package dev.gyre.annotation.task;

import dev.gyre.annotation.project.Project;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Lends tasks to people: a task has as many seats as it wants judgements, and a lease holds one.
///
/// Locks are taken in one order everywhere, lease before task, so that nobody waits in a circle.
@ApplicationScoped
class LeaseStore {

    private final Jdbi jdbi;

    LeaseStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// A task that is lent.
    record Lent(
            String task,
            String externalId,
            ArtifactRef content,
            @Json List<Candidate> candidates,
            String lease,
            List<String> shownOrder,
            Instant expiresAt) {}

    record Seat(String id, @Json List<Candidate> candidates) {}

    /// Lends up to `count` tasks that this person has not had yet; first those that others have begun.
    ///
    /// @param task only this one, which may be one that the person skipped
    @Transactional
    List<Lent> lend(Project project, Annotator annotator, int count, @Nullable String task) {
        return jdbi.withHandle(handle -> {
            handle.createUpdate("select pg_advisory_xact_lock(hashtextextended(:seat, 2))")
                    .bind("seat", project.id() + "/" + annotator.pseudonym())
                    .execute();
            var seats = handle.createQuery("""
                            with free as (
                                select id from task t
                                where project = :project and state = 'READY' and taken < wanted
                                  and (cast(:task as text) is null or id = :task)
                                  and not exists (
                                      select 1 from lease l where l.task = t.id and l.annotator = :annotator
                                        and (l.state in ('OPEN', 'USED') or (l.state = 'SKIPPED' and cast(:task as text) is null)))
                                order by taken desc, position limit :count for no key update skip locked)
                            update task set taken = taken + 1 from free where task.id = free.id
                            returning task.id, task.candidates""")
                    .bind("project", project.id())
                    .bind("annotator", annotator.pseudonym())
                    .bind("task", task)
                    .bind("count", count)
                    .mapTo(Seat.class)
                    .list();
            var leases = seats.stream()
                    .map(seat -> open(handle, project, annotator, seat))
                    .toList();
            return leases.isEmpty() ? List.<Lent>of() : lent(handle, leases);
        });
    }

    private static String open(Handle handle, Project project, Annotator annotator, Seat seat) {
        var lease = UUID.randomUUID().toString();
        var candidates = seat.candidates().stream().map(Candidate::id).toList();
        var shown = project.shuffleSides() ? ShownOrder.of(seat.id(), annotator.pseudonym(), candidates) : candidates;
        handle.createUpdate("""
                        insert into lease (id, workspace, project, task, annotator, shown_order, expires_at)
                        values (:id, :workspace, :project, :task, :annotator, :shown, now() + :seconds * interval '1 second')""")
                .bind("id", lease)
                .bind("workspace", project.workspace())
                .bind("project", project.id())
                .bind("task", seat.id())
                .bind("annotator", annotator.pseudonym())
                .bindArray("shown", String.class, shown)
                .bind("seconds", project.leaseSeconds())
                .execute();
        return lease;
    }

    private static List<Lent> lent(Handle handle, List<String> leases) {
        return handle.createQuery("""
                        select t.id as task, s.external_id, s.content, t.candidates, l.id as lease, l.shown_order, l.expires_at
                        from lease l join task t on t.id = l.task join sample s on s.id = t.sample
                        where l.id in (<leases>) order by t.taken desc, t.position""")
                .bindList("leases", leases)
                .mapTo(Lent.class)
                .list();
    }

    /// What this person holds at the moment.
    List<Lent> held(Project project, Annotator annotator) {
        return jdbi.withHandle(handle -> {
            var leases = handle.createQuery("""
                            select id from lease where project = :project and annotator = :annotator
                            and state = 'OPEN' and expires_at > now()""")
                    .bind("project", project.id())
                    .bind("annotator", annotator.pseudonym())
                    .mapTo(String.class)
                    .list();
            return leases.isEmpty() ? List.<Lent>of() : lent(handle, leases);
        });
    }

    /// Frees the seats whose time is over. Leases that somebody is just using are left alone.
    @Transactional
    void expire(Project project) {
        jdbi.useHandle(handle -> {
            var freed = new TreeMap<String, Integer>();
            handle.createQuery("""
                            update lease set state = 'EXPIRED' where id in (
                                select id from lease where project = :project and state = 'OPEN' and expires_at < now()
                                for no key update skip locked)
                            returning task""")
                    .bind("project", project.id())
                    .mapTo(String.class)
                    .forEach(task -> freed.merge(task, 1, Integer::sum));
            freed.forEach(
                    (task, seats) -> handle.createUpdate("update task set taken = taken - :seats where id = :task")
                            .bind("task", task)
                            .bind("seats", seats)
                            .execute());
        });
    }

    /// Gives a task back unjudged; the person is not offered it again.
    @Transactional
    void skip(String workspace, String lease, Annotator annotator) {
        jdbi.useHandle(handle -> {
            var task = handle.createQuery("""
                            update lease set state = 'SKIPPED'
                            where id = :lease and workspace = :workspace and annotator = :annotator and state = 'OPEN'
                            returning task""")
                    .bind("lease", lease)
                    .bind("workspace", workspace)
                    .bind("annotator", annotator.pseudonym())
                    .mapTo(String.class)
                    .findOne()
                    .orElseThrow(() -> new NotFoundException(
                            "no open lease '%s' of yours; it was used, given back or has expired".formatted(lease)));
            handle.createUpdate("update task set taken = taken - 1 where id = :task")
                    .bind("task", task)
                    .execute();
        });
    }
}
