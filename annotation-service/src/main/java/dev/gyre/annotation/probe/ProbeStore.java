package dev.gyre.annotation.probe;

import dev.gyre.annotation.project.Project;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Keeps probes; most calls draw none and ask the database nothing.
@ApplicationScoped
class ProbeStore implements Probes {

    private static final int CONFLICT = 409;

    private static final String PROBE = """
            select p.task, p.project, s.external_id, s.content, t.candidates, p.id as lease, p.shown_order, p.schema_version, p.expires_at,
                   p.receipt, case p.state when 'RETURNED' then p.given_at end as withdrawn_at
            from probe p join task t on t.id = p.task join sample s on s.id = t.sample
            """;

    /// Gold questions that this person has never seen, as a task or as a question.
    private static final String GOLD = """
            select g.task, s.external_id, s.content, t.candidates, g.value as expected, cast(null as text[]) as shown_before
            from gold g join task t on t.id = g.task join sample s on s.id = t.sample
            where g.project = :project
              and not exists (select 1 from probe p where p.task = g.task and p.annotator = :annotator and p.kind = 'GOLD'
                                and p.state in ('OPEN', 'USED', 'SKIPPED'))
              and not exists (select 1 from lease l where l.task = g.task and l.annotator = :annotator
                                and l.state in ('OPEN', 'USED', 'SKIPPED'))
            order by random() limit :count""";

    /// Own judgements that stand and that enough others have followed.
    private static final String REPEAT = """
            select j.task, s.external_id, s.content, t.candidates, j.value as expected, l.shown_order as shown_before
            from judgement j join lease l on l.id = j.lease join task t on t.id = j.task join sample s on s.id = t.sample
            where j.project = :project and j.annotator = :annotator and j.withdrawn_at is null and j.value is not null
              and j.position < (select position from judgement where project = :project and annotator = :annotator
                                order by position desc offset :after - 1 limit 1)
              and not exists (select 1 from probe p where p.task = j.task and p.annotator = :annotator
                                and p.state in ('OPEN', 'USED', 'SKIPPED'))
            order by random() limit :count""";

    private final Jdbi jdbi;
    private final ProbingStore probings;

    ProbeStore(Jdbi jdbi, ProbingStore probings) {
        this.jdbi = jdbi;
        this.probings = probings;
    }

    /// A task that may be a probe.
    record Found(
            String task,
            String externalId,
            ArtifactRef content,
            @Json List<Candidate> candidates,
            String expected,
            @Nullable List<String> shownBefore) {

        List<String> ids() {
            return candidates.stream().map(Candidate::id).toList();
        }
    }

    @Override
    public List<Probe> lend(Project project, Annotator annotator, int count, Order order) {
        var drawn = probings.draw(project, annotator, count);
        if (drawn.gold() + drawn.repeats() == 0) {
            return List.of();
        }
        return lend(project, annotator, drawn, order);
    }

    @Transactional
    List<Probe> lend(Project project, Annotator annotator, ProbingStore.Drawn drawn, Order order) {
        return jdbi.withHandle(handle -> {
            handle.createUpdate("""
                            update probe set state = 'EXPIRED'
                            where project = :project and annotator = :annotator and state = 'OPEN' and expires_at < now()""")
                    .bind("project", project.id())
                    .bind("annotator", annotator.pseudonym())
                    .execute();
            var lent = new ArrayList<Probe>();
            for (var gold : found(handle, GOLD, project, annotator, drawn.gold(), drawn.after())) {
                open(handle, "GOLD", project, annotator, gold, order.of(gold.task(), gold.ids()))
                        .ifPresent(lent::add);
            }
            for (var repeat : found(handle, REPEAT, project, annotator, drawn.repeats(), drawn.after())) {
                open(handle, "REPEAT", project, annotator, repeat, swapped(project, repeat))
                        .ifPresent(lent::add);
            }
            return lent;
        });
    }

    /// The other way round than before, unless the project shows everybody the order of the source.
    private static List<String> swapped(Project project, Found repeat) {
        var before = repeat.shownBefore() == null ? repeat.ids() : repeat.shownBefore();
        return project.shuffleSides() ? before.reversed() : before;
    }

    private static List<Found> found(
            Handle handle, String sql, Project project, Annotator annotator, int count, int after) {
        if (count == 0) {
            return List.of();
        }
        var query = handle.createQuery(sql)
                .bind("project", project.id())
                .bind("annotator", annotator.pseudonym())
                .bind("count", count);
        return (sql.equals(REPEAT) ? query.bind("after", after) : query)
                .mapTo(Found.class)
                .list();
    }

