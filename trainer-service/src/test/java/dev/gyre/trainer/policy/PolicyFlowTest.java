package dev.gyre.trainer.policy;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.DatasetEvent.Doubt;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.Fact;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingFailed;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import dev.gyre.trainer.run.TinyBase;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class PolicyFlowTest {

    private static final String WORKSPACE = "demo";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String RECIPES = """
            "recipes":{"SUPERVISED":{"method":"supervised","adapter":"lora","settings":{"steps":"1"}}}""";

    @TempDir
    static Path shared;

    /// Made by whichever test comes first.
    private static @Nullable Path base;

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    PolicyConfig config;

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        assertThat(config.poll()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.look()).isEqualTo(Duration.ofSeconds(2));
        policy("plain", RECIPES)
                .statusCode(200)
                .body("seed", equalTo(0))
                .body("triggers.campaign", equalTo(true))
                .body("triggers.judgements", nullValue())
                .body("triggers.everyMinutes", nullValue())
                .body("replayShare", equalTo(0.5f))
                .body("cooldownMinutes", equalTo(0))
                .body("runsPerDay", equalTo(24))
                .body("setBy", equalTo("eve"));
    }

    @Test
    void aCampaignIsLearnedFromOnceWithReplayAndInItsStory() {
        champion("circle");
        policy("circle", RECIPES + ",\"seed\":7").statusCode(200);
        var frozen = frozen("circle-new", "circle", "cmp-1", 12);
        var event = UUID.randomUUID().toString();

        broker.source("policy-datasets").send(TestFacts.message(frozen, event, "alarm-1"));
        broker.source("policy-datasets").send(TestFacts.message(frozen, event, "alarm-1"));
        broker.source("datasets").send(TestFacts.message(frozen, event, "alarm-1"));
        broker.source("policy-datasets")
                .send(TestFacts.message(frozen, UUID.randomUUID().toString(), "alarm-1"));
        var completed = completed("circle").getFirst();

        var requested = requested("circle").getFirst();
        assertThat(requested.base()).isEqualTo(new ModelVersion("circle", 1));
        assertThat(requested.dataset()).isEqualTo("circle-new");
        assertThat(requested.seed()).isEqualTo(7);
        assertThat(requested.replay()).containsExactly(new Replay("circle-old", 12));
        assertThat(requested.reason())
                .isEqualTo(
                        "Campaign cmp-1 brought 12 new rows for circle; training on them with 12 replayed rows of circle-old.");
        assertThat(completed.replay()).containsExactly(new Replay("circle-old", 12));
        assertThat(completed.rows()).isEqualTo(24);
        assertThat(stories(requested.run())).containsOnly("alarm-1");
        assertThat(requested("circle")).hasSize(1);
        get("/api/policies/circle/decisions")
                .statusCode(200)
                .body("outcome", contains("TRAIN"))
                .body("run", contains(requested.run()))
                .body("dataset", contains("circle-new"))
                .body("reason", contains(requested.reason()));
        get("/api/runs/" + requested.run())
                .body("requestedBy", equalTo("policy of eve"))
                .body("why", equalTo(requested.reason()));
    }

    @Test
    void aCandidateThatFailedIsNotMadeASecondTime() {
        champion("loop");
        policy("loop", RECIPES).statusCode(200);
        hear(frozen("loop-1", "loop", "cmp-7", 12));
        var run = completed("loop").getFirst().run();
        var candidate = new ModelVersion("loop", 2);
        hear(new VersionRegistered(WORKSPACE, candidate, run, new ModelVersion("loop", 1), "loop-1", "d2", List.of()));
        hear(new CandidateRejected(WORKSPACE, candidate, "e-2", List.of("it is worse on the old")));
        await().atMost(PATIENCE).untilAsserted(() -> get("/api/models/loop").body("versions.version", contains(1, 2)));

        hear(frozen("loop-2", "loop", "cmp-7", 12));

        decided(
                "loop",
                "Not trained: loop@2, the last candidate from the same campaign cmp-7, did not pass its gate (it is worse on the old), and a second one would go the same way.");
        assertThat(requested("loop")).hasSize(1);
        hear(frozen("loop-3", "loop", "cmp-8", 12));
        await().atMost(PATIENCE).until(() -> requested("loop").size() == 2);
    }

    @Test
    void whatWaitsForCoolDownAndBudgetIsTakenUpLater() {
        champion("cool");
        policy("cool", RECIPES + ",\"cooldownMinutes\":10,\"runsPerDay\":1").statusCode(200);
        hear(frozen("cool-1", "cool", "cmp-1", 12));
        completed("cool");

        hear(frozen("cool-2", "cool", "cmp-2", 12));
        decided("cool", "Not trained yet: the last run for cool began 0 minutes ago and the cool-down is 10.");
        policy("cool", RECIPES + ",\"runsPerDay\":1").statusCode(200);
        decided("cool", "Not trained yet: the policy for cool began 1 run in the last 24 hours and its budget is 1.");
        assertThat(requested("cool")).hasSize(1);
        policy("cool", RECIPES).statusCode(200);

        await().atMost(PATIENCE).until(() -> requested("cool").size() == 2);
        assertThat(requested("cool")).extracting(TrainingRequested::dataset).containsExactly("cool-1", "cool-2");
        assertThat(completed("cool", 2)).hasSize(2);
        get("/api/policies/cool/decisions")
                .body("dataset.findAll { it == 'cool-2' }", hasSize(3))
                .body("[0].outcome", equalTo("TRAIN"));
    }

    @Test
    void enoughNewJudgementsStartATrainingAndEarlierOnesAreReplayed() {
        champion("count");
        policy("count", RECIPES + ",\"triggers\":{\"campaign\":false,\"judgements\":20}")
                .statusCode(200);

        hear(frozen("count-1", "count", null, 12));
        decided("count", "Not trained yet: count has 12 new judgements of the 20 that start a training.");
        assertThat(requested("count")).isEmpty();
        hear(frozen("count-2", "count", null, 12));

        var completed = completed("count").getFirst();
        assertThat(completed.dataset()).isEqualTo("count-2");
        assertThat(completed.replay()).containsExactly(new Replay("count-1", 6), new Replay("count-old", 6));
        decided(
                "count",
                "Not trained: data set count-2, frozen later for count, takes the place of count-1, which can be replayed.");
        assertThat(requested("count")).hasSize(1);
    }

    @Test
    void aScheduleTrainsOnWhatIsNew() {
        champion("clock");
        policy("clock", RECIPES + ",\"triggers\":{\"campaign\":false,\"everyMinutes\":60}")
                .statusCode(200);

        hear(frozen("clock-1", "clock", null, 12));
        completed("clock");
        hear(frozen("clock-2", "clock", null, 12));

        decided("clock", "Not trained yet: the next training of clock is due in 59 minutes.");
        assertThat(requested("clock")).extracting(TrainingRequested::dataset).containsExactly("clock-1");
    }

    @Test
    void whatMustNotBeLearnedFromIsRefused() {
        champion("strict");
        policy("strict", RECIPES).statusCode(200);

        var tainted = frozen("strict-tainted", "strict", "cmp-1", 12);
        broker.source("datasets").send(TestFacts.message(tainted));
        broker.source("datasets")
                .send(TestFacts.message(
                        new DatasetTainted(WORKSPACE, "strict-tainted", List.of("j-1"), "a judgement was erased")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> get("/api/datasets/strict-tainted").body("tainted", not(nullValue())));
        broker.source("policy-datasets").send(TestFacts.message(tainted));
        hear(frozen("strict-few", "strict", "cmp-2", 3));
        hear(frozen("strict-kind", "strict", "cmp-3", 12, Kind.PREFERENCE));

        decided(
                "strict",
                "Not trained: data set strict-tainted must not be learned from any more: a judgement was erased.");
        decided("strict", "Not trained: data set strict-few has 3 rows to learn from and at least 8 are needed.");
        decided(
                "strict",
                "Not trained: the policy for strict has no recipe for data sets of kind PREFERENCE, such as strict-kind.");
        assertThat(requested("strict")).isEmpty();
    }

    @Test
    void judgementsInDoubtAreLearnedFromByHandAlone() {
        champion("doubted");
        policy("doubted", RECIPES + ",\"triggers\":{\"campaign\":true,\"judgements\":20}").statusCode(200);

        hear(frozen("doubted-1", "doubted", null, 12));
        decided("doubted", "Not trained yet: doubted has 12 new judgements of the 20 that start a training.");
        hear(inDoubt(frozen("doubted-2", "doubted", "cmp-1", 12)));

        decided(
                "doubted",
                "Not trained: the judgements of data set doubted-2 are in doubt, because annotator-7 agreed with the others on 1 of 30 tasks where chance alone gives 15; look at them, withdraw what is wrong and freeze again, or have an engineer start a run by hand.");
        // What is in doubt does not count, takes nobody's place and is not replayed.
        assertThat(requested("doubted")).isEmpty();
        hear(frozen("doubted-3", "doubted", null, 12));
        assertThat(completed("doubted").getFirst().replay())
                .containsExactly(new Replay("doubted-1", 6), new Replay("doubted-old", 6));
        assertThat(requested("doubted")).extracting(TrainingRequested::dataset).containsExactly("doubted-3");
        get("/api/datasets/doubted-2").body("doubts.annotator", contains("annotator-7"));
        as("eve", WORKSPACE, "engineer")
                .body("""
                        {"model":"doubted","base":"doubted@champion","dataset":"doubted-1","replay":[{"dataset":"doubted-2","rows":3}],
                        "recipe":{"method":"supervised","settings":{"steps":"1"}}}""")
                .post("/api/runs")
                .then()
                .statusCode(400)
                .body("detail", containsString("replay of data set 'doubted-2' is not possible"));
        as("eve", WORKSPACE, "engineer")
                .body("""
                        {"model":"doubted","base":"doubted@champion","dataset":"doubted-2",
                        "recipe":{"method":"supervised","settings":{"steps":"1"}}}""")
                .post("/api/runs")
                .then()
                .statusCode(202);
        assertThat(completed("doubted", 2)).extracting(TrainingCompleted::dataset).contains("doubted-2");
    }

    @Test
    void whatWasFrozenWithoutAPolicyIsNotTrainedOnLater() {
        champion("late");
        hear(frozen("late-1", "late", "cmp-1", 12));
        get("/api/policies/late/decisions").statusCode(404);
        policy("late", RECIPES).statusCode(200);
        hear(frozen("late-2", "late", "cmp-2", 12));
        completed("late");

        as("eve", WORKSPACE, "engineer").delete("/api/policies/late").then().statusCode(204);
        get("/api/policies/late").statusCode(404).body("detail", containsString("PUT /api/policies/late"));
        get("/api/policies/late/decisions").statusCode(200).body("dataset", contains("late-2"));
        hear(frozen("late-3", "late", "cmp-3", 12));
        policy("late", RECIPES).statusCode(200);
        hear(frozen("late-4", "late", "cmp-4", 12));

        await().atMost(PATIENCE).until(() -> requested("late").size() == 2);
        assertThat(requested("late")).extracting(TrainingRequested::dataset).containsExactly("late-2", "late-4");
    }

    @Test
    void aRunThatAsksForAShareReplaysWhatItsBaseLearned() {
        champion("share");
        hear(frozen("share-new", null, null, 12));
        await().atMost(PATIENCE)
                .untilAsserted(() -> get("/api/datasets/share-new").statusCode(200));

        as("eve", WORKSPACE, "engineer")
                .body("""
                        {"model":"share","base":"share@champion","dataset":"share-new","replayShare":0.75,
                        "recipe":{"method":"supervised","settings":{"steps":"1"}}}""")
                .post("/api/runs")
                .then()
                .statusCode(202)
                .body("replay.dataset", contains("share-old"))
                .body("replay.rows", contains(36));

        assertThat(completed("share").getFirst().rows()).isEqualTo(48);
    }

    @Test
    void everythingWrongWithAPolicyIsSaidAtOnce() {
        policy("bad", """
                        "recipes":{"SUPERVISED":{"method":"dpo"},"ESSAY":{"method":"dpo"},"PREFERENCE":{"method":"dpo","settings":{"beta":"-1"}}},
                        "triggers":{"campaign":false},"replayShare":1,"cooldownMinutes":-1,"runsPerDay":0""")
                .statusCode(400)
                .contentType("application/problem+json")
                .body(
                        "detail",
                        allOf(
                                containsString(
                                        "recipes.SUPERVISED: recipe.method is 'dpo', which does not learn from data sets of kind SUPERVISED"),
                                containsString("recipes has 'ESSAY', must be one of [SUPERVISED, PREFERENCE, LABEL]"),
                                containsString("recipes.PREFERENCE: recipe: "),
                                containsString("triggers name nothing that starts a training"),
                                containsString("replayShare is 1.0, must be 0 to 0.9"),
                                containsString("cooldownMinutes is -1, must be 0 to"),
                                containsString("runsPerDay is 0, must be 1 to")));
        policy("bad", "\"recipes\":{}").statusCode(400).body("detail", startsWith("recipes is empty"));
        policy("bad", RECIPES + ",\"triggers\":{\"judgements\":0,\"everyMinutes\":-5}")
                .statusCode(400)
                .body(
                        "detail",
                        allOf(
                                containsString("triggers.judgements is 0, must be 1 to"),
                                containsString("triggers.everyMinutes is -5, must be 1 to")));
        policy("bad", RECIPES + ",\"cooldown\":3").statusCode(400).body("detail", containsString("cooldown"));
        policy("../x", RECIPES).statusCode(404);
        policy("-x", RECIPES).statusCode(400).body("detail", containsString("model is '-x'"));
        as("eve", WORKSPACE, "engineer").put("/api/policies/bad").then().statusCode(400);
        get("/api/policies/bad").statusCode(404);
        get("/api/policies/bad/decisions?limit=0").statusCode(400);
    }

    @Test
    void onlyEngineersSetPoliciesAndOtherWorkspacesSeeNone() {
        policy("ours", RECIPES).statusCode(200);

        given().put("/api/policies/ours").then().statusCode(401);
        for (var role : List.of("manager", "operator", "annotator", "reviewer", "publisher", "service")) {
            as("max", WORKSPACE, role)
                    .body("{" + RECIPES + "}")
                    .put("/api/policies/ours")
                    .then()
                    .statusCode(403);
            as("max", WORKSPACE, role).delete("/api/policies/ours").then().statusCode(403);
        }
        as("max", WORKSPACE, "manager")
                .get("/api/policies")
                .then()
                .statusCode(200)
                .body("model", hasItem("ours"));
        as("max", WORKSPACE, "operator")
                .get("/api/policies/ours/decisions")
                .then()
                .statusCode(200);
        as("max", WORKSPACE, "annotator").get("/api/policies/ours").then().statusCode(403);
        as("sam", "elsewhere", "engineer").get("/api/policies/ours").then().statusCode(404);
        as("sam", "elsewhere", "engineer")
                .get("/api/policies/ours/decisions")
                .then()
                .statusCode(404);
        as("sam", "elsewhere", "engineer").delete("/api/policies/ours").then().statusCode(404);
        as("sam", "elsewhere", "engineer")
                .get("/api/policies")
                .then()
                .statusCode(200)
                .body("", hasSize(0));
    }

    /// A champion that learned from `<model>-old`, 40 rows.
    private void champion(String model) {
        hear(frozen(model + "-old", null, null, 40));
        var version = new ModelVersion(model, 1);
        var registered = TinyBase.registered(artifacts, WORKSPACE, version, base());
        hear(new VersionRegistered(WORKSPACE, version, null, null, model + "-old", "d1", registered.files()));
        hear(new ChampionPromoted(WORKSPACE, version, null, "e-1"));
        await().atMost(PATIENCE).untilAsserted(() -> {
            get("/api/models/" + model).statusCode(200).body("champion", equalTo(1));
            get("/api/datasets/" + model + "-old").statusCode(200);
        });
    }

    private static Path base() {
        var made = base;
        if (made == null) {
            made = TinyBase.make(shared);
            base = made;
        }
        return made;
    }

    private DatasetFrozen frozen(String id, @Nullable String model, @Nullable String campaign, int count) {
        return frozen(id, model, campaign, count, Kind.SUPERVISED);
    }

    private DatasetFrozen frozen(String id, @Nullable String model, @Nullable String campaign, int count, Kind kind) {
        var rows = IntStream.range(0, count)
                .mapToObj(i -> "{\"prompt\":\"%s %d\",\"completion\":\" ran to the cat\"}\n".formatted(id, i))
                .collect(Collectors.joining());
        var part = new Part(artifacts.put(WORKSPACE, rows), count);
        return new DatasetFrozen(
                WORKSPACE,
                id,
                "p-1",
                id,
                kind,
                Purpose.TRAINING,
                part,
                part,
                "00",
                part.rows(),
                count,
                campaign,
                model,
                List.of());
    }

    private static DatasetFrozen inDoubt(DatasetFrozen frozen) {
        return new DatasetFrozen(
                frozen.workspace(),
                frozen.dataset(),
                frozen.project(),
                frozen.name(),
                frozen.kind(),
                frozen.purpose(),
                frozen.train(),
                frozen.heldOut(),
                frozen.merkleRoot(),
                frozen.judgements(),
                frozen.judgementCount(),
                frozen.campaign(),
                frozen.model(),
                List.of(new Doubt("annotator-7", 30, 1, 0.5, "annotator-7 says the opposite.")));
    }

    /// Both hearers of the topic hear it.
    private void hear(Fact fact) {
        var event = UUID.randomUUID().toString();
        var story = UUID.randomUUID().toString();
        broker.source(fact.topic()).send(TestFacts.message(fact, event, story));
        broker.source("policy-" + fact.topic()).send(TestFacts.message(fact, event, story));
    }

    private void decided(String model, String reason) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> get("/api/policies/%s/decisions".formatted(model)).body("reason", hasItem(reason)));
    }

    private List<TrainingRequested> requested(String model) {
        return TestFacts.told(facts(), TrainingRequested.class).stream()
                .filter(fact -> fact.model().equals(model))
                .toList();
    }

    private List<TrainingCompleted> completed(String model) {
        return completed(model, 1);
    }

    private List<TrainingCompleted> completed(String model, int count) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var runs = requested(model).stream().map(TrainingRequested::run).toList();
            assertThat(TestFacts.told(facts(), TrainingFailed.class))
                    .filteredOn(failed -> runs.contains(failed.run()))
                    .isEmpty();
            assertThat(done(model)).hasSize(count);
        });
        return done(model);
    }

    private List<TrainingCompleted> done(String model) {
        return TestFacts.told(facts(), TrainingCompleted.class).stream()
                .filter(fact -> fact.model().equals(model))
                .toList();
    }

    /// The stories in which the facts of a run were told.
    private List<String> stories(String run) {
        return facts().received().stream()
                .filter(message -> new String(message.getPayload(), StandardCharsets.UTF_8).contains(run))
                .map(message ->
                        message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow())
                .map(metadata -> new String(
                        metadata.getHeaders().lastHeader("ce_correlationid").value(), StandardCharsets.UTF_8))
                .toList();
    }

    private InMemorySink<byte[]> facts() {
        return broker.sink("facts");
    }

    private static ValidatableResponse policy(String model, String fields) {
        return as("eve", WORKSPACE, "engineer")
                .body("{%s}".formatted(fields))
                .put("/api/policies/" + model)
                .then();
    }

    private static ValidatableResponse get(String path) {
        return as("eve", WORKSPACE, "engineer").get(path).then();
    }

    private static RequestSpecification as(String name, String workspace, String role) {
        return given().auth().oauth2(TestLogins.token(name, workspace, role)).contentType("application/json");
    }
}
