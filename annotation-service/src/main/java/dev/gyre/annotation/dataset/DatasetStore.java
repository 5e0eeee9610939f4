package dev.gyre.annotation.dataset;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.gyre.annotation.dataset.Freezer.Draft;
import dev.gyre.annotation.dataset.JudgedItem.Ruling;
import dev.gyre.annotation.dataset.JudgedItem.Voice;
import dev.gyre.delivery.Outbox;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.DatasetEvent.Doubt;
import dev.gyre.events.DatasetEvent.Part;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Keeps data sets and which judgements are in them.
@ApplicationScoped
class DatasetStore {

    private static final int CONFLICT = 409;
    private static final QualifiedType<Part> PART = QualifiedType.of(Part.class).with(Json.class);
    private static final QualifiedType<Map<String, Integer>> COUNTS =
            QualifiedType.of(new GenericType<Map<String, Integer>>() {}).with(Json.class);
    private static final QualifiedType<List<Doubt>> DOUBTS =
            QualifiedType.of(new GenericType<List<Doubt>>() {}).with(Json.class);

    private final Jdbi jdbi;
    private final Outbox outbox;

    DatasetStore(Jdbi jdbi, Outbox outbox) {
        this.jdbi = jdbi;
        this.outbox = outbox;
    }

    record Standing(
            String task,
            String promptSha256,
            String slice,
            ArtifactRef content,
            @Json List<Candidate> candidates,
            String judgement,
            @Nullable String value,
            int strength,
            @Nullable ArtifactRef text,
            @Json List<Kept> kept,
            @Json @Nullable Decided decided) {

        Voice voice() {
            var ranking = kept.stream()
                    .filter(answer -> answer.type().equals("RANKING"))
                    .map(answer -> answer.data().ranking())
                    .findFirst()
                    .orElse(List.of());
            var edits = kept.stream()
                    .filter(answer -> answer.type().equals("EDIT") && answer.text() != null)
                    .map(answer -> new JudgedItem.Edit(
                            Objects.requireNonNull(answer.data().candidate()), Objects.requireNonNull(answer.text())))
                    .toList();
            return new Voice(judgement, value, strength, text, ranking, edits);
        }

        JudgedItem item(List<Voice> voices) {
            var ruling = Optional.ofNullable(decided).map(made -> made.ruling(voices));
            return new JudgedItem(task, promptSha256, slice, content, candidates, voices, ruling);
        }
    }

    /// What a reviewer decided.
    ///
    /// @param judgement the one that is taken for right, or else the answer stands in the fields that follow
    record Decided(
            String id,
            @Nullable String judgement,
            @Nullable String value,
            int strength,
            Data data) {

        Ruling ruling(List<Voice> voices) {
            return new Ruling(
                    id,
                    voices.stream()
                            .filter(voice -> voice.judgement().equals(judgement))
                            .findFirst()
                            .orElseGet(() -> new Voice(id, value, strength, null, data.ranking(), List.of())));
        }
    }

    /// An answer that makes rows beside the first question's.
    record Kept(String type, Data data, @Nullable ArtifactRef text) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Data(
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<List<String>> ranking,
            @Nullable String candidate) {}

    /// The judged tasks of a project at this moment, in the order of their samples.
    List<JudgedItem> judged(String project) {
        var byTask = new LinkedHashMap<String, List<Standing>>();
        jdbi.useHandle(handle -> handle.createQuery("""
                        select t.id as task, t.prompt_sha256, s.slice, s.content, t.candidates,
                               j.id as judgement, j.value, j.strength, j.text,
                               (select coalesce(jsonb_agg(jsonb_build_object('type', a.type, 'data', a.data, 'text', a.text)
                                                          order by a.question), '[]')
                                from answer a where a.judgement = j.id and a.type in ('RANKING', 'EDIT')) as kept,
                               (select jsonb_build_object('id', d.id, 'judgement', d.judgement, 'value', d.value,
                                                          'strength', d.strength, 'data', d.data)
                                from ruling d where d.task = t.id) as decided
                        from judgement j join task t on t.id = j.task join sample s on s.id = t.sample
                        where j.project = :project and j.withdrawn_at is null
                        order by s.position, t.position, j.position""")
                .bind("project", project)
                .mapTo(Standing.class)
                .forEach(row -> byTask.computeIfAbsent(row.task(), ignored -> new ArrayList<>())
                        .add(row)));
        return byTask.values().stream()
                .map(rows -> rows.getFirst()
                        .item(rows.stream()
                                .map(Standing::voice)
                                .toList()))
                .toList();
    }

