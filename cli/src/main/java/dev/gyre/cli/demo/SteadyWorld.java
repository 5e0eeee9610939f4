package dev.gyre.cli.demo;

import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import dev.gyre.cli.demo.Stages.Told;
import dev.gyre.cli.scenario.Scenario;
import dev.gyre.cli.scenario.ScenarioFile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/// The control of the watch: nothing changes, so nobody should be alarmed, asked or trained.
final class SteadyWorld {

    private static final Duration SOON = Duration.ofMinutes(5);
    private static final int AT_ONCE = 20;

    private final Scenario scenario;
    private final Scenario.Steady steady;
    private final Services services;
    private final Stages stages;
    private final Watch watch;
    private final Rows rows;
    private final Serving serving;

    SteadyWorld(ScenarioFile file, Scenario.Steady steady, Services services, Stages stages) {
        this.scenario = file.scenario();
        this.steady = steady;
        this.services = services;
        this.stages = stages;
        this.watch = new Watch(services, stages, scenario.accounts().staff());
        this.rows = Rows.read(file, steady.traffic().tables());
        this.serving = new Serving(scenario, steady.traffic(), rows, services);
    }

    Report.Steady watch() {
        stages.run("prepare", this::prepare);
        return stages.run("serve the same", this::serve);
    }

    Map<String, Long> sent() {
        return serving.sent();
    }

    private Told<Integer> prepare() {
        var model = scenario.model();
        services.put(call("eval", "/api/monitors/" + model), steady.monitor());
        services.put(call("annotation", "/api/campaign-plans/" + model), steady.campaign());
        services.put(call("trainer", "/api/policies/" + model), steady.policy());
        return new Told<>(1, "a monitor, a campaign plan and a retraining policy for %s".formatted(model));
    }

    /// Draws rows with replacement until as many windows were tested as the scenario wants.
    private Told<Report.Steady> serve() {
        var began = trainings();
        var numbers = rows.numbers();
        var random = new Random(steady.seed());
        while (serving.sent().size() < steady.interactions()) {
            var some = Math.min(AT_ONCE, steady.interactions() - serving.sent().size());
            serving.serve(LongStream.range(0, some)
                    .mapToObj(draw -> numbers.get(random.nextInt(numbers.size())))
                    .toList());
            stages.tell("%d of %d interactions".formatted(serving.sent().size(), steady.interactions()));
        }
        var windows = stages.await("the last window of %s to be tested".formatted(scenario.model()), SOON, this::windows);
        var told = new Report.Steady(
                steady.interactions(),
                windows,
                alarms(),
                watch.facts("campaigns").size(),
                trainings() - began);
        return new Told<>(
                told,
                "%d interactions, %d windows: %d alarms, %d campaigns, %d trainings"
                        .formatted(
                                told.interactions(), windows, told.alarms().size(), told.campaigns(), told.trainings()));
    }

    /// How many windows of the input were tested, once none is left.
    private Optional<Integer> windows() {
        var monitor = services.get(call("eval", "/api/monitors/" + scenario.model()));
        for (var stream : monitor.path("streams")) {
            if (stream.path("concern").asText().equals("input")) {
                var tested = stream.path("windows").asInt();
                return tested >= steady.windows() ? Optional.of(tested) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// What each alarm said first.
    private List<String> alarms() {
        var alarms = new LinkedHashMap<String, String>();
        watch.facts("drift").stream()
                .filter(fact -> fact.path("type").asText().equals("DriftDetected"))
                .map(fact -> fact.path("payload"))
                .forEach(alarm -> alarms.putIfAbsent(
                        alarm.path("drift").asText(), alarm.path("explanation").asText()));
        return List.copyOf(alarms.values());
    }

    private int trainings() {
        return (int) watch.facts("trainings").stream()
                .filter(fact -> fact.path("type").asText().equals("TrainingRequested"))
                .count();
    }

    private Call call(String service, String path) {
        return new Call(scenario.accounts().staff(), service, path);
    }
}
