package dev.gyre.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.bench.Ledger.Text;
import dev.gyre.cli.bench.Ledger.Work;
import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.Services;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Holds what every part has against what the bench itself has sent; no part is asked what it should have.
final class Count {

    private static final int PAGE = 5000;
    private static final Duration FACTS_ARRIVE = Duration.ofSeconds(60);

    private final Services services;
    private final Ledger ledger;
    private final Books books = new Books();

    private final Duration patience;

    Count(Services services, Ledger ledger) {
        this(services, ledger, FACTS_ARRIVE);
    }

    /// @param patience how long it looks again for what may still be on its way
    Count(Services services, Ledger ledger, Duration patience) {
        this.services = services;
        this.ledger = ledger;
        this.patience = patience;
    }

    Books everything() {
        ledger.works().forEach(this::work);
        runs();
        champions();
        facts();
        return books;
    }

    /// A file from its rows to its data set.
    private void work(Work work) {
        var ids = work.texts().stream().map(Text::id).toList();
        books.compare("ingest, samples of " + work.name(), ids, texts(samples(work), "externalId"));
        books.compare(
                "annotation, projects on " + work.name(),
                present(work.project()),
                items("annotation", "/api/projects")
                        .filter(project -> project.path("source").asText().equals(work.source()))
                        .map(project -> project.path("id").asText())
                        .toList());
        if (work.project().isEmpty()) {
            return;
        }
        var listed = services.rows(Turn.staff("annotation", "/api/projects/%s/judgements".formatted(work.project())));
        books.compare("annotation, judgements of " + work.name(), work.receipts(), texts(listed, "judgement"));
        books.compare(
                "annotation, every row of %s judged by everybody".formatted(work.name()),
                ids.stream()
                        .flatMap(id -> numbered(id, work.kind().judges().size()))
                        .toList(),
                numbered(texts(listed, "externalId")));
        books.compare(
                "annotation, data sets of " + work.name(),
                present(work.dataset()),
                items("annotation", "/api/datasets")
                        .filter(dataset -> dataset.path("project").asText().equals(work.project()))
                        .map(dataset -> dataset.path("dataset").asText())
                        .toList());
        if (!work.dataset().isEmpty()) {
            dataset(work);
        }
    }

    /// Every judgement is in the data set once, and says there what was said.
    private void dataset(Work work) {
        var at = "/api/datasets/" + work.dataset();
        books.compare(
                "data set %s, judgements".formatted(work.name()),
                work.receipts(),
                services.lines(Turn.staff("annotation", at + "/judgements")));
        var rows = Stream.of("train", "heldOut")
                .flatMap(part -> services.rows(Turn.staff("annotation", at + "/rows?part=" + part)).stream())
                .toList();
        books.compare(
                "data set %s, judgements in its rows".formatted(work.name()),
                work.receipts(),
                rows.stream()
                        .flatMap(row ->
                                StreamSupport.stream(row.path("judgements").spliterator(), false))
                        .map(JsonNode::asText)
                        .toList());
        books.compare(
                "data set %s, texts".formatted(work.name()),
                work.texts().stream()
                        .map(text -> text.prompt() + " " + text.said())
                        .toList(),
                rows.stream()
                        .map(row -> row.path("prompt").asText() + " "
                                + row.path("completion")
                                        .asText(row.path("chosen").asText()))
                        .toList());
    }

    private List<JsonNode> samples(Work work) {
        var samples = new ArrayList<JsonNode>();
        for (var after = "0"; !after.isEmpty(); ) {
            var page = services.get(
                    Turn.staff("ingest", "/api/samples?source=%s&after=%s&limit=1000".formatted(work.source(), after)));
            page.path("items").forEach(samples::add);
            after = page.path("next").asText("");
        }
        return samples;
    }

    /// Every run that was asked for ended, came to something, and is one version with one verdict.
    private void runs() {
        var held = items("trainer", "/api/runs?limit=1000").toList();
        books.compare("trainer, runs", ledger.runs(), texts(held, "run"));
        books.compare(
                "trainer, runs that ended",
                ledger.runs(),
                held.stream()
                        .filter(run -> !run.path("endedAt").isNull()
                                && !run.path("endedAt").isMissingNode())
                        .map(run -> run.path("run").asText())
                        .toList());
        var completed = held.stream()
                .filter(run -> run.path("state").asText().equals("COMPLETED"))
                .map(run -> run.path("run").asText())
                .filter(ledger.runs()::contains)
                .toList();
        books.compare("trainer, runs that came to something", ledger.runs(), completed);
        settle("registry, a version of every completed run", completed, () -> texts(trained(), "run"));
        settle("registry, a verdict on every version", completed, () -> trained().stream()
                .flatMap(version -> IntStream.range(
                                0, version.path("evaluations").size())
                        .mapToObj(verdict -> version.path("run").asText()))
                .toList());
    }

