package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A run that ended, and the version that it became.
///
/// @param run as the trainer shows it
/// @param version as the registry shows it, examined and decided
record Trained(Frozen dataset, JsonNode run, String model, JsonNode version) {

    int number() {
        return version.path("version").asInt();
    }

    String state() {
        return version.path("state").asText();
    }

    /// A version that was ever champion stays promoted when its successor comes.
    boolean promoted() {
        return state().equals("CHAMPION") || state().equals("RETIRED");
    }

    /// The data sets that it learned from: its own, and what it replayed.
    List<String> datasets() {
        var datasets = new ArrayList<>(List.of(dataset.id()));
        run.path("replay").forEach(replay -> datasets.add(replay.path("dataset").asText()));
        return datasets;
    }

    String verdict() {
        return examination().path("verdict").asText();
    }

    List<String> reasons() {
        var reasons = new ArrayList<String>();
        examination().path("reasons").forEach(reason -> reasons.add(reason.asText()));
        return reasons;
    }

    private JsonNode examination() {
        return version.path("evaluations").path(0);
    }

    Report.Training report() {
        var metrics = new TreeMap<String, Double>();
        run.path("metrics")
                .properties()
                .forEach(
                        metric -> metrics.put(metric.getKey(), metric.getValue().asDouble()));
        return new Report.Training(
                run.path("run").asText(),
                dataset.turn().name(),
                dataset.control(),
                run.path("recipe").path("method").asText(),
                run.path("rows").asInt(),
                run.path("seconds").asDouble(),
                run.path("tokensPerSecond").asDouble(),
                metrics,
                model + "@" + number(),
                state(),
                reasons());
    }

    /// @param suites names of the data sets by their ids
    List<Report.Evaluation> evaluations(Map<String, String> suites) {
        var found = new ArrayList<Report.Evaluation>();
        for (var score : examination().path("scores")) {
            var suite = score.path("suite").asText();
            found.add(new Report.Evaluation(
                    model + "@" + number(),
                    Objects.requireNonNullElse(suites.get(suite), suite),
                    score.path("slice").asText(),
                    score.path("metric").asText(),
                    number(score, "champion"),
                    score.path("candidate").asDouble(),
                    number(score, "difference"),
                    score.path("low").isNumber()
                            ? List.of(
                                    score.path("low").asDouble(),
                                    score.path("high").asDouble())
                            : null,
                    score.path("rows").asInt(),
                    number(score, "baseline"),
                    verdict()));
        }
        return found;
    }

    private static @Nullable Double number(JsonNode score, String field) {
        return score.path(field).isNumber() ? Double.valueOf(score.path(field).asDouble()) : null;
    }
}
