package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Looks up judged tasks with what stands of their judgements, page by page: whatever the length of a project, one page
/// is in memory and no transaction waits for the reader.
@ApplicationScoped
class ExportStore {

    private static final int PAGE = 500;

    private final Jdbi jdbi;

    ExportStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// A judged task; its texts are references.
    record Judged(
            String task,
            long position,
            String externalId,
            String slice,
            ArtifactRef content,
            @Json List<Candidate> candidates,
            @Json List<Spoken> voices) {}

    record Spoken(
            String judgement,
            String annotator,
            String kind,
            int schemaVersion,
            @Nullable ArtifactRef comment,
            long activeMillis,
            String givenAt,
            List<String> shownOrder,
            List<Kept> answers) {}

    record Kept(
            String question,
            String type,
            @Nullable String value,
            JsonNode data,
            @Nullable ArtifactRef text) {}

    /// The judged tasks of a project in the order in which they came.
    Stream<Judged> judged(String project) {
        return Stream.iterate(
                        page(project, 0),
                        page -> !page.isEmpty(),
                        page -> page(project, page.getLast().position()))
                .flatMap(List::stream);
    }

    private List<Judged> page(String project, long after) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        with paged as (
                            select * from task where project = :project and position > :after and judged > 0
                            order by position limit :count)
                        select t.id as task, t.position, s.external_id, s.slice, s.content, t.candidates, said.voices
                        from paged t join sample s on s.id = t.sample cross join lateral (
                            select jsonb_agg(jsonb_build_object(
                                       'judgement', j.id, 'annotator', j.annotator, 'kind', j.kind,
                                       'schemaVersion', j.schema_version, 'comment', j.comment,
                                       'activeMillis', j.active_millis, 'givenAt', j.given_at,
                                       'shownOrder', l.shown_order,
                                       'answers', (
                                           select coalesce(jsonb_agg(to_jsonb(a) - 'judgement' - 'number' order by a.question), '[]')
                                           from answer a where a.judgement = j.id)) order by j.position) as voices
                            from judgement j join lease l on l.id = j.lease
                            where j.task = t.id and j.withdrawn_at is null) said
                        where said.voices is not null
                        order by t.position""")
                .bind("project", project)
                .bind("after", after)
                .bind("count", PAGE)
                .mapTo(Judged.class)
                .list());
    }
}