    /// There is one champion, and all that need it know the same.
    private void champions() {
        settle(
                "registry, one champion",
                List.of("champion#1"),
                () -> IntStream.rangeClosed(1, champion().size())
                        .mapToObj(number -> "champion#" + number)
                        .toList());
        settle(
                "trainer, the champion",
                champion().stream().limit(1).toList(),
                () -> List.of(services.get(Turn.staff("trainer", "/api/models/" + Turn.MODEL))
                        .path("champion")
                        .asText()));
    }

    /// The registry heard every fact once.
    private void facts() {
        settle(
                "facts, samples accepted",
                ledger.works().stream()
                        .flatMap(work -> work.texts().stream().map(text -> work.source() + " " + text.id()))
                        .toList(),
                () -> told("samples", "SampleAccepted").stream()
                        .map(fact -> fact.path("source").asText() + " "
                                + fact.path("externalId").asText())
                        .toList());
        settle(
                "facts, judgements",
                ledger.works().stream().flatMap(work -> work.receipts().stream()).toList(),
                () -> Stream.of("PreferenceRecorded", "DemonstrationRecorded")
                        .flatMap(type -> texts(told("judgements", type), "judgement").stream())
                        .toList());
        settle(
                "facts, data sets",
                ledger.works().stream()
                        .flatMap(work -> present(work.dataset()).stream())
                        .toList(),
                () -> texts(told("datasets", "DatasetFrozen"), "dataset"));
        settle("facts, runs asked for", ledger.runs(), () -> texts(told("trainings", "TrainingRequested"), "run"));
        settle("facts, runs ended", ledger.runs(), () -> Stream.of(
                        "TrainingCompleted", "TrainingFailed", "TrainingCancelled")
                .flatMap(type -> texts(told("trainings", type), "run").stream())
                .toList());
    }

    private List<JsonNode> told(String topic, String type) {
        var facts = new ArrayList<JsonNode>();
        for (long after = 0; ; ) {
            var page = services.get(Turn.staff(
                    "registry",
                    "/api/activity?topic=%s&type=%s&after=%d&limit=%d".formatted(topic, type, after, PAGE)));
            page.path("items").forEach(fact -> facts.add(fact.path("payload")));
            if (page.path("items").size() < PAGE) {
                return facts;
            }
            after = page.path("next").asLong();
        }
    }

    /// Facts travel: looks again for a while, as long as it does not find what it should. What is doubled or never came
    /// stays so and is counted.
    private void settle(String place, Collection<String> submitted, Supplier<List<String>> look) {
        var wanted = submitted.stream().distinct().sorted().toList();
        var deadline = System.nanoTime() + patience.toNanos();
        var seen = look.get();
        while (!seen.stream().sorted().toList().equals(wanted) && System.nanoTime() < deadline) {
            try {
                Thread.sleep(500);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped while counting", stopped);
            }
            seen = look.get();
        }
        books.compare(place, submitted, seen);
    }

    private List<String> champion() {
        return versions()
                .filter(version -> version.path("state").asText().equals("CHAMPION"))
                .map(version -> version.path("version").asText())
                .toList();
    }

    /// Versions that a run made.
    private List<JsonNode> trained() {
        return versions().filter(version -> version.path("run").isTextual()).toList();
    }

    private Stream<JsonNode> versions() {
        return StreamSupport.stream(
                services.get(Turn.staff("registry", "/api/registry/models/" + Turn.MODEL))
                        .path("versions")
                        .spliterator(),
                false);
    }

    private Stream<JsonNode> items(String service, String path) {
        return StreamSupport.stream(services.get(Turn.staff(service, path)).spliterator(), false);
    }

    private static List<String> texts(Collection<JsonNode> rows, String field) {
        return rows.stream().map(row -> row.path(field).asText()).toList();
    }

    private static List<String> present(String id) {
        return id.isEmpty() ? List.of() : List.of(id);
    }

    private static Stream<String> numbered(String id, int times) {
        return IntStream.rangeClosed(1, times).mapToObj(number -> id + "#" + number);
    }

    /// The first of an id becomes `id#1`, the second `id#2`.
    private static List<String> numbered(List<String> ids) {
        var times = new HashMap<String, Integer>();
        return ids.stream()
                .map(id -> id + "#" + Objects.requireNonNull(times.merge(id, 1, Integer::sum)))
                .toList();
    }
}
