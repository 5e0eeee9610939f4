package dev.gyre.eval.probation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.Fact;
import dev.gyre.events.InteractionEvent.FeedbackGiven;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.ChampionRolledBack;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelVersion;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class ProbationFlowTest {

    private static final String WORKSPACE = "demo";

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector kafka;

    @Inject
    ArtifactStore artifacts;

    /// Every test has a model of its own.
    private final String model = "model-" + UUID.randomUUID().toString().substring(0, 8);

    private int sent;

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    @Test
    void championThatIsRatedWorseFallsShortOnce() {
        serve(1, "talk", 40, 4);
        promote(2, 1);

        serve(2, "talk", 25, 24);

        await().untilAsserted(() -> assertThat(fellShort()).singleElement().satisfies(fact -> {
            assertThat(fact.model()).isEqualTo(new ModelVersion(model, 2));
            assertThat(fact.predecessor()).isEqualTo(new ModelVersion(model, 1));
            assertThat(fact.ratings()).isEqualTo(25);
            assertThat(fact.bad()).isEqualTo(24);
            assertThat(fact.predecessorRatings()).isEqualTo(40);
            assertThat(fact.predecessorBad()).isEqualTo(4);
            assertThat(fact.excess()).isGreaterThan(0.8);
            assertThat(fact.pValue()).isLessThan(fact.alpha());
            assertThat(fact.alpha()).isEqualTo(0.0025);
            assertThat(fact.reason())
                    .startsWith("24 of 25 ratings of %s@2 are bad, 4 of 40 of %s@1".formatted(model, model));
        }));
        assertThat(story()).isEqualTo("promotion-of-" + model + "-2");
        probations()
                .body("probations", hasSize(1))
                .body("probations[0].state", equalTo("FELL_SHORT"))
                .body("probations[0].model.number", equalTo(2))
                .body("probations[0].predecessor.number", equalTo(1))
                .body("probations[0].nextLook", nullValue())
                .body("probations[0].looks.finding", contains("WORSE"))
                .body("probations[0].looks[0].champion.bad", equalTo(24))
                .body("probations[0].reason", startsWith("24 of 25 ratings"));

        rolledBack(1, 2);
        serve(2, "talk", 30, 30);
        promote(3, 1);
        await().untilAsserted(() -> probations().body("probations.state", contains("OPEN", "FELL_SHORT")));
        assertThat(fellShort()).hasSize(1);
    }

    @Test
    void championThatHoldsOutPasses() {
        serve(1, "talk", 60, 12);
        promote(2, 1);
        serve(2, "talk", 30, 6);
        await().untilAsserted(() -> probations()
                .body("probations[0].state", equalTo("OPEN"))
                .body("probations[0].ratings", equalTo(30))
                .body("probations[0].nextLook", equalTo(50))
                .body("probations[0].looks.finding", contains("NOT_WORSE")));

        serve(2, "talk", 170, 30);

        await().untilAsserted(() -> probations()
                .body("probations[0].state", equalTo("PASSED"))
                .body("probations[0].looks.ratings", contains(25, 50, 100, 200)));
        serve(2, "talk", 60, 60);
        promote(3, 2);
        await().untilAsserted(() -> probations().body("probations.state", contains("OPEN", "PASSED")));
        assertThat(fellShort()).isEmpty();
    }

    @Test
    void whatOnlyOneOfTheTwoWasAskedIsNotCompared() {
        serve(1, "weather", 40, 0);
        promote(2, 1);

        serve(2, "sport", 30, 30);

        await().untilAsserted(() -> probations()
                .body("probations[0].state", equalTo("OPEN"))
                .body("probations[0].looks.finding", contains("NOT_COMPARABLE"))
                .body("probations[0].looks[0].excess", nullValue())
                .body("probations[0].looks[0].leftOut", contains("sport", "weather"))
                .body("probations[0].looks[0].reason", startsWith("only 0 of 25 ratings")));
        assertThat(fellShort()).isEmpty();
    }

    @Test
    void oneAnswerCountsOnceHoweverOftenItIsRated() {
        serve(1, "talk", 40, 0);
        promote(2, 1);
        var answer = record(2, "talk");
        for (var i = 0; i < 60; i++) {
            rate(answer, i == 0 ? 0 : -1);
        }
        serve(2, "talk", 20, 0);

        await().untilAsserted(() -> probations().body("probations[0].ratings", equalTo(21)));
        probations().body("probations[0].looks", hasSize(0));
    }

    @Test
    void firstChampionHasNobodyToBeComparedWithAndTheNextOneEndsAProbation() {
        promote(1, null);
        promote(2, 1);
        promote(3, 2);
        await().untilAsserted(() -> probations()
                .body("probations.state", contains("OPEN", "OVERTAKEN"))
                .body("probations.model.number", contains(3, 2))
                .body("probations[1].reason", equalTo(model + "@3 became champion")));

        rolledBack(2, 3);

        await().untilAsserted(() -> probations()
                .body("probations.state", contains("OVERTAKEN", "OVERTAKEN"))
                .body("probations[0].reason", equalTo(model + "@2 became champion")));
    }

    /// Answers of a version to as many people, of whom the last ones are not satisfied.
    private void serve(int number, String slice, int count, int bad) {
        for (var i = 0; i < count; i++) {
            rate(record(number, slice), i < count - bad ? 1 : -1);
        }
    }

    private String record(int number, String slice) {
        var id = "%s-%d".formatted(model, sent++);
        send(
                "interactions",
                new InteractionRecorded(WORKSPACE, id, new ModelVersion(model, number), slice, text(), null));
        return id;
    }

    private void rate(String interaction, int rating) {
        send("interactions", new FeedbackGiven(WORKSPACE, interaction, rating, null, null, null));
    }

    private ArtifactRef text() {
        return artifacts.put(
                WORKSPACE, "{\"prompt\":\"how are you\",\"completion\":\"well\",\"candidates\":[],\"metadata\":{}}");
    }

    /// Waits until it is heard: what follows comes from another topic.
    private void promote(int number, @Nullable Integer previous) {
        var version = new ModelVersion(model, number);
        send("models", new VersionRegistered(WORKSPACE, version, null, null, null, "digest", List.of()));
        kafka.source("models")
                .send(TestFacts.message(
                        new ChampionPromoted(WORKSPACE, version, previous, "none"),
                        UUID.randomUUID().toString(),
                        "promotion-of-%s-%d".formatted(model, number)));
        if (previous != null) {
            await().untilAsserted(() -> probations().body("probations[0].model.number", equalTo(number)));
        }
    }

    private void rolledBack(int to, int from) {
        send("models", new ChampionRolledBack(WORKSPACE, new ModelVersion(model, to), from, "pia", "it is rude"));
    }

    private ValidatableResponse probations() {
        return given().auth()
                .oauth2(TestLogins.token("ann", WORKSPACE, "operator"))
                .get("/api/monitors/" + model)
                .then()
                .statusCode(200);
    }

    private List<ChampionFellShort> fellShort() {
        return TestFacts.told(facts(), ChampionFellShort.class).stream()
                .filter(fact -> fact.model().name().equals(model))
                .toList();
    }

    private String story() {
        return facts().received().stream()
                .filter(message -> {
                    var text = new String(message.getPayload(), StandardCharsets.UTF_8);
                    return text.contains("ChampionFellShort") && text.contains(model);
                })
                .map(message ->
                        message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow())
                .map(metadata -> new String(
                        metadata.getHeaders().lastHeader("ce_correlationid").value(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }

    private InMemorySink<byte[]> facts() {
        return kafka.sink("facts");
    }

    private void send(String channel, Fact fact) {
        kafka.source(channel).send(TestFacts.message(fact));
    }
}
