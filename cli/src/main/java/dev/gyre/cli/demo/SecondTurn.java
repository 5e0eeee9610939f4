package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import dev.gyre.cli.demo.Stages.Told;
import dev.gyre.cli.scenario.Scenario;
import dev.gyre.cli.scenario.ScenarioFile;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The turn that nobody starts: apps ask, the world changes, and the services do the rest; the demo only serves,
/// judges and looks on.
final class SecondTurn {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int AT_ONCE = 20;

    private final Scenario scenario;
    private final Scenario.Shift shift;
    private final Services services;
    private final Stages stages;
    private final Watch watch;
    private final String staff;
    private final List<Frozen> before;

    private final Rows rows;
    private final List<Long> order;
    /// Number of the first row of the changed world.
    private final int changes;
    private final Serving serving;
    private final Map<String, Tally> tallies = new HashMap<>();
    private @Nullable JsonNode drift;
    private int position;

    /// How often an answer satisfied.
    private record Tally(int good, int all) {

        static final Tally NONE = new Tally(0, 0);

        Tally plus(boolean isGood) {
            return new Tally(good + (isGood ? 1 : 0), all + 1);
        }

        @Nullable Double share() {
            return all == 0 ? null : good / (double) all;
        }
    }

    /// What the second turn came to.
    ///
    /// @param sent row numbers of the traffic by the ids of their interactions
    record Shifted(
            Asked asked,
            Judging judging,
            Frozen frozen,
            Trained trained,
            Report.Drift drift,
            Report.Recovery recovery,
            Map<String, Long> sent) {}

    /// @param before data sets of the turns before
    SecondTurn(ScenarioFile file, Scenario.Shift shift, Services services, Stages stages, List<Frozen> before) {
        this.scenario = file.scenario();
        this.shift = shift;
        this.services = services;
        this.stages = stages;
        this.staff = scenario.accounts().staff();
        this.watch = new Watch(services, stages, staff);
        this.before = before;
        var tables = shift.traffic().tables();
        this.rows = Rows.read(file, tables);
        this.changes = tables.size() == 1
                ? shift.traffic().changes()
                : Rows.read(file, tables.getFirst()).offered() + 1;
        this.order = rows.numbers();
        this.serving = new Serving(scenario, shift.traffic(), rows, services);
    }

    Shifted turn() {
        var old = stages.run("prepare", this::prepare);
        var opened = stages.run("serve", this::serve);
        var judging = new Judging(services);
        var asked = stages.run("ask people", () -> askPeople(opened, judging));
        var answered = System.nanoTime();
        var run = stages.run("train by itself", () -> train(opened));
        var trained = stages.run("examine", () -> examine(asked, run));
        var seconds = (System.nanoTime() - answered) / 1e9;
        stages.run("serve again", this::serveTheRest);
        var recovery = stages.run("compare", () -> compare(old, trained, seconds));
        return new Shifted(asked, judging, trained.dataset(), trained, drift(), recovery, serving.sent());
    }

    /// @return the champion that the shift finds
    private Told<Integer> prepare() {
        var model = scenario.model();
        if (shift.monitor() != null) {
            services.put(call("eval", "/api/monitors/" + model), shift.monitor());
        }
        services.put(call("annotation", "/api/campaign-plans/" + model), shift.campaign());
        services.put(call("trainer", "/api/policies/" + model), shift.policy());
        var champion = watch.champion(model);
        return new Told<>(champion, "a monitor, a campaign plan and a retraining policy for %s".formatted(model));
    }

    /// Asks and answers until people are asked, or nobody is left who asks.
    private Told<JsonNode> serve() {
        var until = order.size() - shift.traffic().last();
        Optional<JsonNode> opened = Optional.empty();
        while (position < until && opened.isEmpty()) {
            serve(order.subList(position, Math.min(position + AT_ONCE, until)));
            stages.tell("%d interactions".formatted(position));
            opened = campaign();
        }
        var campaign = opened.orElseGet(
                () -> stages.await("a campaign after %d interactions".formatted(position), SOON, this::campaign));
        var alarm = watch.told("drift", "DriftDetected", fact -> fact.path("drift")
                        .asText()
                        .equals(campaign.path("drift").asText()))
                .orElseThrow(() -> new IllegalStateException("the registry has not heard of drift "
                        + campaign.path("drift").asText()));
        drift = alarm;
        return new Told<>(
                campaign,
                "%d interactions; after %d of them: %s"
                        .formatted(
                                position,
                                alarm.path("seen").asLong(),
                                alarm.path("explanation").asText()));
    }

