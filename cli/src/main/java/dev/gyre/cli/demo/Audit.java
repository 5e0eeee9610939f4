package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Asks every stage what it holds and writes it into the books.
final class Audit {

    private static final int PAGE = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Services services;
    private final String account;
    private final Books books;
    private final Stages stages;
    private final Watch watch;

    Audit(Services services, String account, Books books, Stages stages) {
        this.services = services;
        this.account = account;
        this.books = books;
        this.stages = stages;
        this.watch = new Watch(services, stages, account);
    }

    /// Every row of the file was either accepted or refused.
    void intake(String name, Intake intake) {
        books.compare(
                "ingest, rows of " + name,
                words(intake.rows().byNumber().keySet()),
                words(Stream.concat(intake.accepted().stream().map(Intake.Sample::row), intake.refused().stream())
                        .toList()));
    }

    /// Every judgement sent stands in its project, and nobody judged a task twice.
    void judgements(Asked asked, List<Submitted> sent) {
        var listed = services.rows(call("annotation", "/api/projects/%s/judgements".formatted(asked.id())));
        books.compare(
                "annotation, judgements of " + asked.name(),
                sent.stream().map(Submitted::judgement).toList(),
                texts(listed, "judgement"));
        books.compare(
                "annotation, one judgement per person and task of " + asked.name(),
                voices(listed).distinct().toList(),
                voices(listed).toList());
    }

    /// Every judgement of the project is in the data set once, or its task was skipped for a reason; rows and list
    /// agree.
    void dataset(Frozen dataset) {
        var listed = services.rows(call(
                "annotation",
                "/api/projects/%s/judgements".formatted(dataset.from().id())));
        var inList = services.lines(call("annotation", "/api/datasets/%s/judgements".formatted(dataset.id())));
        var inRows = new ArrayList<String>();
        for (var part : List.of("train", "heldOut")) {
            for (var row :
                    services.rows(call("annotation", "/api/datasets/%s/rows?part=%s".formatted(dataset.id(), part)))) {
                row.path("judgements").forEach(judgement -> inRows.add(judgement.asText()));
            }
        }
        books.compare("data set %s, judgements in its rows".formatted(dataset.name()), inList, inRows);
        var held = new HashSet<>(inList);
        var tasksHeld = tasks(listed.stream()
                .filter(one -> held.contains(one.path("judgement").asText()))
                .toList());
        var expected = listed.stream()
                .filter(one -> tasksHeld.contains(one.path("task").asText()))
                .map(one -> one.path("judgement").asText())
                .toList();
        books.compare("data set %s, judgements".formatted(dataset.name()), expected, inList);
        var unused = tasks(listed).size() - tasksHeld.size();
        var skipped =
                dataset.skipped().values().stream().mapToLong(Long::longValue).sum();
        books.compare(
                "data set %s, tasks left out with a reason".formatted(dataset.name()),
                numbered(unused),
                numbered(skipped));
    }

    /// From the champion one walks back to every judgement that it and its bases learned from, replays included.
    void lineage(String model, int version, List<Trained> learned) {
        if (learned.isEmpty()) {
            return;
        }
        var expected = new ArrayList<String>();
        for (var one : learned) {
            for (var dataset : one.datasets()) {
                services.lines(call("annotation", "/api/datasets/%s/judgements".formatted(dataset)))
                        .forEach(judgement ->
                                expected.add("%s %s %s@%d".formatted(judgement, dataset, model, one.number())));
            }
        }
        var held = services
                .rows(call("registry", "/api/registry/models/%s/versions/%d/judgements".formatted(model, version)))
                .stream()
                .map(line -> "%s %s %s"
                        .formatted(
                                line.path("judgement").asText(),
                                line.path("dataset").asText(),
                                line.path("model").asText()))
                .toList();
        books.compare("registry, judgements behind %s@%d".formatted(model, version), expected, held);
    }

