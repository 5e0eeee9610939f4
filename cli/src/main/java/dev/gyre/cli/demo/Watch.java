package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Looks at runs, versions and facts until what is awaited is there.
final class Watch {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final int PAGE = 5000;

    private final Services services;
    private final Stages stages;
    private final String account;

    Watch(Services services, Stages stages, String account) {
        this.services = services;
        this.stages = stages;
        this.account = account;
    }

    /// A run that completed, as the trainer shows it.
    JsonNode completed(String id) {
        var run = stages.await("run " + id, LONG, () -> {
            var seen = services.get(call("trainer", "/api/runs/" + id));
            stages.tell("%s step %s of %s, loss %.4f, %.0f tokens/s"
                    .formatted(
                            seen.path("state").asText().toLowerCase(Locale.ROOT),
                            seen.path("step").asText("-"),
                            seen.path("steps").asText("-"),
                            seen.path("loss").asDouble(),
                            seen.path("tokensPerSecond").asDouble()));
            return List.of("COMPLETED", "FAILED", "CANCELLED")
                            .contains(seen.path("state").asText())
                    ? Optional.of(seen)
                    : Optional.empty();
        });
        if (!run.path("state").asText().equals("COMPLETED")) {
            throw new IllegalArgumentException("run %s ended %s: %s"
                    .formatted(
                            id, run.path("state").asText(), run.path("reason").asText()));
        }
        return run;
    }

    /// The version that a run became, examined and decided, as the registry shows it.
    JsonNode decided(String model, String run) {
        return stages.await("the verdict on run " + run, LONG, () -> {
            stages.tell("waiting for the verdict");
            return registered(model, run)
                    .filter(version -> !version.path("evaluations").isEmpty()
                            && !version.path("state").asText().equals("CANDIDATE"));
        });
    }

    /// The version that a run became, examined or not.
    JsonNode candidate(String model, String run) {
        return stages.await("the version of run " + run, SOON, () -> registered(model, run));
    }

    private Optional<JsonNode> registered(String model, String run) {
        var known = services.find(call("registry", "/api/registry/models/" + model));
        if (known.isPresent()) {
            for (var line : known.get().path("versions")) {
                if (line.path("run").asText().equals(run)) {
                    return Optional.of(line);
                }
            }
        }
        return Optional.empty();
    }

    void awaitChampion(String model, int number) {
        stages.await(
                "%s@%d to be champion".formatted(model, number),
                SOON,
                () -> services.find(call("registry", "/api/registry/models/" + model))
                        .filter(found -> found.path("champion").asInt() == number));
        stages.await(
                "the trainer to know champion %s@%d".formatted(model, number),
                SOON,
                () -> services.find(call("trainer", "/api/models/" + model))
                        .filter(found -> found.path("champion").asInt() == number));
    }

    int champion(String model) {
        return services.get(call("registry", "/api/registry/models/" + model))
                .path("champion")
                .asInt();
    }

    /// The first fact of a type that the registry has heard of, by what it says.
    Optional<JsonNode> told(String topic, String type, Predicate<JsonNode> which) {
        return facts(topic).stream()
                .filter(fact -> fact.path("type").asText().equals(type))
                .map(fact -> fact.path("payload"))
                .filter(which)
                .findFirst();
    }

    /// Every fact of a topic in the order in which the registry heard them.
    List<JsonNode> facts(String topic) {
        var facts = new ArrayList<JsonNode>();
        long after = 0;
        while (true) {
            var page = services.get(
                    call("registry", "/api/activity?topic=%s&after=%d&limit=%d".formatted(topic, after, PAGE)));
            page.path("items").forEach(facts::add);
            if (page.path("items").size() < PAGE) {
                return facts;
            }
            after = page.path("next").asLong();
        }
    }

    private Call call(String service, String path) {
        return new Call(account, service, path);
    }
}
