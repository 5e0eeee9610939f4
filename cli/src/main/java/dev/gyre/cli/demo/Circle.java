package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.HubPull;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import dev.gyre.cli.demo.Stages.Told;
import dev.gyre.cli.scenario.Scenario;
import dev.gyre.cli.scenario.ScenarioFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One scenario, stage by stage, through the public APIs only.
final class Circle {

    private static final Duration SOON = Duration.ofMinutes(2);

    private final ScenarioFile file;
    private final Scenario scenario;
    private final Services services;
    private final Stages stages;
    private final String staff;
    private final Books books = new Books();

    private final Map<String, Intake> intakes = new LinkedHashMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private final Map<String, Judging> judgings = new LinkedHashMap<>();
    private final Map<String, JsonNode> agreements = new LinkedHashMap<>();
    private final List<Frozen> frozen = new ArrayList<>();
    /// Pseudonyms of the accounts whose judgements are turned round.
    private final Map<String, String> pseudonyms = new TreeMap<>();
    private final List<Trained> trained = new ArrayList<>();
    private final Watch watch;
    private SecondTurn.@Nullable Shifted shifted;
    private Report.@Nullable Steady steady;
    private final Set<String> served = new TreeSet<>();
    private int base;

    Circle(ScenarioFile file, Services services, Stages stages) {
        this.file = file;
        this.scenario = file.scenario();
        this.services = services;
        this.stages = stages;
        staff = scenario.accounts().staff();
        watch = new Watch(services, stages, staff);
    }

    /// @param work folder for what is pulled
    Outcome turn(Path work) {
        stages.run("import the base", this::importBase);
        stages.run("take in", this::takeIn);
        stages.run("ask", this::ask);
        stages.run("judge", this::judge);
        stages.run("freeze", this::freeze);
        for (var dataset : frozen) {
            var label = dataset.turn().name()
                    + dataset.from().name().substring(dataset.turn().project().length());
            var run = stages.run("train " + label, () -> train(dataset));
            stages.run("examine " + label, () -> examine(dataset, run));
        }
        if (scenario.shift() != null) {
            var second = new SecondTurn(file, scenario.shift(), services, stages, frozen).turn();
            asked.add(second.asked());
            judgings.put(second.asked().id(), second.judging());
            frozen.add(second.frozen());
            trained.add(second.trained());
            served.addAll(second.sent().keySet());
            shifted = second;
        }
        if (scenario.steady() != null) {
            var world = new SteadyWorld(file, scenario.steady(), services, stages);
            steady = world.watch();
            served.addAll(world.sent().keySet());
        }
        var answers = stages.run("answer", this::answer);
        var models = stages.run("pull", () -> pull(work));
        var facts = stages.run("count", this::count);
        return new Outcome(
                scenario,
                intakes,
                asked,
                judgings,
                agreements,
                frozen,
                pseudonyms,
                trained,
                shifted,
                steady,
                answers,
                models,
                facts,
                books);
    }

    /// Everything that the circle came to.
    ///
    /// @param pseudonyms of the accounts whose judgements were turned round
    record Outcome(
            Scenario scenario,
            Map<String, Intake> intakes,
            List<Asked> asked,
            Map<String, Judging> judgings,
            Map<String, JsonNode> agreements,
            List<Frozen> frozen,
            Map<String, String> pseudonyms,
            List<Trained> trained,
            SecondTurn.@Nullable Shifted shifted,
            Report.@Nullable Steady steady,
            List<Report.Answer> answers,
            List<Report.Model> models,
            Map<String, Long> facts,
            Books books) {}

    private Told<Integer> importBase() {
        services.find(call("registry", "/api/registry/models/" + scenario.model())).ifPresent(known -> {
            throw new IllegalArgumentException(
                    "this instance has a model '%s' with %d versions already, and a scenario begins with a new one; leave out --home, or name a fresh folder"
                            .formatted(scenario.model(), known.path("versions").size()));
        });
        var folder = file.resolve(scenario.base().folder());
        var begun = services.post(
                call("registry", "/api/registry/models/%s/imports".formatted(scenario.model())), Map.of());
        var sent = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            for (var path : files.filter(Files::isRegularFile).sorted().toList()) {
                var name = String.valueOf(path.getFileName());
                services.send(
                        call(
                                "registry",
                                "/api/registry/imports/%s/files/%s"
                                        .formatted(begun.path("import").asText(), name)),
                        "PUT",
                        path);
                var hasCard = !scenario.base().card().isEmpty();
                sent.put(
                        name.equals("README.md") && hasCard ? "README.original.md" : name, HubPull.sha256(path));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the base in " + folder, unreadable);
        }
        base = services.post(
                        call(
                                "registry",
                                "/api/registry/imports/%s/complete"
                                        .formatted(begun.path("import").asText())),
                        Map.of("card", scenario.base().card()))
                .path("version")
                .asInt();
        watch.awaitChampion(scenario.model(), base);
        books.compare(
                "registry, files of the base",
                named(sent),
                named(digests(version(base))).stream()
                        .filter(line -> sent.containsKey(line.substring(0, line.indexOf(' '))))
                        .toList());
        return new Told<>(base, "%s@%d is champion".formatted(scenario.model(), base));
    }

