package dev.gyre.annotation.quality;

import dev.gyre.annotation.quality.Material.Stamp;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.json.Json;

/// Reads who said what, how fast, and in which order it was shown.
@ApplicationScoped
class QualityStore {

    private final Jdbi jdbi;

    QualityStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    Stamp stamp(String project) {
        return jdbi.withHandle(handle -> stamp(handle, project));
    }

    private static Stamp stamp(Handle handle, String project) {
        return handle.createQuery("""
                        select coalesce((select max(position) from judgement where project = :project), 0) as position,
                               (select count(*) from judgement where project = :project and withdrawn_at is not null) as withdrawn,
                               (select count(*) from probe where project = :project and state = 'USED') as probes""")
                .bind("project", project)
                .mapTo(Stamp.class)
                .one();
    }

    record Judged(String id, @Json List<Candidate> candidates, ArtifactRef content) {

        Asked asked() {
            return new Asked(id, candidates, content.bytes());
        }
    }

    /// The judgements that stand now.
    Material material(String project) {
        return jdbi.withHandle(handle -> new Material(
                stamp(handle, project), tasks(handle, project), answers(handle, project), probes(handle, project)));
    }

    private static List<Asked> tasks(Handle handle, String project) {
        return handle.createQuery("""
                        select t.id, t.candidates, s.content from task t join sample s on s.id = t.sample
                        where t.project = :project and t.judged > 0""")
                .bind("project", project)
                .mapTo(Judged.class)
                .map(Judged::asked)
                .list();
    }

    private static List<Answer> answers(Handle handle, String project) {
        return handle.createQuery("""
                        select j.task, j.annotator, j.kind, j.value, j.strength, l.shown_order[1] as left, j.active_millis
                        from judgement j join lease l on l.id = j.lease
                        where j.project = :project and j.withdrawn_at is null order by j.position""")
                .bind("project", project)
                .mapTo(Answer.class)
                .list();
    }

    private static List<Probed> probes(Handle handle, String project) {
        return handle.createQuery("""
                        select p.annotator, a.kind as annotator_kind, p.kind, count(*) as answered,
                               count(*) filter (where p.value = p.expected) as passed
                        from probe p join annotator a on a.pseudonym = p.annotator
                        where p.project = :project and p.state = 'USED' group by p.annotator, a.kind, p.kind""")
                .bind("project", project)
                .mapTo(Probed.class)
                .list();
    }
}
