package dev.gyre.annotation.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.project.Project;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.artifacts.Digests;
import dev.gyre.delivery.Cause;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/// Makes tasks of documents that come from no source. They stand under a source of the project's own, which ingest does
/// not have, so that no other project takes them up.
@ApplicationScoped
class BroughtStore implements Tasks {

    private static final int AT_ONCE = 8;

    private final Jdbi jdbi;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;

    BroughtStore(Jdbi jdbi, ArtifactStore artifacts, ObjectMapper json) {
        this.jdbi = jdbi;
        this.artifacts = artifacts;
        this.json = json;
    }

    /// @param isAsked whether a model has to write the candidates first
    record Texts(Brought brought, ArtifactRef content, List<Candidate> candidates, boolean isAsked) implements Kept {}

    @Override
    public String sample(Project project, SampleDocument document) {
        var name = "import/%s/%s".formatted(project.id(), Digests.sha256(bytes(document)));
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /// Always the same bytes for the same document, in whatever order its metadata came.
    private byte[] bytes(SampleDocument document) {
        try {
            var tree = json.<ObjectNode>valueToTree(document);
            tree.set("metadata", json.valueToTree(new TreeMap<>(document.metadata())));
            return json.writeValueAsBytes(tree);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public Optional<String> refusal(Project project, SampleDocument document) {
        return Preparation.of(project.questions(), project.candidates(), document) instanceof Preparation.Skip skip
                ? Optional.of("%s: %s".formatted(skip.reason(), skip.detail()))
                : Optional.empty();
    }

    @Override
    public Set<String> known(Project project, Set<String> samples) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select sample from task where project = :project and sample = any(:samples)")
                .bind("project", project.id())
                .bindArray("samples", String.class, samples)
                .mapTo(String.class)
                .set());
    }

    @Override
    public List<Kept> keep(Project project, List<Brought> brought) {
        return brought.stream()
                .gather(Gatherers.mapConcurrent(AT_ONCE, document -> texts(project, document)))
                .map(Kept.class::cast)
                .toList();
    }

    private Texts texts(Project project, Brought brought) {
        var content = artifacts.put(project.workspace(), bytes(brought.document()));
        return switch (Preparation.of(project.questions(), project.candidates(), brought.document())) {
            case Preparation.Ready(var texts) ->
                new Texts(
                        brought,
                        content,
                        IntStream.range(0, texts.size())
                                .mapToObj(at -> new Candidate(
                                        PreparationStore.name(at),
                                        null,
                                        artifacts.put(project.workspace(), texts.get(at))))
                                .toList(),
                        false);
            case Preparation.Ask _ -> new Texts(brought, content, List.of(), true);
            case Preparation.Skip skip -> throw new IllegalArgumentException(skip.detail());
        };
    }

    @Override
    @Transactional
    public Added add(Project project, Kept kept) {
        if (!(kept instanceof Texts texts)) {
            throw new IllegalArgumentException("%s was not kept here".formatted(kept));
        }
        var document = texts.brought().document();
        var sample = sample(project, document);
        return jdbi.withHandle(handle -> {
            handle.createUpdate("""
                            insert into sample (id, workspace, source, external_id, slice, content)
                            values (:sample, :workspace, :source, :externalId, :slice, cast(:content as jsonb))
                            on conflict (id) do nothing""")
                    .bind("sample", sample)
                    .bind("workspace", project.workspace())
                    .bind("source", "import/" + project.id())
                    .bindMethods(texts.brought())
                    .bindByType("content", texts.content(), ArtifactRef.class)
                    .execute();
            var added = handle.createQuery("""
                            insert into task (workspace, project, sample, state, prompt_sha256, candidates, wanted, cause)
                            values (:workspace, :project, :sample, :state, :prompt, cast(:candidates as jsonb), :wanted, :cause)
                            on conflict (project, sample) do nothing returning id""")
                    .bind("workspace", project.workspace())
                    .bind("project", project.id())
                    .bind("sample", sample)
                    .bind("state", texts.isAsked() ? "PREPARING" : "READY")
                    .bind("prompt", Digests.sha256(document.prompt().getBytes(StandardCharsets.UTF_8)))
                    .bindByType("candidates", texts.candidates(), PreparationStore.CANDIDATES)
                    .bind("wanted", project.answersPerItem())
                    .bind("cause", Cause.current().encoded())
                    .mapTo(String.class)
                    .findOne();
            return added.isPresent()
                    ? new Added(added.get(), true)
                    : new Added(
                            handle.createQuery("select id from task where project = :project and sample = :sample")
                                    .bind("project", project.id())
                                    .bind("sample", sample)
                                    .mapTo(String.class)
                                    .one(),
                            false);
        });
    }
}
