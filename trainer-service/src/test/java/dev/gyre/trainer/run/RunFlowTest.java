package dev.gyre.trainer.run;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Cause;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.DatasetEvent;
import dev.gyre.events.Fact;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelFile;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.RecipeSpec;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingCancelled;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingFailed;
import dev.gyre.events.TrainingEvent.TrainingProgressed;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.events.TrainingEvent.TrainingStarted;
import dev.gyre.events.TrainingEvent;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.training.Progress;
import dev.gyre.llm.training.Training;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingListener;
import dev.gyre.llm.training.TrainingOutcome;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class RunFlowTest {

    private static final String WORKSPACE = "demo";
    private static final ModelVersion BASE = new ModelVersion("assistant", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path shared;

    /// Made by whichever test comes first.
    @SuppressWarnings("NullAway.Init")
    private static Path base;

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    Jdbi jdbi;

    @Inject
    RunConfig config;

    @BeforeEach
    void aBaseIsRegistered() {
        if (base != null) {
            return;
        }
        base = TinyBase.make(shared);
        hear(TinyBase.registered(artifacts, WORKSPACE, BASE, base));
        hear(new ChampionPromoted(WORKSPACE, BASE, null, "e-1"));
        await().atMost(PATIENCE)
                .until(() ->
                        Integer.valueOf(1).equals(read("/api/models/assistant").path("champion")));
    }

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        assertThat(config.device()).isEqualTo("auto");
        assertThat(config.lease()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.pulse()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.progressInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.poll()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.minimumRows()).isEqualTo(8);
    }

    @Test
    void aPreferenceRunTrainsAndTellsItsWholeStory() throws Exception {
        frozen("pairs", Kind.PREFERENCE, pairs(24));

        var run = start("assistant@champion", "pairs", "dpo", Map.of("epochs", "2"), 7);
        var completed = completed(run);

        assertThat(completed.model()).isEqualTo("assistant");
        assertThat(completed.base()).isEqualTo(BASE);
        assertThat(completed.dataset()).isEqualTo("pairs");
        assertThat(completed.rows()).isEqualTo(24);
        assertThat(completed.device()).isEqualTo("cpu");
        assertThat(completed.codeVersion()).isNotBlank();
        assertThat(completed.tokensPerSecond()).isPositive();
        assertThat(completed.metrics()).containsKeys("loss", "firstLoss", "accuracy", "steps", "tokens");
        assertThat(completed.files())
                .extracting(ModelFile::path)
                .contains(
                        "config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "adapter/adapter_config.json",
                        "adapter/adapter_model.safetensors");
        for (var file : completed.files()) {
            assertThat(artifacts.read(file.content()))
                    .hasSize((int) file.content().bytes());
        }
        assertThat(told(TrainingRequested.class, run)).hasSize(1);
        assertThat(told(TrainingStarted.class, run))
                .extracting(TrainingStarted::attempt)
                .containsExactly(1);
        assertThat(told(TrainingProgressed.class, run)).isNotEmpty();
        get("/api/runs/" + run)
                .statusCode(200)
                .body("state", equalTo("COMPLETED"))
                .body("rows", equalTo(24))
                .body("step", equalTo(6))
                .body("steps", equalTo(6))
                .body("files", hasItem("model.safetensors"));
        get("/api/runs").statusCode(200).body("run", hasItem(run));
        assertThat(config.work().resolve(run)).doesNotExist();
    }

    @Test
    void aClassifierIsTrainedOnLabelsAndAnEncoderAlone() throws Exception {
        var reader = TinyBase.encoder(shared.resolve("encoder"), List.of("free", "money", "hello", "song"));
        hear(TinyBase.registered(artifacts, WORKSPACE, new ModelVersion("comments", 1), reader));
        await().atMost(PATIENCE).until(() -> read("/api/models/comments").statusCode() == 200);
        frozen("spam", Kind.LABEL, "{\"text\":\"free money\",\"label\":\"spam\"}\n{\"text\":\"hello song\",\"label\":\"ham\"}\n".repeat(8));
        frozen("written", Kind.SUPERVISED, demonstrations(16));

        var completed = completed(start("comments@1", "spam", "classification", Map.of("epochs", "30"), 1));

        assertThat(completed.recipe().adapter()).isEqualTo("frozen");
        assertThat(completed.rows()).isEqualTo(16);
        assertThat(completed.metrics().get("loss")).isLessThan(completed.metrics().get("firstLoss"));
        assertThat(completed.files())
                .extracting(ModelFile::path)
                .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json");
        var config = completed.files().stream()
                .filter(file -> file.path().equals("config.json"))
                .findFirst()
                .orElseThrow();
        assertThat(artifacts.readText(config.content()))
                .contains("BertForSequenceClassification", "\"0\" : \"ham\"", "\"spam\" : 1");
        assertThat(failure(start("assistant@1", "spam", "classification", Map.of(), 1)))
                .contains("method classification needs an encoder", "base holds a model that writes");
        assertThat(failure(start("comments@1", "written", "supervised", Map.of(), 1)))
                .contains("base holds an encoder, which does not write");
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        frozen("twice", Kind.SUPERVISED, demonstrations(16));

        var first = completed(start("assistant@1", "twice", "supervised", Map.of("epochs", "1"), 3));
        var second = completed(start("assistant@1", "twice", "supervised", Map.of("epochs", "1"), 3));
        var other = completed(start("assistant@1", "twice", "supervised", Map.of("epochs", "1"), 4));

        assertThat(weights(second)).isEqualTo(weights(first));
        assertThat(weights(other)).isNotEqualTo(weights(first));
    }

    @Test
    void aRunReplaysEarlierRowsAndSaysHowManyItLearnedFrom() throws Exception {
        frozen("past", Kind.SUPERVISED, demonstrations(30) + tooLong(10));
        frozen("fresh", Kind.SUPERVISED, demonstrations(12));
        var replay = List.of(new Replay("past", 40));

        var mixed = completed(replaying("fresh", replay, 3));
        var again = completed(replaying("fresh", replay, 3));
        var without = completed(replaying("fresh", List.of(), 3));

        assertThat(mixed.replay()).containsExactly(new Replay("past", 30));
        assertThat(mixed.rows()).isEqualTo(42);
        assertThat(mixed.metrics()).containsEntry("rowsLeftOut", 10.0).doesNotContainKey("rowsOf.past");
        assertThat(weights(again)).isEqualTo(weights(mixed));
        assertThat(without.replay()).isEmpty();
        assertThat(weights(without)).isNotEqualTo(weights(mixed));
        get("/api/runs/" + mixed.run())
                .body("replay.dataset", contains("past"))
                .body("replay.rows", contains(30))
                .body("why", equalTo("asked for by eve"));
    }

    @Test
    void aKilledRunResumesWithTheSameReplayedRows() throws Exception {
        frozen("past-2", Kind.SUPERVISED, demonstrations(30));
        frozen("fresh-2", Kind.SUPERVISED, demonstrations(12));
        var straight = completed(replaying("fresh-2", List.of(new Replay("past-2", 7)), 3));
        var run = UUID.randomUUID().toString();
        var folder = RunFolder.of(config.work(), run);
        Files.createDirectories(folder.job());
        Files.writeString(folder.fresh(), demonstrations(12));
        Files.writeString(folder.past(0), demonstrations(30));
        Mixture.write(folder.fresh(), List.of(new Mixture.Drawn("past-2", folder.past(0), 7)), 3, folder.rows());
        var recipe = Recipe.of("supervised", "lora", Map.of("epochs", "1"));
        var job = new TrainingJob(base, folder.rows(), recipe, 3, folder.job(), "cpu");
        assertThat(Training.run(job, stoppingAt(1))).isEqualTo(new TrainingOutcome.Cancelled(1));
        spentAnHour(folder.job());

        insertRunning(run, "fresh-2", Map.of("epochs", "1"), 3, 1, 0, List.of(new Replay("past-2", 7)));
        var completed = completed(run);

        assertThat(weights(completed)).isEqualTo(weights(straight));
        assertThat(completed.replay()).containsExactly(new Replay("past-2", 7));
        assertThat(completed.seconds()).isGreaterThan(3600);
    }

    @Test
    void aReplayThatCannotBeIsRefusedWithItsReason() {
        frozen("mine", Kind.SUPERVISED, demonstrations(12));
        frozen("pairwise", Kind.PREFERENCE, pairs(12));
        frozen("small", Kind.SUPERVISED, demonstrations(9));
        frozen("control", Kind.SUPERVISED, Purpose.CONTROL, demonstrations(12));

        refused("[{\"dataset\":\"mine\",\"rows\":3}]", 400, "which the run learns from already");
        refused(
                "[{\"dataset\":\"pairwise\",\"rows\":3}]",
                400,
                "it is of kind PREFERENCE, data set 'mine' of kind SUPERVISED");
        refused(
                "[{\"dataset\":\"small\",\"rows\":10}]",
                400,
                "replay.rows of data set 'small' is 10, must be at most its 9 rows");
        refused("[{\"dataset\":\"small\",\"rows\":0}]", 400, "replay.rows of data set 'small' is 0, must be 1 or more");
        refused("[{\"dataset\":\"control\",\"rows\":3}]", 400, "it is a control, deliberately broken");
        refused("[{\"rows\":3}]", 400, "replay.dataset is missing");
        refused("[{\"dataset\":\"nowhere\",\"rows\":3}]", 404, "replay names data set 'nowhere'");
        refused("[{\"dataset\":\"small\",\"rows\":3}],\"replayShare\":0.5", 400, "both given");
        refused("[],\"replayShare\":0.95", 400, "replayShare is 0.95, must be 0 to 0.9");
    }

    private static void refused(String replay, int status, String reason) {
        post("/api/runs", """
                        {"model":"assistant","base":"assistant@1","dataset":"mine","recipe":{"method":"supervised"},
                        "replay":%s}""".formatted(replay)).statusCode(status).body("detail", containsString(reason));
    }

    private static String replaying(String dataset, List<Replay> replay, long seed) {
        var body = Map.of(
                "model",
                "assistant",
                "base",
                "assistant@1",
                "dataset",
                dataset,
                "recipe",
                Map.of("method", "supervised", "settings", Map.of("epochs", "1")),
                "seed",
                seed,
                "replay",
                replay);
        return given().auth()
                .oauth2(engineer())
                .contentType("application/json")
                .body(body)
                .post("/api/runs")
                .then()
                .statusCode(202)
                .extract()
                .path("run");
    }

    @Test
    void aRunWhoseWorkerWasKilledIsResumedFromItsCheckpoint() throws Exception {
        var settings = Map.of("epochs", "4", "batch", "4", "learningRate", "1e-3");
        var rows = demonstrations(16);
        frozen("killed", Kind.SUPERVISED, rows);
        var straight = completed(start("assistant@1", "killed", "supervised", settings, 5));
        var run = UUID.randomUUID().toString();
        var folder = RunFolder.of(config.work(), run);
        Files.createDirectories(folder.job());
        Files.writeString(folder.rows(), rows);
        var job =
                new TrainingJob(base, folder.rows(), Recipe.of("supervised", "lora", settings), 5, folder.job(), "cpu");
        assertThat(Training.run(job, stoppingAt(9))).isEqualTo(new TrainingOutcome.Cancelled(9));
        spentAnHour(folder.job());

        insertRunning(run, "killed", settings, 5, 1, 0);
        var completed = completed(run);

        assertThat(weights(completed)).isEqualTo(weights(straight));
        assertThat(completed.seconds()).isGreaterThan(3600);
        assertThat(told(TrainingStarted.class, run))
                .extracting(TrainingStarted::attempt)
                .containsExactly(2);
        assertThat(told(TrainingCompleted.class, run)).hasSize(1);
    }

    /// As on a full disk: nothing can be written where the run works, until somebody makes room.
    @Test
    void aRunThatCannotWriteWaitsAndEndsOnceItCan() throws Exception {
        frozen("no-room", Kind.SUPERVISED, demonstrations(16));
        var run = UUID.randomUUID().toString();
        var place = RunFolder.of(config.work(), run).root();
        Files.createDirectories(place.getParent());
        Files.writeString(place, "in the way");

        insertRunning(run, "no-room", Map.of("steps", "2", "batch", "4"), 0, 1, 0);
        await().atMost(PATIENCE)
                .until(() -> String.valueOf(read("/api/runs/" + run).<String>path("reason"))
                        .contains("cannot fetch artifact"));
        assertThat(told(TrainingFailed.class, run)).isEmpty();
        Files.delete(place);

        assertThat(completed(run).run()).isEqualTo(run);
    }

    /// The times in the row were written before the clock of the database went back by an hour.
    @Test
    void aRunWhoseTimesTheClockLeftBehindIsTakenUp() {
        frozen("left-behind", Kind.SUPERVISED, demonstrations(16));
        var lost = UUID.randomUUID().toString();
        var waiting = UUID.randomUUID().toString();

        for (var run : List.of(lost, waiting)) {
            insertRunning(run, "left-behind", Map.of("steps", "2", "batch", "4"), 0, 1, 0, List.of(), "+ interval '1 hour'");
        }
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update run set state = 'QUEUED', next_attempt_at = lease_until where id = :run and state = 'RUNNING'")
                .bind("run", waiting)
                .execute());

        assertThat(completed(lost).run()).isEqualTo(lost);
        assertThat(completed(waiting).run()).isEqualTo(waiting);
    }

    @Test
    void aRunThatKeepsKillingItsProcessIsGivenUp() {
        frozen("deadly", Kind.SUPERVISED, demonstrations(16));
        var run = UUID.randomUUID().toString();

        insertRunning(run, "deadly", Map.of(), 0, 3, 2);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told(TrainingFailed.class, run))
                        .singleElement()
                        .extracting(TrainingFailed::reason)
                        .asString()
                        .contains("3 attempts", "process died"));
        assertThat(told(TrainingStarted.class, run)).isEmpty();
    }

    @Test
    void aRunIsCancelledWhileItRunsAndWhileItWaits() {
        frozen("long", Kind.SUPERVISED, demonstrations(16));
        var endless = Map.of("steps", "1000000");
        var running = start("assistant@1", "long", "supervised", endless, 1);
        var waiting = start("assistant@1", "long", "supervised", endless, 1);
        await().atMost(PATIENCE).until(() -> read("/api/runs/" + running).path("step") != null);

        post("/api/runs/%s/cancel".formatted(waiting), "").statusCode(200).body("state", equalTo("CANCELLED"));
        post("/api/runs/%s/cancel".formatted(running), "").statusCode(200).body("state", equalTo("CANCELLING"));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(told(TrainingCancelled.class, running)).hasSize(1));
        assertThat(told(TrainingCancelled.class, waiting))
                .singleElement()
                .satisfies(cancelled -> assertThat(cancelled.by()).isEqualTo("eve"));
        get("/api/runs/" + running).body("state", equalTo("CANCELLED")).body("cancelledBy", equalTo("eve"));
        assertThat(told(TrainingStarted.class, waiting)).isEmpty();
        assertThat(told(TrainingCompleted.class, running)).isEmpty();
    }

    @Test
    void aRequestSentAgainUnderItsKeyIsTheSameRun() {
        frozen("again", Kind.SUPERVISED, demonstrations(16));
        var body = request("assistant", "assistant@1", "again", "supervised", "{\"steps\":\"1\"}");

        var first = sentUnder("key-1", body);
        var second = sentUnder("key-1", body);

        assertThat(second).isEqualTo(first);
        assertThat(told(TrainingRequested.class, first)).hasSize(1);
    }

    private static String sentUnder(String key, String body) {
        return given().auth()
                .oauth2(engineer())
                .header("Idempotency-Key", key)
                .contentType("application/json")
                .body(body)
                .post("/api/runs")
                .then()
                .statusCode(202)
                .extract()
                .path("run");
    }

    @Test
    void theProgressOfARunIsStreamedUntilItEnds() {
        frozen("watched", Kind.SUPERVISED, demonstrations(16));
        var run = start("assistant@1", "watched", "supervised", Map.of("epochs", "1"), 1);

        var events = given().auth()
                .oauth2(engineer())
                .accept("text/event-stream")
                .get("/api/runs/%s/progress".formatted(run))
                .then()
                .statusCode(200)
                .extract()
                .asString();

        assertThat(events).contains("data:").contains("\"state\":\"COMPLETED\"");
        get("/api/runs/%s".formatted(run)).body("state", equalTo("COMPLETED"));
    }

    @Test
    void everythingWrongWithARequestIsSaidAtOnce() {
        frozen("labels", Kind.LABEL, "{\"text\":\"a\",\"label\":\"b\"}\n".repeat(10));

        post("/api/runs", request("../x", "assistant", "labels", "dpo", "{\"batch\":\"0\"}"))
                .statusCode(400)
                .contentType("application/problem+json")
                .body(
                        "detail",
                        allOf(
                                containsString("model is '../x'"),
                                containsString("base is 'assistant', must be NAME@NUMBER or NAME@champion"),
                                containsString("batch is 0, must be a whole number of 1 or more"),
                                containsString(
                                        "dataset 'labels' is of kind LABEL, but method 'dpo' needs PREFERENCE; use method 'classification'")));
        post("/api/runs", request("assistant", "assistant@1", "labels", "rhlf", "{}"))
                .statusCode(400)
                .body("detail", containsString("method is rhlf, must be supervised, dpo or classification"));
        post("/api/runs", "{\"modle\":\"assistant\"}").statusCode(400).body("detail", containsString("modle"));
        post("/api/runs", "").statusCode(400);
    }

    @Test
    void whatIsUnknownIs404WithWhatIsKnown() {
        frozen("known", Kind.PREFERENCE, pairs(10));

        post("/api/runs", request("assistant", "assistant@7", "nothing", "dpo", "{}"))
                .statusCode(404)
                .body(
                        "detail",
                        allOf(
                                containsString("no version 7 of 'assistant' (yet); it knows 1"),
                                containsString("dataset is 'nothing'"),
                                containsString("known")));
        post("/api/runs", request("assistant", "poet@champion", "known", "dpo", "{}"))
                .statusCode(404)
                .body("detail", containsString("no model 'poet' (yet); it knows assistant"));
        get("/api/datasets/nothing").statusCode(404);
        get("/api/models/poet").statusCode(404);
        get("/api/runs/nothing").statusCode(404);
        get("/api/datasets/known").statusCode(200).body("train", equalTo(10)).body("kind", equalTo("PREFERENCE"));
    }

    @Test
    void rowsThatTeachNothingAreRefusedBeforeAnythingIsComputed() {
        frozen("same", Kind.PREFERENCE, "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"b\"}\n".repeat(10));
        frozen("broken", Kind.SUPERVISED, demonstrations(9) + "{\"prompt\":\"a\"}\n");
        frozen(
                "lengthy",
                Kind.SUPERVISED,
                "{\"prompt\":\"a\",\"completion\":\"%s\"}\n"
                        .formatted("b c ".repeat(99))
                        .repeat(10));

        assertThat(failure(start("assistant@1", "same", "dpo", Map.of(), 0)))
                .contains("almost nothing to learn: 0 of 10 rows");
        assertThat(failure(start("assistant@1", "broken", "supervised", Map.of(), 0)))
                .contains("row 10: 'completion' is missing");
        assertThat(failure(start("assistant@1", "lengthy", "supervised", Map.of(), 0)))
                .contains("all 10 rows have more than 48 tokens");
        assertThat(completed(start("assistant@1", "lengthy", "supervised", Map.of("tooLong", "cut"), 0))
                        .metrics())
                .containsEntry("rowsCut", 10.0);
    }

    @Test
    void aCheckpointOfAnotherShapeFailsTheRunAndNamesTheTensor() throws Exception {
        frozen("good", Kind.SUPERVISED, demonstrations(16));
        var wrong = Files.createDirectories(shared.resolve("wrong"));
        for (var path : RunFolder.files(base)) {
            Files.copy(base.resolve(path), wrong.resolve(path));
        }
        var json = Files.readString(wrong.resolve("config.json"));
        Files.writeString(
                wrong.resolve("config.json"),
                json.replaceFirst("\"intermediate_size\"\\s*:\\s*64", "\"intermediate_size\":65"));
        hear(TinyBase.registered(artifacts, WORKSPACE, new ModelVersion("crooked", 1), wrong));
        await().atMost(PATIENCE).until(() -> read("/api/models/crooked").statusCode() == 200);

        var run = start("crooked@1", "good", "supervised", Map.of(), 0);

        assertThat(failure(run))
                .contains("model.safetensors", "mlp", "65", "64")
                .doesNotContain(run);
    }

    @Test
    void nobodyElseMayTrainAndOtherWorkspacesSeeNothing() {
        frozen("ours", Kind.PREFERENCE, pairs(10));
        var body = request("assistant", "assistant@1", "ours", "dpo", "{}");
        var annotator = TestLogins.token("ann", WORKSPACE, "annotator");
        var stranger = TestLogins.token("sam", "elsewhere", "engineer");
        var run = start("assistant@1", "ours", "dpo", Map.of("steps", "1"), 0);

        given().contentType("application/json")
                .body(body)
                .post("/api/runs")
                .then()
                .statusCode(401);
        given().auth()
                .oauth2(annotator)
                .contentType("application/json")
                .body(body)
                .post("/api/runs")
                .then()
                .statusCode(403);
        given().auth().oauth2(annotator).get("/api/runs").then().statusCode(403);
        given().auth()
                .oauth2(stranger)
                .contentType("application/json")
                .body(body)
                .post("/api/runs")
                .then()
                .statusCode(404)
                .body("detail", containsString("it knows none"));
        given().auth().oauth2(stranger).get("/api/runs/" + run).then().statusCode(404);
        given().auth()
                .oauth2(stranger)
                .get("/api/runs/%s/progress".formatted(run))
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(stranger)
                .post("/api/runs/%s/cancel".formatted(run))
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(stranger)
                .get("/api/datasets")
                .then()
                .statusCode(200)
                .body("size()", equalTo(0));
        given().auth()
                .oauth2(stranger)
                .get("/api/models")
                .then()
                .statusCode(200)
                .body("size()", equalTo(0));
        completed(run);
        post("/api/runs/%s/cancel".formatted(run), "").statusCode(409);
    }

    private static String engineer() {
        return TestLogins.token("eve", WORKSPACE, "engineer");
    }

    private static Response read(String path) {
        return given().auth().oauth2(engineer()).get(path);
    }

    private static ValidatableResponse get(String path) {
        return read(path).then();
    }

    private static ValidatableResponse post(String path, String body) {
        return given().auth()
                .oauth2(engineer())
                .contentType("application/json")
                .body(body)
                .post(path)
                .then();
    }

    private static String request(String model, String base, String dataset, String method, String settings) {
        return """
                {"model":"%s","base":"%s","dataset":"%s","recipe":{"method":"%s","adapter":"lora","settings":%s},"seed":1}""".formatted(model, base, dataset, method, settings);
    }

    private static String start(String base, String dataset, String method, Map<String, String> settings, long seed) {
        var body = Map.of(
                "model",
                "assistant",
                "base",
                base,
                "dataset",
                dataset,
                "recipe",
                Map.of("method", method, "settings", settings),
                "seed",
                seed);
        return given().auth()
                .oauth2(engineer())
                .contentType("application/json")
                .body(body)
                .post("/api/runs")
                .then()
                .statusCode(202)
                .extract()
                .path("run");
    }

    private TrainingCompleted completed(String run) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(told(TrainingFailed.class, run)).isEmpty();
            assertThat(told(TrainingCompleted.class, run)).hasSize(1);
        });
        return told(TrainingCompleted.class, run).getFirst();
    }

    private String failure(String run) {
        await().atMost(PATIENCE).until(() -> !told(TrainingFailed.class, run).isEmpty());
        return told(TrainingFailed.class, run).getFirst().reason();
    }

    private <E extends TrainingEvent> List<E> told(Class<E> type, String run) {
        InMemorySink<byte[]> facts = broker.sink("facts");
        return TestFacts.told(facts, type).stream()
                .filter(event -> event.run().equals(run))
                .toList();
    }

    private void hear(Fact fact) {
        broker.source(fact.topic()).send(TestFacts.message(fact));
    }

    private void frozen(String id, Kind kind, String rows) {
        frozen(id, kind, Purpose.TRAINING, rows);
    }

    private void frozen(String id, Kind kind, Purpose purpose, String rows) {
        var count = (int) rows.lines().count();
        var part = new Part(artifacts.put(WORKSPACE, rows), count);
        DatasetEvent frozen = new DatasetFrozen(
                WORKSPACE, id, "p-1", id, kind, purpose, part, part, "00", part.rows(), count, null, null, List.of());
        hear(frozen);
        await().atMost(PATIENCE).until(() -> read("/api/datasets/" + id).statusCode() == 200);
    }

    private void insertRunning(
            String run, String dataset, Map<String, String> settings, long seed, int attempt, int setbacks) {
        insertRunning(run, dataset, settings, seed, attempt, setbacks, List.of());
    }

    private void insertRunning(
            String run,
            String dataset,
            Map<String, String> settings,
            long seed,
            int attempt,
            int setbacks,
            List<Replay> replay) {
        insertRunning(run, dataset, settings, seed, attempt, setbacks, replay, "- interval '1 second'");
    }

    /// @param lease from now, when it runs out
    private void insertRunning(
            String run,
            String dataset,
            Map<String, String> settings,
            long seed,
            int attempt,
            int setbacks,
            List<Replay> replay,
            String lease) {
        var requested = new TrainingRequested(
                WORKSPACE,
                run,
                "assistant",
                BASE,
                dataset,
                new RecipeSpec("supervised", "lora", settings),
                seed,
                "asked for by eve",
                replay);
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into run (id, workspace, requested, requested_by, cause, state, attempt, setbacks, lease_until)
                        values (:id, :workspace, :requested, 'eve', :cause, 'RUNNING', :attempt, :setbacks, now() <lease>)""")
                .define("lease", lease)
                .bind("id", run)
                .bind("workspace", WORKSPACE)
                .bind("requested", requested)
                .bind("cause", Cause.outside(run).encoded())
                .bind("attempt", attempt)
                .bind("setbacks", setbacks)
                .execute());
    }

    private static TrainingListener stoppingAt(int step) {
        return new TrainingListener() {
            private int reached;

            @Override
            public void progressed(Progress progress) {
                reached = progress.step();
            }

            @Override
            public boolean cancelled() {
                return reached >= step;
            }
        };
    }

    /// Makes the checkpoint tell that an hour was spent on it, which only a resumed training can know.
    private static void spentAnHour(Path job) throws Exception {
        for (var path : RunFolder.files(job)) {
            if (path.endsWith("state.json")) {
                var file = job.resolve(path);
                Files.writeString(
                        file,
                        Files.readString(file).replaceFirst("\"seconds\"\\s*:\\s*[0-9.E-]+", "\"seconds\":3600.0"));
            }
        }
    }

    private static String weights(TrainingCompleted completed) {
        return completed.files().stream()
                .filter(file -> file.path().equals("model.safetensors"))
                .map(file -> file.content().sha256())
                .collect(Collectors.joining());
    }

    private static String pairs(int count) {
        return IntStream.range(0, count).mapToObj(i -> """
                        {"prompt":"the cat %d","chosen":" sat on the mat","rejected":" ran to the dog","slice":"cats"}
                        """.formatted(i)).collect(Collectors.joining());
    }

    private static String tooLong(int count) {
        return "{\"prompt\":\"a\",\"completion\":\"%s\"}\n"
                .formatted("b c ".repeat(99))
                .repeat(count);
    }

    private static String demonstrations(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"prompt\":\"the dog %d\",\"completion\":\" ran to the cat\"}\n".formatted(i))
                .collect(Collectors.joining());
    }
}
