package dev.gyre.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The system as its users meet it: the shipped scenario, logins, a pull, a kill.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CircleIT {

    private Circle circle;

    @BeforeAll
    void turn() throws IOException {
        circle = Circle.shared();
    }

    @Test
    void shippedScenarioComesTrue() {
        assertThat(circle.exit()).isZero();
        assertThat(circle.report().path("lost").asLong(-1)).isZero();
        assertThat(circle.report().path("duplicated").asLong(-1)).isZero();
    }

    @Test
    void reportSaysWhatItPromises() {
        var report = circle.report();

        assertThat(names(report))
                .contains("scenario", "wallSeconds", "stages", "samples", "judgements", "datasets", "trainings")
                .contains("evaluations", "models", "facts", "lost", "duplicated");
        assertThat(names(report.path("samples"))).contains("offered", "accepted", "refused");
        assertThat(names(report.path("judgements"))).contains("recorded", "annotators", "krippendorffAlpha");
        assertThat(names(report.path("datasets").path(0))).contains("id", "train", "heldOut", "merkleRoot");
        assertThat(names(report.path("trainings").path(0)))
                .contains("run", "method", "rows", "seconds", "tokensPerSecond");
        assertThat(names(report.path("evaluations").path(0)))
                .contains("model", "suite", "metric", "champion", "candidate", "ci95", "verdict");
        assertThat(names(report.path("models").path(0))).contains("name", "version", "sha256", "champion");
    }

    @Test
    void realJudgementsArePromotedAndShuffledOnesAreNot() {
        var trainings = StreamSupport.stream(
                        circle.report().path("trainings").spliterator(), false)
                .toList();

        assertThat(trainings).anyMatch(run -> run.path("control").asBoolean());
        assertThat(trainings).allSatisfy(run -> {
            var promoted = !run.path("state").asText().equals("REJECTED");
            assertThat(promoted)
                    .as("%s is %s", run.path("version"), run.path("state"))
                    .isEqualTo(!run.path("control").asBoolean());
        });
    }

    @Test
    void anotherWorkspaceSeesNothing() {
        var dataset = circle.report().path("datasets").path(0).path("id").asText();
        var run = circle.report().path("trainings").path(0).path("run").asText();

        for (var route : List.of(
                circle.address("annotation") + "/api/datasets/" + dataset,
                circle.address("trainer") + "/api/runs/" + run,
                circle.address("registry") + "/api/registry/models/" + model(),
                circle.address("registry") + "/api/models/demo/" + model(),
                circle.address("registry") + "/demo/" + model() + "/resolve/main/config.json")) {
            assertThat(circle.as("eve").get(route).statusCode()).as(route).isIn(403, 404);
        }
    }

    @Test
    void appPullsTheChampionByteForByte() throws Exception {
        var champion = StreamSupport.stream(circle.report().path("models").spliterator(), false)
                .filter(model -> model.path("champion").asBoolean())
                .findFirst()
                .orElseThrow();

        var weights = circle.as("app")
                .get(circle.address("registry") + "/demo/" + model() + "/resolve/champion/model.safetensors")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();

        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(weights)))
                .isEqualTo(champion.path("sha256").asText());
    }

    /// In the circle of this test no fact has died or come twice, so these two counters are not there yet.
    @Test
    void everyFigureThatDashboardAndAlertsSpeakOfIsGivenToThoseWhoMaySeeIt() throws IOException {
        var figures = Checkout.SERVICES.stream()
                .map(service -> circle.as("app")
                        .get(circle.address(service) + "/q/metrics")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString())
                .collect(Collectors.joining("\n"));
        var name = Pattern.compile("\\b(?:gyre|http_server|jvm|kafka_consumer)_[a-z_]+\\b");
        for (var file : List.of("circle.json", "alerts.yaml")) {
            var text = Files.readString(Checkout.ROOT.resolve("deploy/observability").resolve(file));
            assertThat(name.matcher(text).results().map(MatchResult::group).distinct())
                    .as(file)
                    .hasSizeGreaterThan(3)
                    .filteredOn(figure -> !List.of("gyre_facts_dead_total", "gyre_facts_again_total")
                            .contains(figure))
                    .filteredOn(figure -> !figures.contains("\n" + figure))
                    .isEmpty();
        }
        for (var service : Checkout.SERVICES) {
            var route = circle.address(service) + "/q/metrics";
            // Services with pages send people to the login.
            assertThat(given().redirects().follow(false).get(route).statusCode())
                    .isIn(401, 302);
            assertThat(circle.as("ann").get(route).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void killedTrainerTakesItsRunUpAgain() {
        var dataset = StreamSupport.stream(circle.report().path("datasets").spliterator(), false)
                .filter(frozen -> frozen.path("name").asText().contains("demonstrations"))
                .findFirst()
                .orElseThrow();
        var base = model() + "@1";
        String run = circle.as("ada")
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "model",
                        "killed",
                        "base",
                        base,
                        "dataset",
                        dataset.path("id").asText(),
                        "recipe",
                        Map.of(
                                "method", "supervised",
                                "adapter", "lora",
                                "settings", Map.of("steps", "60", "batch", "4", "checkpointSteps", "5")),
                        "seed",
                        3,
                        "tooLong",
                        "cut"))
                .post(circle.address("trainer") + "/api/runs")
                .then()
                .statusCode(202)
                .extract()
                .path("run");
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> run(run).path("step").asInt() >= 8);

        var trainer = circle.platform().state().part("trainer").orElseThrow().process();
        ProcessHandle.of(Objects.requireNonNull(trainer).pid()).orElseThrow().destroyForcibly();

        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(() -> run(run).path("state").asText().equalsIgnoreCase("completed"));
        assertThat(run(run).path("attempt").asInt()).isGreaterThanOrEqualTo(2);
    }

    private String model() {
        return circle.report().path("models").path(0).path("name").asText();
    }

    private JsonNode run(String id) {
        return circle.as("ada")
                .get(circle.address("trainer") + "/api/runs/" + id)
                .as(JsonNode.class);
    }

    private static List<String> names(JsonNode node) {
        return StreamSupport.stream(
                        ((Iterable<String>) node::fieldNames).spliterator(), false)
                .toList();
    }
}
