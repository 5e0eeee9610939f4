package dev.gyre.annotation.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.annotation.reliability.Reliabilities;
import dev.gyre.annotation.reliability.Reliability;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.SampleDocument;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ClientErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Freezes the judgements of a project into a data set.
@ApplicationScoped
class FreezeWorker implements Freezer {

    private static final int CONFLICT = 409;
    private static final int AT_ONCE = 8;

    private final DatasetStore datasets;
    private final Reliabilities reliabilities;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;

    FreezeWorker(DatasetStore datasets, Reliabilities reliabilities, ArtifactStore artifacts, ObjectMapper json) {
        this.datasets = datasets;
        this.reliabilities = reliabilities;
        this.artifacts = artifacts;
        this.json = json;
    }

    @Override
    public Draft draft(Project project, Order order) {
        var split = order.split();
        var kind = kind(project, order.kind());
        var plan = FreezePlan.of(kind, project.question(), split, datasets.judged(project.id()));
        if (plan.train().isEmpty()) {
            throw new ClientErrorException(
                    "project '%s' has no judgements to train on%s; judge more tasks first"
                            .formatted(
                                    project.name(),
                                    plan.skipped().isEmpty() ? "" : ", tasks skipped: " + plan.skipped()),
                    CONFLICT);
        }
        var judgements = plan.judgements();
        var adjudications = plan.adjudications();
        var leaves = Stream.concat(judgements.stream(), adjudications.stream()).toList();
        var dataset = new Dataset(
                order.id(),
                project.workspace(),
                project.id(),
                order.name(),
                kind,
                order.purpose(),
                split.seed(),
                split.share(),
                new Part(rows(project.workspace(), plan.train()), plan.train().size()),
                new Part(
                        rows(project.workspace(), plan.heldOut()),
                        plan.heldOut().size()),
                MerkleTree.root(leaves),
                lines(project.workspace(), leaves.stream()),
                judgements.size(),
                plan.skipped(),
                order.campaign(),
                order.model(),
                Reliability.doubts(reliabilities.of(project.workspace(), project.id())),
                Instant.now().truncatedTo(ChronoUnit.MICROS));
        return new Draft(dataset, judgements, adjudications);
    }

    @Override
    public void add(Draft draft) {
        datasets.add(draft);
    }

    /// The kind that is asked for, if the questions give it, else what the first question gives.
    private static Kind kind(Project project, @Nullable Kind wanted) {
        var kinds = kinds(project);
        if (kinds.isEmpty()) {
            throw new ClientErrorException(
                    "the questions of project '%s' give no rows to train on; PAIRWISE, RANKING, LABEL, RATING, DEMONSTRATION and EDIT do"
                            .formatted(project.name()),
                    CONFLICT);
        }
        if (wanted != null && !kinds.contains(wanted)) {
            throw new IllegalArgumentException("kind is %s, but the questions of project '%s' give %s"
                    .formatted(wanted, project.name(), kinds));
        }
        return wanted == null ? kinds.getFirst() : wanted;
    }

    private static List<Kind> kinds(Project project) {
        var kinds = new LinkedHashSet<Kind>();
        switch (project.question().kind()) {
            case QuestionKind.Pairwise(), QuestionKind.Ranking() -> kinds.add(Kind.PREFERENCE);
            case QuestionKind.Label _ -> kinds.add(Kind.LABEL);
            case QuestionKind.Rating rating when !rating.each() -> kinds.add(Kind.LABEL);
            case QuestionKind.Demonstration() -> kinds.add(Kind.SUPERVISED);
            case QuestionKind.Rating _,
                    QuestionKind.Labels _,
                    QuestionKind.Spans _,
                    QuestionKind.Text(),
                    QuestionKind.Edit(),
                    QuestionKind.Turns _ -> {}
        }
        if (project.questions().stream().anyMatch(question -> question.kind() instanceof QuestionKind.Edit)) {
            kinds.add(Kind.SUPERVISED);
            kinds.add(Kind.PREFERENCE);
        }
        return List.copyOf(kinds);
    }

    private ArtifactRef rows(String workspace, List<PlannedRow> rows) {
        return lines(workspace, rows.stream().gather(Gatherers.mapConcurrent(AT_ONCE, this::line)));
    }

    private ArtifactRef lines(String workspace, Stream<String> lines) {
        try {
            var file = Files.createTempFile("gyre-rows", ".jsonl");
            try {
                write(file, lines);
                return artifacts.put(workspace, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the rows of a data set", failure);
        }
    }

    private static void write(Path file, Stream<String> lines) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            lines.forEach(line -> append(out, line));
        }
    }

    private static void append(Writer out, String line) {
        try {
            out.append(line).append('\n');
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    private String line(PlannedRow planned) {
        try {
            return json.writeValueAsString(row(planned));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private DatasetRow row(PlannedRow planned) {
        var judgements = FreezePlan.judgements(planned);
        var adjudication = FreezePlan.adjudication(planned).orElse(null);
        return switch (planned) {
            case PlannedRow.Preference(var item, var chosen, var rejected, var strength) -> {
                var sample = sample(item);
                yield new DatasetRow.Preference(
                        sample.prompt(),
                        text(item, sample, chosen),
                        text(item, sample, rejected),
                        item.slice(),
                        item.task(),
                        strength,
                        judgements,
                        adjudication);
            }
            case PlannedRow.Edited(var item, var _, var before, var text) -> {
                var sample = sample(item);
                yield new DatasetRow.Preference(
                        sample.prompt(),
                        artifacts.readText(text),
                        text(item, sample, before),
                        item.slice(),
                        item.task(),
                        1,
                        judgements,
                        adjudication);
            }
            case PlannedRow.Labelled(var item, var label) ->
                new DatasetRow.Labelled(sample(item).prompt(), label, item.slice(), item.task(), judgements, adjudication);
            case PlannedRow.Supervised(var item, var _, var text) ->
                new DatasetRow.Supervised(
                        sample(item).prompt(),
                        artifacts.readText(text),
                        item.slice(),
                        item.task(),
                        judgements,
                        adjudication);
            case PlannedRow.Skipped(var reason) ->
                throw new IllegalStateException("a skipped task is no row: " + reason);
        };
    }

    private SampleDocument sample(JudgedItem item) {
        try {
            return json.readValue(artifacts.read(item.content()), SampleDocument.class);
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "the text of task %s is not a sample document".formatted(item.task()), broken);
        }
    }

    /// Recorded answers stand in the sample; those of a model stand alone.
    private String text(JudgedItem item, SampleDocument sample, Candidate candidate) {
        return candidate.model() == null
                ? sample.candidates().get(item.candidates().indexOf(candidate))
                : artifacts.readText(candidate.text());
    }
}
