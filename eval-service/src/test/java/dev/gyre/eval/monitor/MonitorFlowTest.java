package dev.gyre.eval.monitor;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.DriftEvent;
import dev.gyre.events.DriftEvent.Concern;
import dev.gyre.events.DriftEvent.DriftCleared;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Drifted;
import dev.gyre.events.DriftEvent.WindowMeasured;
import dev.gyre.events.Fact;
import dev.gyre.events.InteractionEvent.FeedbackGiven;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.SampleDocument;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class MonitorFlowTest {

    private static final String WORKSPACE = "demo";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector kafka;

    @Inject
    ArtifactStore artifacts;

    /// Every test has a model of its own.
    private final String model = "model-" + UUID.randomUUID().toString().substring(0, 8);

    private final Talk talk = new Talk(7);
    private final List<Fact> sent = new ArrayList<>();

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    @Test
    void shiftIsToldWithReasonsAndWhatToLookAtAgainWhereItGoesOnAndClearsWhenTheWorldComesBack() {
        watchClosely();
        talk(Talk::usual, 119);
        awaitWindows("input", 3);
        assertThat(detected()).isEmpty();
        talk(Talk::drifted, 60);
        awaitWindows("input", 6);
        sent.forEach(fact -> send(fact, "id-of-" + ((InteractionRecorded) fact).interaction()));
        talk(Talk::drifted, 20);
        awaitWindows("input", 7);

        assertThat(detected()).hasSize(2);
        assertThat(detected().getFirst()).satisfies(drift -> {
            assertThat(drift.stream()).isEqualTo(model + "/input");
            assertThat(drift.concern()).isEqualTo(Concern.INPUT);
            assertThat(drift.model()).isEqualTo(new ModelVersion(model, 1));
            assertThat(drift.value()).isGreaterThan(drift.threshold());
            assertThat(drift.seen()).isEqualTo(160);
            assertThat(drift.explanation())
                    .startsWith("What people ask of %s has moved: in 2 of the latest 3 windows".formatted(model))
                    .contains("the embedding of prompts differs from the reference (MMD²")
                    .contains("'beneath' (in 0 % of the texts before, in 100 % now)");
            var rows = drifted(drift);
            assertThat(rows).hasSize(40).extracting(Drifted::score).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(drift.examples())
                    .isEqualTo(rows.stream().limit(5).map(Drifted::interaction).toList());
        });
        assertThat(detected().getLast()).satisfies(again -> {
            assertThat(again.drift()).isEqualTo(detected().getFirst().drift());
            assertThat(again.explanation()).contains("in 4 of the latest 5 windows");
            assertThat(drifted(again)).hasSize(80);
        });
        as("operator")
                .get("/api/monitors/%s/input".formatted(model))
                .then()
                .statusCode(200)
                .body("stream.state", equalTo("ALARM"))
                .body("stream.explanation", containsString("has moved"))
                .body("history", hasSize(7))
                .body("history.verdict", equalTo(List.of("CALM", "CALM", "CALM", "DRIFT", "DRIFT", "DRIFT", "DRIFT")))
                .body("history[3].statistics.find { it.statistic == 'embedding' }.effect", greaterThan(0.1f))
                .body("alarms", hasSize(1));
        assertThat(told(WindowMeasured.class))
                .filteredOn(window -> window.stream().equals(model + "/input"))
                .hasSize(7)
                .extracting(WindowMeasured::window)
                .containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(told(WindowMeasured.class))
                .filteredOn(window -> window.stream().equals(model + "/input") && window.window() == 5)
                .singleElement()
                .satisfies(window -> {
                    assertThat(window.verdict()).isEqualTo(DriftEvent.Signal.DRIFT);
                    assertThat(window.statistics())
                            .filteredOn(one -> one.statistic().equals("embedding"))
                            .singleElement()
                            .satisfies(one -> assertThat(one.value()).isGreaterThan(one.threshold()));
                });

        talk(Talk::usual, 60);

        await().untilAsserted(() -> assertThat(told(DriftCleared.class))
                .filteredOn(cleared -> cleared.stream().startsWith(model))
                .singleElement()
                .extracting(DriftCleared::drift)
                .isEqualTo(detected().getFirst().drift()));
        as("operator")
                .get("/api/monitors/" + model)
                .then()
                .body("streams.find { it.concern == 'input' }.state", equalTo("WATCHING"));
        assertThat(detected()).hasSize(2);
    }

    @Test
    void championThatLearnedFromACampaignBeginsANewReference() {
        watchClosely();
        talk(Talk::usual, 59);
        talk(Talk::drifted, 40);
        await().untilAsserted(() -> assertThat(detected()).hasSize(1));

        promote(2, null);
        await().untilAsserted(() -> state("output").body("era", equalTo(2)));
        state("input").body("era", equalTo(1)).body("state", equalTo("ALARM"));
        promote(3, "campaign");

        await().untilAsserted(() -> state("input").body("era", equalTo(2)).body("state", equalTo("COLLECTING")));
        assertThat(told(DriftCleared.class))
                .filteredOn(cleared -> cleared.stream().equals(model + "/input"))
                .singleElement()
                .extracting(DriftCleared::model)
                .isEqualTo(new ModelVersion(model, 3));
        talk(Talk::drifted, 100);
        awaitWindows("input", 2);
        assertThat(detected()).hasSize(1);
    }

    @Test
    void championIsNotComparedWithItsPredecessorWhileTheInputDrifts() {
        watchClosely();
        talk(Talk::usual, 59);
        sent.forEach(one -> rate((InteractionRecorded) one, 1));
        talk(Talk::drifted, 40);
        await().untilAsserted(() -> assertThat(detected()).hasSize(1));
        promote(2, null);
        awaitProbation("OPEN");

        talk(2, Talk::drifted, 25);
        last(25).forEach(one -> rate(one, -1));

        awaitProbation("NOT_COMPARABLE");
        as("operator")
                .get("/api/monitors/" + model)
                .then()
                .body("probations[0].reason", containsString(detected().getFirst().drift()));
    }

    @Test
    void championOfACampaignIsComparedOnWhatIsAskedSinceTheDrift() {
        watchClosely();
        talk(Talk::usual, 59);
        sent.forEach(one -> rate((InteractionRecorded) one, 1));
        talk(Talk::drifted, 60);
        last(60).forEach(one -> rate(one, -1));
        await().untilAsserted(() -> assertThat(detected())
                .filteredOn(drift -> drift.concern() == Concern.INPUT)
                .hasSize(1));
        promote(2, "campaign");
        awaitProbation("OPEN");

        talk(2, Talk::drifted, 25);
        last(25).forEach(one -> rate(one, -1));

        // The alarm rose with the second window of the new world; 60 good ratings of the old one are left out.
        await().untilAsserted(() -> as("operator")
                .get("/api/monitors/" + model)
                .then()
                .body("probations[0].looks.finding", equalTo(List.of("NOT_WORSE")))
                .body("probations[0].looks[0].champion.bad", equalTo(25))
                .body("probations[0].looks[0].predecessor.ratings", equalTo(40)));
    }

    private void awaitProbation(String state) {
        await().untilAsserted(() ->
                as("operator").get("/api/monitors/" + model).then().body("probations[0].state", equalTo(state)));
    }

    private List<InteractionRecorded> last(int count) {
        return sent.subList(sent.size() - count, sent.size()).stream()
                .map(InteractionRecorded.class::cast)
                .toList();
    }

    @Test
    void badRatingsAlarmAndTheEarlyWarnersOnlyWarn() {
        watchClosely();
        talk(Talk::usual, 159);
        var rated = List.copyOf(sent);
        for (var i = 0; i < rated.size(); i++) {
            rate((InteractionRecorded) rated.get(i), i < 96 ? (i % 10 == 0 ? -1 : 1) : (i % 10 == 0 ? 1 : -1));
        }

        await().untilAsserted(() -> assertThat(detected())
                .filteredOn(drift -> drift.concern() == Concern.QUALITY)
                .singleElement()
                .satisfies(drift -> {
                    assertThat(drift.detector()).isEqualTo("adwin");
                    assertThat(drift.value()).isGreaterThan(drift.threshold());
                    assertThat(drift.explanation()).startsWith("People rate %s worse than before".formatted(model));
                    assertThat(drifted(drift)).hasSizeGreaterThan(10);
                }));
        as("manager")
                .get("/api/monitors/%s/quality".formatted(model))
                .then()
                .body("history.verdict", hasItem("WARNING"))
                .body(
                        "history.statistics.flatten().find { it.detector == 'hddm-a' && it.verdict == 'WARNING' }",
                        not(nullValue()))
                .body("alarms", hasSize(1));
    }

    @Test
    void textThatCannotBeReadIsPassedOver() {
        watchClosely();
        send(
                new InteractionRecorded(
                        WORKSPACE,
                        "broken-" + model,
                        new ModelVersion(model, 1),
                        "none",
                        artifacts.put(WORKSPACE, "this is no JSON"),
                        null),
                UUID.randomUUID().toString());
        talk(Talk::usual, 79);

        awaitWindows("input", 1);
    }

    @Test
    void settingsAreChangedByEngineersWithinBounds() {
        talk(Talk::usual, 1);
        await().untilAsserted(() -> as("engineer")
                .get("/api/monitors/" + model)
                .then()
                .statusCode(200)
                .body("settings.referenceSize", equalTo(200))
                .body("settings.windowSize", equalTo(50)));

        as("engineer")
                .body(Map.of("windowSize", 3))
                .put("/api/monitors/" + model)
                .then()
                .statusCode(400)
                .body("detail", equalTo("windowSize is 3, must be from 10 to 1000"));
        as("operator")
                .body(Map.of("windowSize", 30))
                .put("/api/monitors/" + model)
                .then()
                .statusCode(403);
        as("engineer")
                .body(Map.of("windowSize", 30, "outOf", 5))
                .put("/api/monitors/" + model)
                .then()
                .statusCode(200)
                .body("settings.windowSize", equalTo(30))
                .body("settings.outOf", equalTo(5))
                .body("settings.significance", equalTo(0.01f));
        as("engineer")
                .post("/api/monitors/%s/input/reference".formatted(model))
                .then()
                .statusCode(200)
                .body("era", equalTo(2));
    }

    @Test
    void workspacesAndRolesAreKeptApart() {
        talk(Talk::usual, 1);
        await().untilAsserted(() ->
                as("operator").get("/api/monitors/" + model).then().statusCode(200));
        var stranger = TestLogins.token("eve", "elsewhere", "engineer", "manager", "operator");

        for (var path : List.of("/api/monitors/" + model, "/api/monitors/%s/input".formatted(model))) {
            given().auth().oauth2(stranger).get(path).then().statusCode(404);
            as("annotator").get(path).then().statusCode(403);
            given().get(path).then().statusCode(401);
        }
        given().auth()
                .oauth2(stranger)
                .get("/api/monitors")
                .then()
                .statusCode(200)
                .body("size()", equalTo(0));
        given().auth()
                .oauth2(stranger)
                .contentType("application/json")
                .body(Map.of("windowSize", 30))
                .put("/api/monitors/" + model)
                .then()
                .statusCode(404);
        as("operator")
                .get("/api/monitors/%s/weather".formatted(model))
                .then()
                .statusCode(404)
                .body("detail", containsString("no stream '%s/weather'".formatted(model)));
    }

    /// One interaction makes the model known; a reference of 60 and windows of 20 make tests short.
    private void watchClosely() {
        talk(Talk::usual, 1);
        await().untilAsserted(() -> as("engineer")
                .body(Map.of("referenceSize", 60, "windowSize", 20))
                .put("/api/monitors/" + model)
                .then()
                .statusCode(200));
    }

    private void talk(Function<Talk, String> prompts, int count) {
        talk(1, prompts, count);
    }

    private void talk(int number, Function<Talk, String> prompts, int count) {
        for (var i = 0; i < count; i++) {
            var document = new SampleDocument(prompts.apply(talk), talk.answer(), List.of(), Map.of());
            var fact = new InteractionRecorded(
                    WORKSPACE,
                    "%s-%d".formatted(model, sent.size()),
                    new ModelVersion(model, number),
                    "none",
                    artifacts.put(WORKSPACE, write(document)),
                    null);
            send(fact, "id-of-" + fact.interaction());
            sent.add(fact);
        }
    }

    private void rate(InteractionRecorded recorded, int rating) {
        send(
                new FeedbackGiven(WORKSPACE, recorded.interaction(), rating, null, null, null),
                UUID.randomUUID().toString());
    }

    private void promote(int number, @Nullable String campaign) {
        var dataset = "dataset-%s-%d".formatted(model, number);
        var held = artifacts.put(WORKSPACE, "{}\n");
        kafka.source("datasets")
                .send(TestFacts.message(new DatasetFrozen(
                        WORKSPACE,
                        dataset,
                        "project",
                        dataset,
                        Kind.SUPERVISED,
                        Purpose.TRAINING,
                        new Part(held, 1),
                        new Part(held, 1),
                        "00",
                        held,
                        1,
                        campaign,
                        campaign == null ? null : model,
                        List.of())));
        await().untilAsserted(
                        () -> as("manager").get("/api/suites/" + dataset).then().statusCode(200));
        var version = new ModelVersion(model, number);
        kafka.source("models")
                .send(TestFacts.message(
                        new VersionRegistered(WORKSPACE, version, null, null, dataset, "digest", List.of())));
        kafka.source("models").send(TestFacts.message(new ChampionPromoted(WORKSPACE, version, number - 1, "none")));
    }

    private void awaitWindows(String concern, int windows) {
        await().untilAsserted(() -> state(concern).body("windows", equalTo(windows)));
    }

    private ValidatableResponse state(String concern) {
        return as("operator")
                .get("/api/monitors/%s/%s".formatted(model, concern))
                .then()
                .statusCode(200)
                .rootPath("stream");
    }

    private List<DriftDetected> detected() {
        return told(DriftDetected.class).stream()
                .filter(drift -> drift.model().name().equals(model))
                .toList();
    }

    private List<Drifted> drifted(DriftDetected drift) {
        return artifacts
                .readText(Objects.requireNonNull(drift.drifted()))
                .lines()
                .map(line -> {
                    try {
                        return JSON.readValue(line, Drifted.class);
                    } catch (JsonProcessingException broken) {
                        throw new AssertionError(line, broken);
                    }
                })
                .toList();
    }

    private <F extends Fact> List<F> told(Class<F> type) {
        return TestFacts.told(kafka.sink("facts"), type);
    }

    private void send(Fact fact, String id) {
        kafka.source("interactions").send(TestFacts.message(fact, id, "story"));
    }

    private static String write(SampleDocument document) {
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static RequestSpecification as(String role) {
        return given().auth().oauth2(TestLogins.token("ann", WORKSPACE, role)).contentType("application/json");
    }
}
