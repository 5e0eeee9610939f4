package dev.gyre.annotation.project;

import dev.gyre.delivery.Cause;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotFoundException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.json.Json;

/// Keeps projects, and makes a task of every sample that is already there.
@ApplicationScoped
class ProjectStore implements Projects {

    private static final QualifiedType<Question> QUESTION =
            QualifiedType.of(Question.class).with(Json.class);
    private static final QualifiedType<Answering> ANSWERING =
            QualifiedType.of(Answering.class).with(Json.class);

    private static final int MOST_REMEMBERED = 1000;

    private final Jdbi jdbi;
    /// Projects never change, so none is read twice.
    private final Map<String, Project> remembered = new ConcurrentHashMap<>();

    ProjectStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Adds a project; samples of its source that arrive meanwhile wait for the lock and then see it.
    @Override
    @Transactional
    public void add(Project project) {
        jdbi.useHandle(handle -> {
            handle.createUpdate("select pg_advisory_xact_lock(hashtextextended(:source, 1))")
                    .bind("source", project.workspace() + "/" + project.source())
                    .execute();
            insert(handle, project);
            handle.createUpdate("""
                            insert into task (workspace, project, sample, wanted, cause)
                            select workspace, :project, id, :wanted, :cause from sample
                            where workspace = :workspace and source = :source order by position""")
                    .bind("project", project.id())
                    .bind("wanted", project.answersPerItem())
                    .bind("cause", Cause.current().encoded())
                    .bind("workspace", project.workspace())
                    .bind("source", project.source())
                    .execute();
        });
    }

    private static void insert(Handle handle, Project project) {
        handle.createUpdate("""
                        insert into project (id, workspace, name, source, question, answers_per_item, candidates,
                                             guidelines, lease_seconds, shuffle_sides, created_at)
                        values (:id, :workspace, :name, :source, cast(:question as jsonb), :answersPerItem,
                                cast(:candidates as jsonb), :guidelines, :leaseSeconds, :shuffleSides, :createdAt)""")
                .bindMethods(project)
                .bindByType("question", project.question(), QUESTION)
                .bindByType("candidates", project.candidates(), ANSWERING)
                .execute();
    }

    List<Project> all(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from project where workspace = :workspace order by created_at, id")
                .bind("workspace", workspace)
                .mapTo(Project.class)
                .list());
    }

    Optional<Project> find(String workspace, String id) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from project where workspace = :workspace and id = :id")
                        .bind("workspace", workspace)
                        .bind("id", id)
                        .mapTo(Project.class)
                        .findOne());
    }

    @Override
    public Project require(String workspace, String id) {
        var before = remembered.get(id);
        if (before != null && before.workspace().equals(workspace)) {
            return before;
        }
        var project = find(workspace, id)
                .orElseThrow(() -> new NotFoundException(
                        "no project '%s' in workspace '%s'; GET /api/projects lists them".formatted(id, workspace)));
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(id, project);
        return project;
    }

    record Counts(int tasks, int preparing, int open, int done, int judgements, int wanted) {}

    record Counted(String key, int number) {}

    /// @param me pseudonym of the one who asks, empty for none
    Progress progress(Project project, String me) {
        return jdbi.withHandle(handle -> {
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
                    byAnnotator.getOrDefault(me, 0) + probed(handle, project, me),
                    byAnnotator);
        });
    }

    /// For the one who answers it, a probe is a task like any other.
    private static int probed(Handle handle, Project project, String me) {
        return me.isEmpty()
                ? 0
                : handle.createQuery(
                                "select count(*) from probe where project = :project and annotator = :me and state = 'USED'")
                        .bind("project", project.id())
                        .bind("me", me)
                        .mapTo(int.class)
                        .one();
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
