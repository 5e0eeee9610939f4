package dev.gyre.annotation.task;

import dev.gyre.annotation.probe.Probe;
import dev.gyre.annotation.project.Project;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotFoundException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

    private static final String SPOKEN = """
            and exists (select 1 from sample_text x where x.sample = t.sample
                          and (x.language is null or x.language = any(:languages)))""";

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
            int schemaVersion,
            Instant expiresAt) {

        static Lent of(Probe probe) {
            return new Lent(
                    probe.task(),
                    probe.externalId(),
                    probe.content(),
                    probe.candidates(),
                    probe.lease(),
                    probe.shownOrder(),
                    probe.schemaVersion(),
                    probe.expiresAt());
        }

        /// Probes stand anywhere among the others, and always there.
        static List<Lent> mixed(List<Lent> lent, List<Probe> probes) {
            var mixed = new ArrayList<>(lent);
            for (var probe : probes) {
                mixed.add(Math.floorMod(probe.lease().hashCode(), mixed.size() + 1), of(probe));
            }
            return mixed;
        }
    }

    /// A task whose seat was just taken.
    ///
    /// @param taken how many seats of it are taken now
    record Seat(
            String task,
            String externalId,
            ArtifactRef content,
            @Json List<Candidate> candidates,
            int priority,
            int taken,
            long position,
            Instant expiresAt) {

        Lent lent(Project project, Annotator annotator) {
            var ids = candidates.stream().map(Candidate::id).toList();
            var shown = ShownOrder.of(project, annotator, task, ids);
            return new Lent(
                    task,
                    externalId,
                    content,
                    candidates,
                    UUID.randomUUID().toString(),
                    shown,
                    project.schemaVersion(),
                    expiresAt);
        }
    }

    /// Lends up to `count` tasks that this person has not had yet; first those with priority, then those that others have begun.
    ///
    /// @param task only this one, which may be one that the person skipped
    /// @param languages only samples in these languages or in none; all where there is no list
    @Transactional
    List<Lent> lend(
            Project project,
            Annotator annotator,
            int count,
            @Nullable String task,
            Optional<List<String>> languages) {
        return jdbi.withHandle(handle -> {
            handle.createUpdate("select pg_advisory_xact_lock(hashtextextended(:seat, 2))")
                    .bind("seat", project.id() + "/" + annotator.pseudonym())
                    .execute();
            var lent = handle
                    .createQuery("""
                            with free as (
                                select id from task t
                                where project = :project and state = 'READY' and taken < wanted
                                  and (cast(:task as text) is null or id = :task) <spoken>
                                  and not exists (
                                      select 1 from lease l where l.task = t.id and l.annotator = :annotator
                                        and (l.state in ('OPEN', 'USED') or (l.state = 'SKIPPED' and cast(:task as text) is null)))
                                order by priority desc, taken desc, position limit :count for no key update skip locked),
                            seated as (
                                update task set taken = taken + 1 from free where task.id = free.id
                                returning task.id, task.sample, task.candidates, task.priority, task.taken, task.position)
                            select t.id as task, s.external_id, s.content, t.candidates, t.priority, t.taken, t.position,
                                   now() + :seconds * interval '1 second' as expires_at
                            from seated t join sample s on s.id = t.sample""")
                    .define("spoken", languages.isPresent() ? SPOKEN : "")
                    .bindArray("languages", String.class, languages.orElse(List.of()))
                    .bind("project", project.id())
                    .bind("annotator", annotator.pseudonym())
                    .bind("task", task)
                    .bind("count", count)
                    .bind("seconds", project.leaseSeconds())
                    .mapTo(Seat.class)
                    .stream()
                    .sorted(Comparator.comparingInt(Seat::priority)
                            .thenComparingInt(Seat::taken)
                            .reversed()
                            .thenComparingLong(Seat::position))
                    .map(seat -> seat.lent(project, annotator))
                    .toList();
            open(handle, project, annotator, lent);
            return lent;
        });
    }

    private static void open(Handle handle, Project project, Annotator annotator, List<Lent> lent) {
        if (lent.isEmpty()) {
            return;
        }
        var leases = handle.prepareBatch("""
                insert into lease (id, workspace, project, task, annotator, shown_order, schema_version, expires_at)
                values (:lease, :workspace, :project, :task, :annotator, :shown, :schemaVersion, :expiresAt)""");
        for (var seat : lent) {
            leases.bind("lease", seat.lease())
                    .bind("workspace", project.workspace())
                    .bind("project", project.id())
                    .bind("task", seat.task())
                    .bind("annotator", annotator.pseudonym())
                    .bindArray("shown", String.class, seat.shownOrder())
                    .bind("schemaVersion", seat.schemaVersion())
                    .bind("expiresAt", seat.expiresAt())
                    .add();
        }
        leases.execute();
    }

    /// What this person holds at the moment.
    List<Lent> held(Project project, Annotator annotator) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select t.id as task, s.external_id, s.content, t.candidates, l.id as lease, l.shown_order, l.schema_version,
                               l.expires_at
                        from lease l join task t on t.id = l.task join sample s on s.id = t.sample
                        where l.project = :project and l.annotator = :annotator and l.state = 'OPEN' and l.expires_at > now()
                        order by t.priority desc, t.taken desc, t.position""")
                .bind("project", project.id())
                .bind("annotator", annotator.pseudonym())
                .mapTo(Lent.class)
                .list());
    }

    /// Frees the seats whose time is over, or would be over much later than that of one lent now: the clock of the
    /// database was set back. Leases that somebody is just using are left alone.
    ///
    /// @return whether there were any
    @Transactional
    boolean expire(Project project) {
        return jdbi.withHandle(handle -> {
            var freed = new TreeMap<String, Integer>();
            handle.createQuery("""
                            update lease set state = 'EXPIRED' where id in (
                                select id from lease where project = :project and state = 'OPEN'
                                  and (expires_at < now() or expires_at > now() + :seconds * interval '1 second' + interval '1 minute')
                                for no key update skip locked)
                            returning task""")
                    .bind("project", project.id())
                    .bind("seconds", project.leaseSeconds())
                    .mapTo(String.class)
                    .forEach(task -> freed.merge(task, 1, Integer::sum));
            freed.forEach(
                    (task, seats) -> handle.createUpdate("update task set taken = taken - :seats where id = :task")
                            .bind("task", task)
                            .bind("seats", seats)
                            .execute());
            return !freed.isEmpty();
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