    private Told<Integer> takeIn() {
        scenario.sources().forEach((name, source) -> {
            stages.tell("sending " + source.file());
            intakes.put(name, Intake.of(services, staff, scenario.name() + "-" + name, source, file));
        });
        var words = intakes.entrySet().stream()
                .map(intake -> "%s: %d of %d rows accepted%s"
                        .formatted(
                                intake.getKey(),
                                intake.getValue().accepted().size(),
                                intake.getValue().rows().offered(),
                                intake.getValue().reasons().isEmpty()
                                        ? ""
                                        : ", refused "
                                                + listed(intake.getValue().reasons())))
                .collect(Collectors.joining("; "));
        return new Told<>(intakes.size(), words);
    }

    private Told<Integer> ask() {
        scenario.projects().forEach((name, project) -> {
            asked.add(project(name, project, false, null));
            var controls = scenario.turns().stream()
                    .filter(turn -> turn.project().equals(name))
                    .flatMap(turn -> Stream.ofNullable(turn.control()))
                    .toList();
            if (controls.stream().anyMatch(control -> control.seed() != null)) {
                asked.add(project(name + " (shuffled)", project, true, null));
            }
            controls.stream()
                    .flatMap(control -> Stream.ofNullable(control.flip()))
                    .distinct()
                    .forEach(account -> asked.add(
                            project("%s (%s flipped)".formatted(name, account), project, true, account)));
        });
        for (var each : asked) {
            stages.await("the tasks of " + each.name(), SOON, () -> {
                var progress = progress(each);
                stages.tell("%s: %d of %d tasks"
                        .formatted(
                                each.name(),
                                progress.path("samples").asInt(),
                                each.intake().accepted().size()));
                return progress.path("samples").asInt()
                                        >= each.intake().accepted().size()
                                && progress.path("preparing").asInt() == 0
                        ? Optional.of(progress)
                        : Optional.empty();
            });
        }
        return new Told<>(asked.size(), asked.stream().map(Asked::name).collect(Collectors.joining(", ")));
    }

    private Asked project(
            String name, Scenario.Project project, boolean control, @Nullable String flipped) {
        var intake = intakes.get(project.source());
        if (intake == null) {
            throw new IllegalStateException("source %s was not taken in".formatted(project.source()));
        }
        var wanted = Services.JSON
                .createObjectNode()
                .put("name", "%s %s".formatted(scenario.name(), name))
                .put("source", intake.source())
                .put("answersPerItem", project.answersPerItem());
        wanted.set("question", project.question());
        if (project.guidelines() != null) {
            wanted.put("guidelines", project.guidelines());
        }
        var id = services.post(call("annotation", "/api/projects"), wanted)
                .path("id")
                .asText();
        return new Asked(id, name, control, flipped, project, intake);
    }

    private Told<Integer> judge() {
        for (var each : asked) {
            var desks = each.project().judges().stream()
                    .map(judge -> new Judging.Desk(
                            each.id(),
                            judge.account(),
                            opinion(each, judge),
                            each.intake().rowsByExternalId()))
                    .toList();
            var judging = new Judging(services);
            judgings.put(each.id(), judging);
            judging.work(desks, () -> stages.tell("%s: %d judgements".formatted(each.name(), judging.count())));
            agreements.put(
                    each.id(), services.get(call("annotation", "/api/projects/%s/agreement".formatted(each.id()))));
        }
        var words = asked.stream()
                .map(each -> "%s %d%s".formatted(each.name(), count(each), alpha(each)))
                .collect(Collectors.joining(", "));
        return new Told<>(asked.size(), words);
    }

    private int count(Asked each) {
        var judging = judgings.get(each.id());
        return judging == null ? 0 : judging.count();
    }

    private String alpha(Asked each) {
        var agreement = agreements.get(each.id());
        return agreement != null && agreement.path("krippendorffAlpha").isNumber()
                ? String.format(
                        Locale.ROOT,
                        " (α %.2f)",
                        agreement.path("krippendorffAlpha").asDouble())
                : "";
    }

