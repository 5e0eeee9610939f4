package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import dev.gyre.cli.scenario.Scenario;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Gatherers;
import java.util.stream.StreamSupport;

/// An app that asks the champion, records what it answered, and what whoever asked thought of it.
final class Serving {

    private static final int HANDS = 6;

    private final Scenario scenario;
    private final Scenario.Traffic traffic;
    private final Rows rows;
    private final Services services;
    private final String name = UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, Long> sent = new TreeMap<>();

    Serving(Scenario scenario, Scenario.Traffic traffic, Rows rows, Services services) {
        this.scenario = scenario;
        this.traffic = traffic;
        this.rows = rows;
        this.services = services;
    }

    /// Row numbers by the ids under which their interactions were recorded.
    Map<String, Long> sent() {
        return Map.copyOf(sent);
    }

    /// Asks what stands in these rows, in one request, and records each answer.
    ///
    /// @return for each row whether the answer satisfied
    List<Boolean> serve(List<Long> numbers) {
        var prompts = numbers.stream()
                .map(number -> row(number).path(traffic.prompt()).asText())
                .toList();
        var given = traffic.asks().equals("labels") ? labels(prompts) : answers(prompts);
        var model = given.path("model").path("name").asText() + "@"
                + given.path("model").path("number").asInt();
        var ids = IntStream.range(0, numbers.size())
                .mapToObj(index -> "%s-%s-%d".formatted(scenario.name(), name, sent.size() + index + 1))
                .toList();
        var satisfied = IntStream.range(0, numbers.size())
                .boxed()
                .gather(Gatherers.mapConcurrent(
                        HANDS,
                        index -> record(
                                ids.get(index),
                                row(numbers.get(index)),
                                model,
                                given.path(traffic.asks())
                                        .path(index)
                                        .path(traffic.asks().equals("labels") ? "label" : "text")
                                        .asText())))
                .toList();
        for (int index = 0; index < ids.size(); index++) {
            sent.put(ids.get(index), numbers.get(index));
        }
        return satisfied;
    }

    private JsonNode answers(List<String> prompts) {
        return services.post(
                new Call(scenario.accounts().staff(), "eval", "/api/answers"),
                Map.of(
                        "model", scenario.model() + "@champion",
                        "prompts", prompts,
                        "maxNewTokens", scenario.answers().maxNewTokens(),
                        "temperature", 0));
    }

    private JsonNode labels(List<String> texts) {
        return services.post(
                new Call(
                        scenario.accounts().staff(),
                        "eval",
                        "/api/models/%s@champion/labels".formatted(scenario.model())),
                Map.of("texts", texts));
    }

    private boolean record(String id, JsonNode row, String model, String answer) {
        var app = scenario.accounts().app();
        var interaction = new HashMap<String, Object>(Map.of(
                "id", id,
                "model", model,
                "prompt", row.path(traffic.prompt()).asText(),
                "answer", answer.isBlank() ? "(nothing)" : answer.strip()));
        if (traffic.slice() != null) {
            interaction.put("slice", row.path(traffic.slice()).asText());
        }
        services.post(new Call(app, "ingest", "/api/interactions"), interaction);
        if (traffic.right() == null) {
            return false;
        }
        var satisfied = satisfies(row.path(traffic.right()), answer.strip());
        services.post(
                new Call(app, "ingest", "/api/interactions/%s/feedback".formatted(id)),
                Map.of(
                        "id", UUID.nameUUIDFromBytes(Services.utf8(id)).toString(),
                        "rating", satisfied ? 1 : -1));
        return satisfied;
    }

    private boolean satisfies(JsonNode right, String answer) {
        return right.isArray()
                ? StreamSupport.stream(right.spliterator(), false)
                        .anyMatch(text -> text.asText().equals(answer))
                : traffic.meaning().getOrDefault(right.asText(), right.asText()).equals(answer);
    }

    private JsonNode row(long number) {
        return rows.byNumber().getOrDefault(number, MissingNode.getInstance());
    }
}