    /// Every interaction that an app told of is kept once, and was told as a fact once.
    void interactions(Collection<String> sent) {
        var kept = new ArrayList<String>();
        var after = "0";
        while (!after.isEmpty()) {
            var page = services.get(call("ingest", "/api/interactions?after=%s&limit=%d".formatted(after, PAGE)));
            page.path("items").forEach(item -> kept.add(item.path("id").asText()));
            after = page.path("next").asText("");
        }
        var own = sent.stream().map(Audit::beforeNumber).collect(Collectors.toSet());
        books.compare(
                "ingest, interactions",
                sent,
                kept.stream().filter(id -> own.contains(beforeNumber(id))).toList());
        var told = new ArrayList<JsonNode>();
        stages.await("the facts about interactions to reach the registry", PATIENCE, () -> {
            told.clear();
            told.addAll(watch.facts("interactions"));
            return payload(told, Set.of("InteractionRecorded"), "interaction").size() >= sent.size()
                    ? Optional.of(told)
                    : Optional.empty();
        });
        books.compare(
                "facts, interactions",
                sent,
                payload(told, Set.of("InteractionRecorded"), "interaction").stream()
                        .filter(id -> own.contains(beforeNumber(id)))
                        .toList());
    }

    /// What the interactions of one demo have in common.
    private static String beforeNumber(String interaction) {
        return interaction.substring(0, interaction.lastIndexOf('-') + 1);
    }

    /// Every sample and every judgement was told as a fact once.
    void facts(Collection<Intake> intakes, List<Submitted> sent) {
        var samples = intakes.stream()
                .flatMap(intake -> intake.accepted().stream())
                .map(Intake.Sample::id)
                .toList();
        var refused = intakes.stream()
                .flatMap(intake -> intake.refused().stream().map(row -> intake.upload() + " row " + row))
                .toList();
        var judgements = sent.stream().map(Submitted::judgement).toList();
        var told = new ArrayList<JsonNode>();
        stages.await("the facts about samples to reach the registry", PATIENCE, () -> {
            told.clear();
            told.addAll(watch.facts("samples"));
            return told.size() >= samples.size() + refused.size() ? Optional.of(told) : Optional.empty();
        });
        books.compare("facts, samples accepted", samples, payload(told, Set.of("SampleAccepted"), "sample"));
        books.compare(
                "facts, rows refused",
                refused,
                told.stream()
                        .filter(fact -> fact.path("type").asText().equals("SampleRefused"))
                        .map(fact -> fact.path("payload"))
                        .map(fact -> fact.path("upload").asText() + " row "
                                + fact.path("row").asLong())
                        .toList());
        var recorded = Set.of("PreferenceRecorded", "DemonstrationRecorded", "LabelRecorded");
        stages.await("the facts about judgements to reach the registry", PATIENCE, () -> {
            told.clear();
            told.addAll(watch.facts("judgements"));
            return payload(told, recorded, "judgement").size() >= judgements.size()
                    ? Optional.of(told)
                    : Optional.empty();
        });
        books.compare("facts, judgements", judgements, payload(told, recorded, "judgement"));
    }

    private static List<String> payload(List<JsonNode> facts, Set<String> types, String field) {
        return facts.stream()
                .filter(fact -> types.contains(fact.path("type").asText()))
                .map(fact -> fact.path("payload").path(field).asText())
                .toList();
    }

    private static Set<String> tasks(List<JsonNode> judgements) {
        return judgements.stream().map(one -> one.path("task").asText()).collect(Collectors.toSet());
    }

    private static Stream<String> voices(List<JsonNode> judgements) {
        return judgements.stream()
                .map(one ->
                        one.path("task").asText() + " " + one.path("annotator").asText());
    }

    private static List<String> texts(List<JsonNode> rows, String field) {
        return rows.stream().map(row -> row.path(field).asText()).toList();
    }

    private static List<String> words(Collection<Long> numbers) {
        return numbers.stream().map(String::valueOf).toList();
    }

    private static List<String> numbered(long count) {
        return Stream.iterate(1L, number -> number + 1)
                .limit(count)
                .map(String::valueOf)
                .toList();
    }

    private Call call(String service, String path) {
        return new Call(account, service, path);
    }
}