    private Opinion opinion(Asked each, Scenario.Judge judge) {
        var opinion = Opinion.of(judge, each.intake().rows());
        if (!each.control()) {
            return opinion;
        }
        if (each.flipped() != null) {
            return each.flipped().equals(judge.account()) ? Opinion.flipped(opinion, labels(each)) : opinion;
        }
        var seed = scenario.turns().stream()
                .filter(turn -> each.name().startsWith(turn.project() + " ("))
                .flatMap(turn -> Stream.ofNullable(turn.control()))
                .flatMap(control -> Stream.ofNullable(control.seed()))
                .findFirst()
                .orElse(0L);
        return Opinion.shuffled(
                opinion, each.intake().acceptedRows(), seed + judge.account().hashCode());
    }

    private static List<String> labels(Asked each) {
        var labels = new ArrayList<String>();
        each.project().question().path("labels").forEach(label -> labels.add(label.asText()));
        return labels;
    }

    /// All data sets at once, so that the control and the real run are examined on what stood before either.
    private Told<Integer> freeze() {
        for (var turn : scenario.turns()) {
            for (var each : asked) {
                if (isControl(turn, each)) {
                    frozen.add(freeze(turn, each));
                }
            }
            asked.stream()
                    .filter(each -> each.name().equals(turn.project()))
                    .forEach(each -> frozen.add(freeze(turn, each)));
        }
        for (var dataset : frozen) {
            stages.await(
                    "data set %s at the trainer".formatted(dataset.name()),
                    SOON,
                    () -> services.find(call("trainer", "/api/datasets/" + dataset.id())));
        }
        return new Told<>(
                frozen.size(),
                frozen.stream()
                        .map(dataset -> "%s %s+%s"
                                .formatted(
                                        dataset.name(),
                                        dataset.answer().path("train").asText(),
                                        dataset.answer().path("heldOut").asText()))
                        .collect(Collectors.joining(", ")));
    }

    private static boolean isControl(Scenario.Turn turn, Asked each) {
        var control = turn.control();
        if (control == null || !each.control() || !each.name().startsWith(turn.project() + " (")) {
            return false;
        }
        return each.flipped() == null ? control.seed() != null : each.flipped().equals(control.flip());
    }

    /// Shuffled judgements are called a control. Nobody tells the services whose judgements are turned round: they have to
    /// find out.
    private Frozen freeze(Scenario.Turn turn, Asked from) {
        var answer = services.post(
                call("annotation", "/api/projects/%s/datasets".formatted(from.id())),
                Map.of(
                        "heldOutShare", turn.split().heldOutShare(),
                        "seed", turn.split().seed(),
                        "purpose", from.control() && from.flipped() == null ? "CONTROL" : "TRAINING",
                        "name", from.name()));
        if (from.flipped() != null) {
            pseudonyms.put(from.flipped(), pseudonym(from, from.flipped()));
        }
        return new Frozen(answer.path("dataset").asText(), turn, from.control(), from, answer);
    }