    /// @return nothing where the same was lent to the same person in another window just now
    private static Optional<Probe> open(
            Handle handle, String kind, Project project, Annotator annotator, Found found, List<String> shown) {
        return handle.createQuery("""
                        insert into probe (id, workspace, project, task, annotator, kind, shown_order, schema_version, expected,
                                           expires_at)
                        values (:id, :workspace, :project, :task, :annotator, :kind, :shown, :schemaVersion, :expected,
                                now() + :seconds * interval '1 second')
                        on conflict do nothing returning id""")
                .bind("id", UUID.randomUUID().toString())
                .bind("workspace", project.workspace())
                .bind("project", project.id())
                .bind("task", found.task())
                .bind("annotator", annotator.pseudonym())
                .bind("kind", kind)
                .bindArray("shown", String.class, shown)
                .bind("schemaVersion", project.schemaVersion())
                .bind("expected", found.expected())
                .bind("seconds", project.leaseSeconds())
                .mapTo(String.class)
                .findOne()
                .flatMap(id -> one(handle, id));
    }

    private static Optional<Probe> one(Handle handle, String id) {
        return handle.createQuery(PROBE + "where p.id = :id")
                .bind("id", id)
                .mapTo(Probe.class)
                .findOne();
    }

    @Override
    @Transactional
    public Optional<Probe> lendAgain(Project project, Annotator annotator, String task) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        insert into probe (id, workspace, project, task, annotator, kind, shown_order, schema_version, expected,
                                           expires_at)
                        select :id, workspace, project, task, annotator, kind, shown_order, schema_version, expected,
                               now() + :seconds * interval '1 second'
                        from probe where task = :task and project = :project and annotator = :annotator
                          and state in ('RETURNED', 'SKIPPED')
                        order by position desc limit 1
                        on conflict do nothing returning id""")
                .bind("id", UUID.randomUUID().toString())
                .bind("task", task)
                .bind("project", project.id())
                .bind("annotator", annotator.pseudonym())
                .bind("seconds", project.leaseSeconds())
                .mapTo(String.class)
                .findOne()
                .flatMap(id -> one(handle, id)));
    }

    @Override
    public List<Probe> held(Project project, Annotator annotator) {
        return jdbi.withHandle(handle -> handle.createQuery(PROBE + """
                        where p.project = :project and p.annotator = :annotator and p.state = 'OPEN' and p.expires_at > now()
                        order by p.position""")
                .bind("project", project.id())
                .bind("annotator", annotator.pseudonym())
                .mapTo(Probe.class)
                .list());
    }

    @Override
    public Optional<Probe> find(String workspace, String task, String lease, Annotator annotator) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        PROBE
                                + "where p.id = :lease and p.task = :task and p.workspace = :workspace and p.annotator = :annotator")
                .bind("lease", lease)
                .bind("task", task)
                .bind("workspace", workspace)
                .bind("annotator", annotator.pseudonym())
                .mapTo(Probe.class)
                .findOne());
    }

    @Override
    @Transactional
    public String answer(Probe probe, @Nullable String value, long activeMillis) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        update probe set state = 'USED', receipt = :receipt, value = :value, active_millis = :activeMillis,
                               given_at = now()
                        where id = :lease and state = 'OPEN' returning receipt""")
                .bind("receipt", UUID.randomUUID().toString())
                .bind("value", value)
                .bind("activeMillis", activeMillis)
                .bind("lease", probe.lease())
                .mapTo(String.class)
                .findOne()
                .or(() -> handle.createQuery("select receipt from probe where id = :lease and state = 'USED'")
                        .bind("lease", probe.lease())
                        .mapTo(String.class)
                        .findOne())
                .orElseThrow(() -> new ClientErrorException(
                        "the lease ran out and others have judged task '%s' meanwhile; take the next task"
                                .formatted(probe.task()),
                        CONFLICT)));
    }

    @Override
    @Transactional
    public boolean skip(String workspace, String lease, Annotator annotator) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                        update probe set state = 'SKIPPED'
                        where id = :lease and workspace = :workspace and annotator = :annotator and state = 'OPEN'""")
                        .bind("lease", lease)
                        .bind("workspace", workspace)
                        .bind("annotator", annotator.pseudonym())
                        .execute())
                > 0;
    }

    @Override
    @Transactional
    public boolean withdraw(String workspace, String receipt, String annotator) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                        update probe set state = 'RETURNED'
                        where receipt = :receipt and workspace = :workspace and annotator = :annotator
                          and state in ('USED', 'RETURNED')""")
                        .bind("receipt", receipt)
                        .bind("workspace", workspace)
                        .bind("annotator", annotator)
                        .execute())
                > 0;
    }
}
