package dev.gyre.annotation.assignment;

import dev.gyre.annotation.project.Project;
import dev.gyre.events.Annotator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;

/// Keeps the tags of people and what projects want of them.
@ApplicationScoped
class AssignmentStore implements Assignments {

    private static final int MOST_REMEMBERED = 1000;
    private static final long REMEMBERED_NANOS = 1_000_000_000;

    private final Jdbi jdbi;
    /// Projects change rarely, so none is read twice in a second.
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

    AssignmentStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    private record Remembered(Assignment assignment, long readAt) {

        boolean isFresh() {
            return System.nanoTime() - readAt < REMEMBERED_NANOS;
        }
    }

    @Override
    public Fit of(Project project, Annotator annotator) {
        var assignment = assignment(project.id());
        if (!assignment.byLanguage() && assignment.needs().all().isEmpty()) {
            return new Fit(true, Optional.empty());
        }
        var tags = tags(annotator.pseudonym());
        return new Fit(
                assignment.admits(tags), assignment.byLanguage() ? Optional.of(tags.languages()) : Optional.empty());
    }

    private Assignment assignment(String project) {
        var before = remembered.get(project);
        if (before != null && before.isFresh()) {
            return before.assignment();
        }
        var assignment = read(project);
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(project, new Remembered(assignment, System.nanoTime()));
        return assignment;
    }

    record Kept(List<String> needs, boolean byLanguage, double overlap) {}

    Assignment read(String project) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select needs, by_language, overlap from project where id = :project")
                .bind("project", project)
                .mapTo(Kept.class)
                .map(kept -> new Assignment(Tags.of(kept.needs()), kept.byLanguage(), kept.overlap()))
                .one());
    }

    private Tags tags(String pseudonym) {
        return jdbi.withHandle(handle -> handle.createQuery("select tags from annotator where pseudonym = :pseudonym")
                .bind("pseudonym", pseudonym)
                .mapTo(Tagged.class)
                .findOne()
                .map(tagged -> Tags.of(tagged.tags()))
                .orElse(Tags.NONE));
    }

    record Tagged(List<String> tags) {}

    /// Tasks that nobody has begun get the number of answers that the overlap gives them, as those that come later do.
    @Transactional
    void change(Project project, Assignment assignment) {
        jdbi.useHandle(handle -> {
            handle.createUpdate("""
                            update project set needs = :needs, by_language = :byLanguage, overlap = :overlap
                            where id = :project""")
                    .bind("project", project.id())
                    .bindArray("needs", String.class, assignment.needs().all())
                    .bind("byLanguage", assignment.byLanguage())
                    .bind("overlap", assignment.overlap())
                    .execute();
            handle.createUpdate("""
                            update task set wanted = answers_wanted(sample, :answers, :overlap)
                            where project = :project and state in ('PREPARING', 'ASKING', 'READY') and taken = 0
                              and wanted <> answers_wanted(sample, :answers, :overlap)""")
                    .bind("project", project.id())
                    .bind("answers", project.answersPerItem())
                    .bind("overlap", assignment.overlap())
                    .execute();
        });
        remembered.remove(project.id());
    }

    /// Somebody who has judged or may judge.
    ///
    /// @param judgements that stand
    record Person(String annotator, String kind, List<String> tags, int judgements) {}

    List<Person> people(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select a.pseudonym as annotator, a.kind, a.tags,
                               (select count(*) from judgement j where j.annotator = a.pseudonym and j.withdrawn_at is null)
                                   as judgements
                        from annotator a where a.workspace = :workspace order by a.pseudonym""")
                .bind("workspace", workspace)
                .mapTo(Person.class)
                .list());
    }

    @Transactional
    void tag(String workspace, String pseudonym, Tags tags) {
        int tagged = jdbi.withHandle(handle -> handle.createUpdate(
                        "update annotator set tags = :tags where workspace = :workspace and pseudonym = :pseudonym")
                .bind("workspace", workspace)
                .bind("pseudonym", pseudonym)
                .bindArray("tags", String.class, tags.all())
                .execute());
        if (tagged == 0) {
            throw new NotFoundException("no annotator '%s' in workspace '%s'; GET /api/annotators lists them"
                    .formatted(pseudonym, workspace));
        }
    }
}