    /// The name under which annotation shows what an account judged.
    private String pseudonym(Asked each, String account) {
        var judging = judgings.get(each.id());
        var given = judging == null
                ? Set.<String>of()
                : judging.submitted().stream()
                        .filter(sent -> sent.account().equals(account))
                        .map(Submitted::judgement)
                        .collect(Collectors.toSet());
        return services.rows(call("annotation", "/api/projects/%s/judgements".formatted(each.id()))).stream()
                .filter(line -> given.contains(line.path("judgement").asText()))
                .map(line -> line.path("annotator").asText())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "account '%s' judged nothing in '%s', so there is nothing to turn round"
                                .formatted(account, each.name())));
    }

    private Told<JsonNode> train(Frozen dataset) {
        watch.awaitChampion(scenario.model(), champion());
        var training = dataset.turn().training();
        var request = new HashMap<String, Object>(Map.of(
                "model", scenario.model(),
                "base", scenario.model() + "@champion",
                "dataset", dataset.id(),
                "recipe",
                        Map.of(
                                "method",
                                training.method(),
                                "adapter",
                                training.adapter(),
                                "settings",
                                training.settings()),
                "seed", training.seed()));
        if (training.tooLong() != null) {
            request.put("tooLong", training.tooLong());
        }
        var id =
                services.post(call("trainer", "/api/runs"), request).path("run").asText();
        var run = watch.completed(id);
        return new Told<>(
                run,
                "%s on %s, %d rows, loss %.3f → %.3f, %.0f tokens/s"
                        .formatted(
                                training.method(),
                                run.path("base").asText(),
                                run.path("rows").asInt(),
                                run.path("metrics").path("firstLoss").asDouble(),
                                run.path("metrics")
                                        .path("loss")
                                        .asDouble(run.path("loss").asDouble()),
                                run.path("tokensPerSecond").asDouble()));
    }

    private Told<Trained> examine(Frozen dataset, JsonNode run) {
        var id = run.path("run").asText();
        var version = watch.decided(scenario.model(), id);
        var result = new Trained(dataset, run, scenario.model(), version);
        trained.add(result);
        return new Told<>(
                result,
                "%s@%d %s: %s"
                        .formatted(
                                scenario.model(),
                                result.number(),
                                result.verdict().toLowerCase(Locale.ROOT),
                                result.promoted() ? "promoted" : "not promoted"));
    }

    private Told<List<Report.Answer>> answer() {
        var prompts = scenario.answers().prompts();
        if (prompts.isEmpty()) {
            return new Told<>(List.of(), "nothing is asked");
        }
        var before = answers(scenario.model() + "@" + base);
        var after = answers(scenario.model() + "@" + champion());
        var answers = new ArrayList<Report.Answer>();
        for (int index = 0; index < prompts.size(); index++) {
            answers.add(new Report.Answer(prompts.get(index), before.get(index), after.get(index)));
        }
        return new Told<>(
                answers,
                "%d prompts, asked of %s@%d and %s@%d"
                        .formatted(prompts.size(), scenario.model(), base, scenario.model(), champion()));
    }

    private List<String> answers(String model) {
        var wanted = scenario.answers();
        var given = services.post(
                call("eval", "/api/answers"),
                Map.of(
                        "model", model,
                        "prompts", wanted.prompts(),
                        "maxNewTokens", wanted.maxNewTokens(),
                        "temperature", wanted.temperature(),
                        "seed", wanted.seed()));
        var texts = new ArrayList<String>();
        given.path("answers").forEach(answer -> texts.add(answer.path("text").asText()));
        return texts;
    }

    private Told<List<Report.Model>> pull(Path work) {
        var model = services.get(call("registry", "/api/registry/models/" + scenario.model()));
        var repository = model.path("repository").asText();
        var champion = champion();
        var pulled =
                new HubPull(services, scenario.accounts().app()).pull(repository, "champion", work.resolve("pulled"));
        var registered = digests(version(champion));
        books.compare("pulled through the Hub protocol", named(registered), named(pulled));
        var models = new ArrayList<Report.Model>();
        for (var line : model.path("versions")) {
            var number = line.path("version").asInt();
            var weights = digests(version(number)).getOrDefault("model.safetensors", "");
            models.add(new Report.Model(
                    scenario.model(),
                    number,
                    weights,
                    number == champion,
                    number == champion && weights.equals(pulled.get("model.safetensors"))));
        }
        return new Told<>(
                models.reversed(),
                "%d files of %s@%d, %s"
                        .formatted(
                                pulled.size(),
                                repository,
                                champion,
                                registered.equals(pulled)
                                        ? "every SHA-256 as registered"
                                        : "NOT the registered bytes"));
    }

    private Told<Map<String, Long>> count() {
        var audit = new Audit(services, staff, books, stages);
        intakes.forEach(audit::intake);
        for (var each : asked) {
            var judging = judgings.get(each.id());
            audit.judgements(each, judging == null ? List.of() : judging.submitted());
        }
        frozen.forEach(audit::dataset);
        var champion = champion();
        audit.lineage(
                scenario.model(),
                champion,
                trained.stream().filter(Trained::promoted).toList());
        if (!served.isEmpty()) {
            audit.interactions(served);
        }
        audit.facts(
                intakes.values(),
                judgings.values().stream()
                        .flatMap(judging -> judging.submitted().stream())
                        .toList());
        var facts = new TreeMap<String, Long>();
        services.get(call("registry", "/api/activity/counts"))
                .properties()
                .forEach(topic -> facts.put(topic.getKey(), topic.getValue().asLong()));
        return new Told<>(
                facts,
                "%d comparisons: lost %d, duplicated %d"
                        .formatted(books.pages().size(), books.lost(), books.duplicated()));
    }

    private int champion() {
        return watch.champion(scenario.model());
    }

    private JsonNode version(int number) {
        return services.get(
                call("registry", "/api/registry/models/%s/versions/%d".formatted(scenario.model(), number)));
    }

    private static Map<String, String> digests(JsonNode version) {
        var digests = new TreeMap<String, String>();
        version.path("files")
                .forEach(line -> digests.put(
                        line.path("path").asText(), line.path("sha256").asText()));
        return digests;
    }

    private static List<String> named(Map<String, String> digests) {
        return digests.entrySet().stream()
                .map(line -> line.getKey() + " " + line.getValue())
                .toList();
    }

    private JsonNode progress(Asked each) {
        return services.get(call("annotation", "/api/projects/" + each.id())).path("progress");
    }

    private Call call(String service, String path) {
        return new Call(staff, service, path);
    }

    private static String listed(Map<String, Long> counts) {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }
}
