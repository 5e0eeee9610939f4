package dev.gyre.annotation.project;

import dev.gyre.delivery.Cause;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.json.Json;

/// Keeps projects, and makes a task of every sample that is already there.
@ApplicationScoped
class ProjectStore implements Projects {

    private static final QualifiedType<List<Question>> QUESTIONS =
            QualifiedType.of(new GenericType<List<Question>>() {}).with(Json.class);
    private static final QualifiedType<Answering> ANSWERING =
            QualifiedType.of(Answering.class).with(Json.class);

    private static final int MOST_REMEMBERED = 1000;
    private static final int CONFLICT = 409;
    private static final long REMEMBERED_NANOS = 1_000_000_000;

    private static final String PROJECT = """
            select p.id, p.workspace, p.name, p.source, s.questions, p.answers_per_item, p.candidates, s.guidelines,
                   s.version as schema_version, s.guideline_version, p.lease_seconds, p.shuffle_sides, p.created_at
            from project p join project_schema s on s.project = p.id and s.version = p.schema_version
            """;

    private final Jdbi jdbi;
    /// Projects change rarely, so none is read twice in a second.
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();
    /// Versions never change.
    private final Map<Version, List<Question>> versions = new ConcurrentHashMap<>();

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
                        insert into project (id, workspace, name, source, answers_per_item, candidates, lease_seconds,
                                             shuffle_sides, created_at)
                        values (:id, :workspace, :name, :source, :answersPerItem, cast(:candidates as jsonb),
                                :leaseSeconds, :shuffleSides, :createdAt)""")
                .bindMethods(project)
                .bindByType("candidates", project.candidates(), ANSWERING)
                .execute();
        insertVersion(handle, project);
    }

    private static int insertVersion(Handle handle, Project project) {
        return handle.createUpdate("""
                        insert into project_schema (project, version, questions, guidelines, guideline_version)
                        values (:id, :schemaVersion, cast(:questions as jsonb), :guidelines, :guidelineVersion)
                        on conflict do nothing""")
                .bindMethods(project)
                .bindByType("questions", project.questions(), QUESTIONS)
                .execute();
    }

    /// Makes the next version of a project the one that tasks are lent under from now on.
    @Transactional
    void change(Project next) {
        jdbi.useHandle(handle -> {
            if (insertVersion(handle, next) == 0) {
                throw new ClientErrorException(
                        "somebody else changed project '%s' at the same time; look at it and send yours again"
                                .formatted(next.name()),
                        CONFLICT);
            }
            handle.createUpdate("update project set schema_version = :schemaVersion where id = :id")
                    .bindMethods(next)
                    .execute();
        });
        remembered.remove(next.id());
    }

    private record Version(String project, int number) {}

    @Override
    public List<Question> questions(String project, int schemaVersion) {
        return versions.computeIfAbsent(new Version(project, schemaVersion), this::read);
    }

    record Asked(@Json List<Question> questions) {}

    private List<Question> read(Version version) {
        return jdbi.withHandle(handle -> handle.createQuery(
                                "select questions from project_schema where project = :project and version = :number")
                        .bind("project", version.project())
                        .bind("number", version.number())
                        .mapTo(Asked.class)
                        .one())
                .questions();
    }

    List<Project> all(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        PROJECT + "where p.workspace = :workspace order by p.created_at, p.id")
                .bind("workspace", workspace)
                .mapTo(Project.class)
                .list());
    }

    Optional<Project> find(String workspace, String id) {
        return jdbi.withHandle(
                handle -> handle.createQuery(PROJECT + "where p.workspace = :workspace and p.id = :id")
                        .bind("workspace", workspace)
                        .bind("id", id)
                        .mapTo(Project.class)
                        .findOne());
    }

    /// The project as it stands now.
    Project current(String workspace, String id) {
        return find(workspace, id)
                .orElseThrow(() -> new NotFoundException(
                        "no project '%s' in workspace '%s'; GET /api/projects lists them".formatted(id, workspace)));
    }

    @Override
    public Project require(String workspace, String id) {
        var before = remembered.get(id);
        if (before != null && before.isFresh() && before.project().workspace().equals(workspace)) {
            return before.project();
        }
        var project = current(workspace, id);
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(id, new Remembered(project, System.nanoTime()));
        return project;
    }

    private record Remembered(Project project, long readAt) {

        boolean isFresh() {
            return System.nanoTime() - readAt < REMEMBERED_NANOS;
        }
    }
}