    /// Adds a data set and tells it, unless something in it was withdrawn while it was made.
    @Transactional
    void add(Draft draft) {
        var dataset = draft.dataset();
        jdbi.useHandle(handle -> {
            handle.createUpdate("select pg_advisory_xact_lock(hashtextextended(:project, 3))")
                    .bind("project", dataset.project())
                    .execute();
            handle.createUpdate("""
                            insert into dataset (id, workspace, project, name, kind, purpose, seed, held_out_share, train,
                                                 held_out, merkle_root, judgements, judgement_count, skipped, campaign,
                                                 model, doubts, created_at)
                            values (:id, :workspace, :project, :name, :kind, :purpose, :seed, :heldOutShare,
                                    cast(:train as jsonb), cast(:heldOut as jsonb), :merkleRoot,
                                    cast(:judgements as jsonb), :judgementCount, cast(:skipped as jsonb), :campaign,
                                    :model, cast(:doubts as jsonb), :createdAt)""")
                    .bindMethods(dataset)
                    .bindByType("train", dataset.train(), PART)
                    .bindByType("heldOut", dataset.heldOut(), PART)
                    .bindByType("skipped", dataset.skipped(), COUNTS)
                    .bindByType("doubts", dataset.doubts(), DOUBTS)
                    .execute();
            handle.createUpdate("""
                            insert into dataset_judgement (dataset, ordinal, judgement)
                            select :dataset, ordinal, id from unnest(:judgements) with ordinality as listed (id, ordinal)""")
                    .bind("dataset", dataset.id())
                    .bindArray("judgements", String.class, draft.judgements())
                    .execute();
            handle.createUpdate(
                            "insert into dataset_adjudication (dataset, adjudication) select :dataset, unnest(:adjudications)")
                    .bind("dataset", dataset.id())
                    .bindArray("adjudications", String.class, draft.adjudications())
                    .execute();
            boolean withdrawn = handle.createQuery("""
                            select exists (select 1 from dataset_judgement d join judgement j on j.id = d.judgement
                                           where d.dataset = :dataset and j.withdrawn_at is not null)
                                or exists (select 1 from dataset_adjudication d join adjudication a on a.id = d.adjudication
                                           where d.dataset = :dataset and a.withdrawn_at is not null)""")
                    .bind("dataset", dataset.id())
                    .mapTo(boolean.class)
                    .one();
            if (withdrawn) {
                throw new ClientErrorException(
                        "a judgement or a reviewer's decision was withdrawn while the data set was being frozen; freeze again", CONFLICT);
            }
            outbox.tell(dataset.frozen());
        });
    }

    List<Dataset> all(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from dataset where workspace = :workspace order by created_at, id")
                .bind("workspace", workspace)
                .mapTo(Dataset.class)
                .list());
    }

    Optional<Dataset> find(String workspace, String id) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from dataset where workspace = :workspace and id = :id")
                        .bind("workspace", workspace)
                        .bind("id", id)
                        .mapTo(Dataset.class)
                        .findOne());
    }

    Dataset require(String workspace, String id) {
        return find(workspace, id)
                .orElseThrow(() -> new NotFoundException(
                        "no data set '%s' in workspace '%s'; GET /api/datasets lists them".formatted(id, workspace)));
    }

    /// Judgements and reviewers' decisions that are in the data set and were withdrawn later.
    List<String> tainted(String dataset) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        (select j.id from dataset_judgement d join judgement j on j.id = d.judgement
                         where d.dataset = :dataset and j.withdrawn_at is not null order by d.ordinal)
                        union all
                        (select a.id from dataset_adjudication d join adjudication a on a.id = d.adjudication
                         where d.dataset = :dataset and a.withdrawn_at is not null order by a.decided_at, a.id)""")
                .bind("dataset", dataset)
                .mapTo(String.class)
                .list());
    }
}