    private Optional<JsonNode> campaign() {
        return watch.told("campaigns", "CampaignOpened", fact -> fact.path("model")
                .asText()
                .equals(scenario.model()));
    }

    private void serve(List<Long> numbers) {
        var satisfied = serving.serve(numbers);
        for (int index = 0; index < numbers.size() && shift.traffic().right() != null; index++) {
            tallies.merge(era(numbers.get(index)), Tally.NONE.plus(satisfied.get(index)), (sum, one) ->
                    new Tally(sum.good() + one.good(), sum.all() + one.all()));
        }
        position += numbers.size();
    }

    private Told<Asked> askPeople(JsonNode opened, Judging judging) {
        var project = new Scenario.Project(
                "traffic", shift.campaign().path("question"), shift.campaign().path("answersPerItem").asInt(1), null,
                shift.judges());
        var asked = new Asked(
                opened.path("project").asText(),
                "campaign",
                false,
                null,
                project,
                new Intake("", "", rows, List.of(), List.of(), Map.of()));
        stages.await("the tasks of the campaign", SOON, () -> Optional.of(
                        services.get(call("annotation", "/api/projects/" + asked.id())))
                .filter(found -> found.path("progress").path("preparing").asInt() == 0
                        && found.path("progress").path("tasks").asInt() > 0));
        var desks = shift.judges().stream()
                .map(judge -> new Judging.Desk(asked.id(), judge.account(), Opinion.of(judge, rows), serving.sent()))
                .toList();
        judging.work(desks, () -> stages.tell("%d judgements".formatted(judging.count())));
        return new Told<>(
                asked, "%s: %d judgements".formatted(opened.path("reason").asText(), judging.count()));
    }

    private Told<JsonNode> train(JsonNode opened) {
        var campaign = opened.path("campaign").asText();
        var closed = stages.await("the end of campaign " + campaign, SOON, () -> watch.told(
                "campaigns", "CampaignClosed", fact -> fact.path("campaign").asText().equals(campaign)));
        var dataset = closed.path("dataset").asText("");
        if (dataset.isEmpty()) {
            throw new IllegalArgumentException("campaign %s brought no data set: %s"
                    .formatted(campaign, closed.path("reason").asText()));
        }
        var requested = stages.await("the policy to train on data set " + dataset, SOON, () -> watch.told(
                "trainings", "TrainingRequested", fact -> fact.path("dataset").asText().equals(dataset)));
        var run = watch.completed(requested.path("run").asText());
        return new Told<>(run, requested.path("reason").asText());
    }

    private Told<Trained> examine(Asked asked, JsonNode run) {
        var version = watch.decided(scenario.model(), run.path("run").asText());
        var dataset = run.path("dataset").asText();
        var turn = new Scenario.Turn(
                "recover",
                "campaign",
                new Scenario.Split(
                        shift.campaign().path("heldOutShare").asDouble(),
                        shift.campaign().path("seed").asLong()),
                new Scenario.Training(
                        run.path("recipe").path("method").asText(),
                        run.path("recipe").path("adapter").asText(),
                        Map.of(),
                        run.path("seed").asLong(),
                        null),
                null,
                shift.mustRecover() ? "promoted" : "report");
        var frozen = new Frozen(
                dataset, turn, false, asked, services.get(call("annotation", "/api/datasets/" + dataset)));
        var trained = new Trained(frozen, run, scenario.model(), version);
        if (trained.promoted()) {
            watch.awaitChampion(scenario.model(), trained.number());
        }
        return new Told<>(
                trained,
                "%s@%d %s: %s"
                        .formatted(
                                scenario.model(),
                                trained.number(),
                                trained.verdict().toLowerCase(Locale.ROOT),
                                trained.promoted() ? "promoted" : "not promoted"));
    }

