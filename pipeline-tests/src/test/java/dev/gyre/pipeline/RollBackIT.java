package dev.gyre.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A champion that its users reject makes way by itself; the model is this test's own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RollBackIT {

    private static final String MODEL = "rejected";
    private static final String PROMPT = "Caller: Hello. Where do I find the telescope?\nDesk:";

    /// As many as the first look takes.
    private static final int ANSWERS = 25;

    private Circle circle;

    @BeforeAll
    void turn() throws IOException {
        circle = Circle.shared();
    }

    @Test
    void championThatPeopleRateWorseMakesWayForTheVersionBeforeIt() throws Exception {
        train(Map.of("steps", "1", "batch", "8"));
        awaitChampion(1);
        serve(1, 1);
        train(Map.of("learningRate", "0.003", "epochs", "1", "batch", "8", "rank", "16", "alpha", "32"));
        awaitChampion(2);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> probation().path("state").asText().equals("OPEN"));

        serve(2, -1);

        awaitChampion(1);
        assertThat(probation().path("state").asText()).isEqualTo("FELL_SHORT");
        var why = "25 of 25 ratings of rejected@2 are bad, 0 of 25 of rejected@1 on the same slices";
        var fallen = version(2);
        assertThat(fallen.path("state").asText()).isEqualTo("RETIRED");
        assertThat(fallen.path("evaluation").path("verdict").asText()).isEqualTo("FELL_SHORT");
        assertThat(fallen.path("evaluation").path("reasons").path(0).asText()).startsWith(why);
        var weights = circle.as("app")
                .get(circle.address("registry") + "/demo/%s/resolve/champion/model.safetensors".formatted(MODEL))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(weights)))
                .isEqualTo(sha256(version(1)))
                .isNotEqualTo(sha256(fallen));
        var run = fallen.path("lineage").path("training").path("run").asText();
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            var story = get("registry", "/api/runs/" + run);
            assertThat(story.path("state").asText()).isEqualTo("rejected@2 made way for rejected@1");
            assertThat(story.path("stages").path(4).path("details").path(0).asText()).startsWith(why);
        });
    }

    private void train(Map<String, String> settings) {
        var dataset = StreamSupport.stream(circle.report().path("datasets").spliterator(), false)
                .filter(frozen -> frozen.path("name").asText().contains("demonstrations"))
                .findFirst()
                .orElseThrow();
        circle.as("ada")
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "model",
                        MODEL,
                        "base",
                        circle.report().path("models").path(0).path("name").asText() + "@1",
                        "dataset",
                        dataset.path("id").asText(),
                        "recipe",
                        Map.of("method", "supervised", "adapter", "lora", "settings", settings),
                        "seed",
                        21,
                        "tooLong",
                        "cut"))
                .post(circle.address("trainer") + "/api/runs")
                .then()
                .statusCode(202);
    }

    /// Lets the champion answer, and people rate what it said.
    private void serve(int number, int rating) {
        var given = circle.as("ada")
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "model",
                        MODEL + "@champion",
                        "prompts",
                        Collections.nCopies(ANSWERS, PROMPT),
                        "maxNewTokens",
                        8,
                        "temperature",
                        0))
                .post(circle.address("eval") + "/api/answers")
                .then()
                .statusCode(200)
                .extract()
                .as(JsonNode.class);
        assertThat(given.path("model").path("number").asInt()).isEqualTo(number);
        for (var i = 0; i < ANSWERS; i++) {
            var id = "%s-%d-%d".formatted(MODEL, number, i);
            circle.as("app")
                    .contentType(ContentType.JSON)
                    .body(Map.of(
                            "id",
                            id,
                            "model",
                            "%s@%d".formatted(MODEL, number),
                            "prompt",
                            PROMPT,
                            "answer",
                            "Answer: " + given.path("answers").path(i).path("text").asText()))
                    .post(circle.address("ingest") + "/api/interactions")
                    .then()
                    .statusCode(201);
            circle.as("app")
                    .contentType(ContentType.JSON)
                    .body(Map.of("rating", rating))
                    .post(circle.address("ingest") + "/api/interactions/%s/feedback".formatted(id))
                    .then()
                    .statusCode(201);
        }
    }

    /// Waits until the registry and eval agree.
    private void awaitChampion(int number) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    var model = get("registry", "/api/registry/models/" + MODEL);
                    assertThat(model.path("champion").asInt())
                            .as(model.path("versions").toString())
                            .isEqualTo(number);
                });
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> StreamSupport.stream(get("eval", "/api/models").spliterator(), false)
                        .filter(version -> version.path("aliases").toString().contains("\"champion\""))
                        .map(version -> version.path("model"))
                        .anyMatch(model -> model.path("name").asText().equals(MODEL)
                                && model.path("number").asInt() == number));
    }

    private JsonNode probation() {
        return get("eval", "/api/monitors/" + MODEL).path("probations").path(0);
    }

    private JsonNode version(int number) {
        return get("registry", "/api/registry/models/%s/versions/%d".formatted(MODEL, number));
    }

    private static String sha256(JsonNode version) {
        return StreamSupport.stream(version.path("files").spliterator(), false)
                .filter(file -> file.path("path").asText().equals("model.safetensors"))
                .findFirst()
                .orElseThrow()
                .path("sha256")
                .asText();
    }

    private JsonNode get(String service, String path) {
        return circle.as("ada").get(circle.address(service) + path).as(JsonNode.class);
    }
}