    private Told<Integer> serveTheRest() {
        while (position < order.size()) {
            serve(order.subList(position, Math.min(position + AT_ONCE, order.size())));
        }
        return new Told<>(position, "%d interactions in all%s".formatted(position, rated()));
    }

    private String rated() {
        return shift.traffic().right() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; satisfied %.0f %% before, %.0f %% when the world had changed, %.0f %% now",
                        percent("before"),
                        percent("changed"),
                        percent("after"));
    }

    private double percent(String era) {
        var share = tallies.getOrDefault(era, Tally.NONE).share();
        return share == null ? 0 : 100 * share;
    }

    private String era(long number) {
        if (order.indexOf(number) >= order.size() - shift.traffic().last()) {
            return "after";
        }
        return number < changes ? "before" : "changed";
    }

    /// What the new champion is worth: against the old one, a full retrain, and one that replays nothing.
    private Told<Report.Recovery> compare(int old, Trained trained, double seconds) {
        var fresh = trained.dataset().id();
        var earlier = before.stream()
                .filter(dataset -> !dataset.control()
                        && dataset.answer().path("kind").equals(trained.dataset().answer().path("kind")))
                .toList()
                .getFirst();
        var champion = trained.number();
        var compare = shift.compare();
        var fullRetrain = compare == null
                ? null
                : other("full", compare.from(), trained, List.of(Map.of(
                        "dataset", earlier.id(), "rows", earlier.answer().path("train").asInt())));
        var withoutReplay = compare == null ? null : other("alone", old, trained, List.of());
        var model = scenario.model();
        var recovery = new Report.Recovery(
                metric(trained),
                measured(model + "@" + old, earlier.id()),
                measured(model + "@" + old, fresh),
                measured(model + "@" + champion, fresh),
                measured(model + "@" + old, earlier.id()),
                measured(model + "@" + champion, earlier.id()),
                fullRetrain == null ? null : pair(fullRetrain, fresh, earlier.id()),
                withoutReplay == null ? null : pair(withoutReplay, fresh, earlier.id()),
                new Report.Rated(share("before"), share("changed"), share("after")),
                Math.round(seconds * 10) / 10.0);
        return new Told<>(recovery, recovery.sentence());
    }

    private static String metric(Trained trained) {
        return trained.evaluations(Map.of()).stream()
                .filter(score -> score.suite().equals(trained.dataset().id()))
                .map(Report.Evaluation::metric)
                .findFirst()
                .orElse("");
    }

    private @Nullable Double share(String era) {
        return tallies.getOrDefault(era, Tally.NONE).share();
    }

    private Report.Pair pair(String model, String fresh, String earlier) {
        return new Report.Pair(measured(model, fresh), measured(model, earlier));
    }

    private double measured(String model, String suite) {
        var measured = stages.await("eval to know %s and %s".formatted(model, suite), SOON, () -> services.offer(
                call("eval", "/api/measurements"), Map.of("model", model, "suite", suite)));
        return measured.path("figures").path(0).path("value").asDouble();
    }

    /// Trains another version beside, under a name of its own, which nobody pulls.
    private String other(String suffix, int base, Trained like, List<Map<String, Object>> replay) {
        var model = scenario.model() + "-" + suffix;
        var recipe = like.run().path("recipe");
        var request = new HashMap<String, Object>(Map.of(
                "model", model,
                "base", scenario.model() + "@" + base,
                "dataset", like.dataset().id(),
                "recipe", recipe,
                "seed", like.run().path("seed").asLong(),
                "replay", replay));
        var run = services.post(call("trainer", "/api/runs"), request)
                .path("run")
                .asText();
        watch.completed(run);
        return model + "@" + watch.candidate(model, run).path("version").asInt();
    }

    private Report.Drift drift() {
        var alarm = drift;
        if (alarm == null) {
            throw new IllegalStateException("there is no drift before the traffic was served");
        }
        return new Report.Drift(
                alarm.path("stream").asText(),
                alarm.path("detector").asText(),
                alarm.path("statistic").asText(),
                alarm.path("seen").asLong() - (changes - 1),
                alarm.path("explanation").asText());
    }

    private Call call(String service, String path) {
        return new Call(staff, service, path);
    }
}
