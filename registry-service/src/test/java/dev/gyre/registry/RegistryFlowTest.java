package dev.gyre.registry;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.artifacts.Digests;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.EvaluationFailed;
import dev.gyre.events.EvaluationEvent.Score;
import dev.gyre.events.EvaluationEvent.Verdict;
import dev.gyre.events.Fact;
import dev.gyre.events.ModelEvent;
import dev.gyre.events.ModelEvent.AliasMoved;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.ChampionRolledBack;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelFile;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.RecipeSpec;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingProgressed;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.events.TrainingEvent.TrainingStarted;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jspecify.annotations.Nullable;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = PostgresTestResource.class, initArgs = @ResourceArg(name = "schema", value = "registry"))
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class RegistryFlowTest {

    private static final String DEMO = "demo";
    private static final byte[] WEIGHTS = safetensors(1, 60_000);

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    Jdbi jdbi;

    /// On a busy machine everything takes its time.
    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    @Test
    void importedVersionIsExaminedCrownedAndHandedOut() {
        var imported = importModel("tiny", WEIGHTS);

        assertThat(imported).isEqualTo(1);
        await().untilAsserted(
                        () -> assertThat(told(VersionRegistered.class, "tiny")).hasSize(1));
        assertThat(told(VersionRegistered.class, "tiny").getFirst().run()).isNull();
        hub().get("/demo/tiny/resolve/main/config.json")
                .then()
                .statusCode(404)
                .header("X-Error-Code", "RevisionNotFound")
                .header("X-Error-Message", containsString("no champion yet"));

        evaluated("tiny", 1, null, Verdict.PASS);

        await().untilAsserted(() -> assertThat(told(ChampionPromoted.class, "tiny"))
                .singleElement()
                .satisfies(fact -> assertThat(fact.previous()).isNull()));
        as("ann", "engineer")
                .get("/api/registry/models/tiny")
                .then()
                .statusCode(200)
                .body("champion", equalTo(1))
                .body("versions[0].state", equalTo("CHAMPION"))
                .body("versions[0].evaluations[0].verdict", equalTo("PASS"))
                .body("versions[0].evaluations[0].scores[0].low", equalTo(0.01f));
        as("ann", "engineer")
                .get("/api/registry/models/tiny/versions/1")
                .then()
                .statusCode(200)
                .body("files.path", contains("README.md", "config.json", "model.safetensors"))
                .body("files.find { it.path == 'model.safetensors' }.sha256", equalTo(Digests.sha256(WEIGHTS)))
                .body("lineage.base", nullValue())
                .body("card", containsString("license: \"apache-2.0\""));
        var bytes = hub().get("/demo/tiny/resolve/main/model.safetensors")
                .then()
                .statusCode(200)
                .header("ETag", "\"" + Digests.sha256(WEIGHTS) + "\"")
                .extract()
                .asByteArray();
        assertThat(bytes).isEqualTo(WEIGHTS);
    }

    @Test
    void finishedRunBecomesTheNextVersionOnceAndItsVerdictDecides() {
        importModel("assistant", WEIGHTS);
        crown("assistant", 1, null);
        var run = UUID.randomUUID().toString();
        var completed = completed(run, "assistant", new ModelVersion("assistant", 1), "ds-1");
        var event = UUID.randomUUID().toString();

        broker.source("trainings").send(TestFacts.message(completed, event, run));
        broker.source("trainings").send(TestFacts.message(completed, event, run));
        broker.source("trainings")
                .send(TestFacts.message(completed, UUID.randomUUID().toString(), run));

        await().untilAsserted(() ->
                assertThat(told(VersionRegistered.class, "assistant")).hasSize(2));
        var registered = told(VersionRegistered.class, "assistant").getLast();
        assertThat(registered.model()).isEqualTo(new ModelVersion("assistant", 2));
        assertThat(registered.base()).isEqualTo(new ModelVersion("assistant", 1));
        assertThat(registered.files()).extracting(ModelFile::path).contains("README.md", "adapter/adapter_config.json");
        assertThat(correlation(VersionRegistered.class, "assistant@2")).isEqualTo(run);
        as("ann", "engineer")
                .get("/api/registry/models/assistant/versions/2")
                .then()
                .statusCode(200)
                .body("state", equalTo("CANDIDATE"))
                .body("lineage.training.run", equalTo(run))
                .body("lineage.training.seed", equalTo(7))
                .body("lineage.training.codeVersion", equalTo("abc123"))
                .body("lineage.bases[0].number", equalTo(1))
                .body("card", containsString("base_model: \"demo/assistant\""));

        evaluated("assistant", 2, 1, Verdict.INCONCLUSIVE);

        await().untilAsserted(() -> assertThat(told(CandidateRejected.class, "assistant"))
                .singleElement()
                .satisfies(fact -> assertThat(fact.reasons()).containsExactly("because of the figures")));
        as("ann", "engineer")
                .get("/api/registry/models/assistant")
                .then()
                .body("champion", equalTo(1))
                .body("versions.find { it.version == 2 }.state", equalTo("REJECTED"));
        assertThat(told(VersionRegistered.class, "assistant")).hasSize(2);
    }

    @Test
    void verdictAgainstAFormerChampionIsStaleAndOneCanGoBack() {
        for (var version = 1; version <= 4; version++) {
            importModel("circle", safetensors(version, 400));
        }
        crown("circle", 1, null);
        crown("circle", 2, 1);
        crown("circle", 3, 2);

        evaluated("circle", 4, 2, Verdict.PASS);

        await().untilAsserted(() -> assertThat(told(CandidateRejected.class, "circle"))
                .singleElement()
                .satisfies(fact ->
                        assertThat(fact.reasons().getFirst()).startsWith("compared with v2 but v3 is champion")));

        as("pia", "publisher")
                .contentType(ContentType.JSON)
                .body(Map.of("to", 4, "reason", "try it"))
                .post("/api/registry/models/circle/rollback")
                .then()
                .statusCode(409)
                .body("detail", containsString("was champion before: v2, v1"));
        as("pia", "publisher")
                .contentType(ContentType.JSON)
                .body(Map.of("to", 2, "reason", "v3 is rude"))
                .post("/api/registry/models/circle/rollback")
                .then()
                .statusCode(200)
                .body("champion", equalTo(2));

        await().untilAsserted(() -> assertThat(told(ChampionRolledBack.class, "circle"))
                .singleElement()
                .satisfies(fact -> {
                    assertThat(fact.from()).isEqualTo(3);
                    assertThat(fact.by()).isEqualTo("pia");
                }));
        as("ann", "engineer")
                .get("/api/registry/models/circle")
                .then()
                .body("champion", equalTo(2))
                .body("versions.findAll { it.state == 'CHAMPION' }", hasSize(1))
                .body("versions.find { it.version == 3 }.state", equalTo("RETIRED"));
    }

    @Test
    void championThatFellShortIsRolledBackOnceWithTheReason() {
        importModel("fallen", safetensors(1, 400));
        importModel("fallen", safetensors(2, 400));
        crown("fallen", 1, null);
        crown("fallen", 2, 1);
        var fell = fellShort("fallen", 2, 1);
        var event = id();

        broker.source("evaluations").send(TestFacts.message(fell, event, "story"));
        broker.source("evaluations").send(TestFacts.message(fell, event, "story"));
        broker.source("evaluations").send(TestFacts.message(fell, id(), "story"));

        await().untilAsserted(() -> assertThat(told(ChampionRolledBack.class, "fallen"))
                .singleElement()
                .satisfies(fact -> {
                    assertThat(fact.model()).isEqualTo(new ModelVersion("fallen", 1));
                    assertThat(fact.from()).isEqualTo(2);
                    assertThat(fact.by()).isEqualTo("gyre");
                    assertThat(fact.reason()).isEqualTo(fell.reason());
                }));
        as("ann", "engineer")
                .get("/api/registry/models/fallen")
                .then()
                .body("champion", equalTo(1))
                .body("versions.find { it.version == 2 }.state", equalTo("RETIRED"))
                .body("versions.find { it.version == 2 }.evaluations[0].verdict", equalTo("FELL_SHORT"))
                .body("versions.find { it.version == 2 }.evaluations[0].champion", equalTo("fallen@1"))
                .body("versions.find { it.version == 2 }.evaluations[0].outcome", equalTo("ROLLED_BACK"));

        evaluated("fallen", 2, 1, Verdict.PASS);
        awaitOutcome("fallen", 2, "KEPT", 1);
        as("pia", "publisher")
                .contentType(ContentType.JSON)
                .body(Map.of("to", 2, "reason", "I like it"))
                .post("/api/registry/models/fallen/rollback")
                .then()
                .statusCode(200);
        send("evaluations", fellShort("fallen", 2, 1));
        awaitOutcome("fallen", 2, "KEPT", 2);
        as("ann", "engineer").get("/api/registry/models/fallen").then().body("champion", equalTo(2));
        assertThat(told(ChampionPromoted.class, "fallen")).hasSize(2);
    }

    private static void awaitOutcome(String name, int number, String outcome, int times) {
        await().untilAsserted(() -> as("ann", "engineer")
                .get("/api/registry/models/%s/versions/%d".formatted(name, number))
                .then()
                .body("evaluations.findAll { it.outcome == '%s' }".formatted(outcome), hasSize(times)));
    }

    private static ChampionFellShort fellShort(String name, int number, int predecessor) {
        return new ChampionFellShort(
                DEMO,
                id(),
                new ModelVersion(name, number),
                new ModelVersion(name, predecessor),
                25,
                20,
                200,
                20,
                0.7,
                1e-9,
                0.0025,
                "20 of 25 ratings are bad");
    }

    @Test
    void versionThatCannotBeExaminedIsRejected() {
        importModel("broken", WEIGHTS);

        send("evaluations", new EvaluationFailed(DEMO, id(), new ModelVersion("broken", 1), null, "tensor w is cut"));

        await().untilAsserted(() -> assertThat(told(CandidateRejected.class, "broken"))
                .singleElement()
                .satisfies(
                        fact -> assertThat(fact.reasons()).containsExactly("the examination failed: tensor w is cut")));
    }

    @Test
    void aliasesMoveExceptTheProtectedOnes() {
        importModel("named", WEIGHTS);

        point("named", "stable", 1).statusCode(200).body("number", equalTo(1));
        point("named", "champion", 1).statusCode(400).body("detail", containsString("rollback"));
        point("named", "main", 1).statusCode(400).body("detail", containsString("rollback"));
        point("named", "stable", 9).statusCode(404);

        await().untilAsserted(() -> assertThat(told(AliasMoved.class, "named")).hasSize(1));
        hub().get("/demo/named/resolve/stable/config.json").then().statusCode(200);
        hub().get("/api/models/demo/named/refs")
                .then()
                .statusCode(200)
                .body("branches.name", contains("stable"))
                .body("tags.name", contains("v1"));
    }

    @Test
    void foreignPicklesAndBrokenFilesAreRefusedAndNothingIsKept() {
        var work = begin("foreign");

        put(work, "pytorch_model.bin", new byte[] {1})
                .statusCode(400)
                .contentType("application/problem+json")
                .body("detail", containsString("convert the weights to safetensors"));
        put(work, "modeling.py", new byte[] {1}).statusCode(400).body("detail", containsString("program"));
        put(work, "config.json", "{".getBytes(StandardCharsets.UTF_8))
                .statusCode(400)
                .body("detail", containsString("line 1"));
        put(work, "model.safetensors", Arrays.copyOf(WEIGHTS, WEIGHTS.length - 1))
                .statusCode(400)
                .body("detail", containsString("cut short"));
        as("pia", "publisher")
                .get("/api/registry/imports/" + work)
                .then()
                .statusCode(200)
                .body("files", hasSize(0));
        complete(work).statusCode(400).body("detail", containsString("config.json is missing"));
        as("pia", "publisher").post("/api/registry/models/a--b/imports").then().statusCode(400);
    }

    @Test
    void completedImportNeverChanges() {
        var work = begin("frozen");
        put(work, "config.json", "{}".getBytes(StandardCharsets.UTF_8)).statusCode(200);
        put(work, "model.safetensors", WEIGHTS).statusCode(200).body("sha256", equalTo(Digests.sha256(WEIGHTS)));

        complete(work).statusCode(201).body("version", equalTo(1));
        complete(work).statusCode(201).body("version", equalTo(1));
        put(work, "config.json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)).statusCode(409);
    }

    @Test
    void hubClientsAreAnsweredInTheirWords() {
        var weights = safetensors(5, 200_000);
        importModel("hub", weights);
        crown("hub", 1, null);
        var sha = hub().get("/api/models/demo/hub/revision/champion?expand=sha&expand=siblings")
                .then()
                .statusCode(200)
                .body("id", equalTo("demo/hub"))
                .body("private", equalTo(true))
                .body("siblings.rfilename", hasItems("config.json", "model.safetensors", "README.md"))
                .extract()
                .<String>path("sha");
        assertThat(sha).matches("[0-9a-f]{40}");

        for (var revision : List.of("main", "HEAD", "champion", "v1", sha)) {
            hub().head("/demo/hub/resolve/" + revision + "/model.safetensors")
                    .then()
                    .statusCode(200)
                    .header("Content-Length", Integer.toString(weights.length))
                    .header("X-Repo-Commit", sha)
                    .header("X-Linked-Size", Integer.toString(weights.length))
                    .header("X-Linked-Etag", "\"" + Digests.sha256(weights) + "\"")
                    .header("Accept-Ranges", "bytes");
        }
        hub().header("Range", "bytes=0-0")
                .get("/demo/hub/resolve/main/model.safetensors")
                .then()
                .statusCode(206)
                .header("Content-Range", "bytes 0-0/" + weights.length)
                .header("Content-Length", "1")
                .header("X-Repo-Commit", sha);
        var tail = hub().header("Range", "bytes=150000-")
                .get("/demo/hub/resolve/main/model.safetensors")
                .then()
                .statusCode(206)
                .extract()
                .asByteArray();
        assertThat(tail).isEqualTo(Arrays.copyOfRange(weights, 150_000, weights.length));
        hub().header("Range", "bytes=99999999-")
                .get("/demo/hub/resolve/main/model.safetensors")
                .then()
                .statusCode(416)
                .header("Content-Range", "bytes */" + weights.length);
        hub().get("/api/models/demo/hub/tree/main?recursive=true&expand=false")
                .then()
                .statusCode(200)
                .body("find { it.path == 'model.safetensors' }.lfs.oid", equalTo(Digests.sha256(weights)))
                .body("find { it.path == 'config.json' }.oid", equalTo("9e26dfeeb6e641a33dae4961196235bdb965b21b"))
                .body("find { it.path == 'config.json' }.lfs", nullValue());
        hub().contentType("application/x-www-form-urlencoded")
                .formParam("paths", "config.json")
                .post("/api/models/demo/hub/paths-info/main")
                .then()
                .statusCode(200)
                .body("path", contains("config.json"));
        hub().contentType(ContentType.JSON)
                .body(Map.of("paths", List.of("model.safetensors"), "expand", true))
                .post("/api/models/demo/hub/paths-info/main")
                .then()
                .statusCode(200)
                .body("[0].lastCommit.id", equalTo(sha));
        given().header("Authorization", "Bearer hf_" + TestLogins.token("app", DEMO, "service"))
                .get("/demo/hub/resolve/main/config.json")
                .then()
                .statusCode(200);
        hub().get("/api/whoami-v2").then().statusCode(200).body("orgs.name", contains("demo"));
        hub().get("/api/models?author=demo&search=hub").then().statusCode(200).body("id", hasItem("demo/hub"));
        hub().get("/demo/hub/resolve/main/vocab.json")
                .then()
                .statusCode(404)
                .header("X-Error-Code", "EntryNotFound")
                .header("X-Repo-Commit", sha);
        hub().get("/demo/hub/resolve/v9/config.json").then().statusCode(404).header("X-Error-Code", "RevisionNotFound");
        hub().get("/api/models/demo/nothing").then().statusCode(404).header("X-Error-Code", "RepoNotFound");
    }

    @Test
    void corruptedBytesBreakTheTransferOff() throws Exception {
        var weights = safetensors(11, 300_000);
        importModel("corrupt", weights);
        var address = URI.create("http://127.0.0.1:%s/demo/corrupt/resolve/v1/model.safetensors".formatted(port()));
        var request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + TestLogins.token("app", DEMO, "service"))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(weights);

            corrupt(weights);

            assertThatThrownBy(() -> client.send(request, BodyHandlers.ofByteArray()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void strangersAreToldNothing() {
        importModel("secret", WEIGHTS);

        given().get("/api/registry/models").then().statusCode(401);
        given().get("/api/activity").then().statusCode(401);
        given().get("/api/models/demo/secret")
                .then()
                .statusCode(401)
                .header("X-Error-Code", "RepoNotFound")
                .header("WWW-Authenticate", containsString("Bearer"));
        given().get("/demo/secret/resolve/v1/config.json")
                .then()
                .statusCode(401)
                .header("X-Error-Message", containsString("Bearer"));
        given().head("/demo/secret/resolve/v1/config.json").then().statusCode(401);
        given().auth()
                .oauth2(TestLogins.token("old", DEMO, "HUMAN", Instant.now().minusSeconds(600), "service"))
                .get("/demo/secret/resolve/v1/config.json")
                .then()
                .statusCode(401);

        as("ann", "annotator").get("/demo/secret/resolve/v1/config.json").then().statusCode(403);
        as("ann", "annotator").get("/api/activity").then().statusCode(403);
        as("eve", "engineer").post("/api/registry/models/x/imports").then().statusCode(403);
        as("eve", "engineer")
                .contentType(ContentType.JSON)
                .body(Map.of("to", 1, "reason", "x"))
                .post("/api/registry/models/secret/rollback")
                .then()
                .statusCode(403);

        var other = given().auth().oauth2(TestLogins.token("eve", "other", "publisher", "engineer", "operator"));
        other.get("/api/registry/models/secret").then().statusCode(404);
        other.get("/api/registry/models/secret/versions/1").then().statusCode(404);
        other.get("/api/registry/models/secret/versions/1/judgements").then().statusCode(404);
        other.get("/api/models/demo/secret").then().statusCode(404).header("X-Error-Code", "RepoNotFound");
        other.get("/demo/secret/resolve/v1/config.json").then().statusCode(404);
        other.get("/api/registry/models").then().statusCode(200).body("items", hasSize(0));
        other.header("Gyre-Workspace", DEMO).get("/api/registry/models").then().statusCode(404);
    }

    @Test
    void readmeThatCameWithAModelStaysBesideTheCard() {
        var work = begin("described");
        put(work, "README.md", "What its makers say.".getBytes(StandardCharsets.UTF_8))
                .statusCode(200);
        put(work, "config.json", "{}".getBytes(StandardCharsets.UTF_8)).statusCode(200);
        put(work, "model.safetensors", WEIGHTS).statusCode(200);
        as("pia", "publisher")
                .contentType(ContentType.JSON)
                .body(Map.of("card", Map.of("license", "mit")))
                .post("/api/registry/imports/" + work + "/complete")
                .then()
                .statusCode(201);

        hub().get("/api/models/demo/described/revision/v1")
                .then()
                .body("siblings.rfilename", hasItems("README.md", "README.original.md"));
        hub().get("/demo/described/resolve/v1/README.original.md")
                .then()
                .statusCode(200)
                .body(equalTo("What its makers say."));
    }

    @Test
    void trailThatSomebodyEditedShowsWhereItWasBroken() {
        for (var attempt = 1; attempt <= 4; attempt++) {
            hear(new TrainingStarted("trail", "run-of-trail", "cpu", attempt), "run-of-trail");
        }
        var operator = TestLogins.token("tia", "trail", "operator");
        await().untilAsserted(() -> given().auth()
                .oauth2(operator)
                .get("/api/activity/trail")
                .then()
                .statusCode(200)
                .body("entries", equalTo(4))
                .body("brokenAt", nullValue())
                .body("head", matchesPattern("[0-9a-f]{64}")));

        var third = jdbi.withHandle(handle -> handle.createQuery(
                        "select id from activity where workspace = 'trail' order by id offset 2 limit 1")
                .mapTo(Integer.class)
                .one());
        jdbi.useHandle(handle -> handle.execute(
                "update activity set payload = jsonb_set(payload, '{attempt}', '7') where id = ?", third));

        given().auth()
                .oauth2(operator)
                .get("/api/activity/trail")
                .then()
                .statusCode(200)
                .body("brokenAt", equalTo(third));
        jdbi.useHandle(handle -> handle.execute("delete from activity where id = ?", third));
        given().auth().oauth2(operator).get("/api/activity/trail").then().body("brokenAt", equalTo(third + 1));
        as("ann", "engineer").get("/api/activity/trail").then().statusCode(403);
    }

    @Test
    void everyJudgementLeadsToItsModelsAndBack() {
        importModel("traced", WEIGHTS);
        freeze("ds-a", List.of("j1", "j2", "j3"));
        freeze("ds-b", List.of("j3", "j4"));
        send("trainings", completed("run-a", "traced", new ModelVersion("traced", 1), "ds-a"));
        await().untilAsserted(() ->
                assertThat(told(VersionRegistered.class, "traced")).hasSize(2));
        send("trainings", completed("run-b", "traced", new ModelVersion("traced", 2), "ds-b"));
        await().untilAsserted(() ->
                assertThat(told(VersionRegistered.class, "traced")).hasSize(3));

        await().untilAsserted(() -> as("ann", "engineer")
                .get("/api/registry/judgements/j3/models")
                .then()
                .statusCode(200)
                .body("models.version", contains(2, 3, 3))
                .body("models.direct", contains(true, false, true)));
        as("ann", "engineer").get("/api/registry/judgements/j4/models").then().body("models.version", contains(3));
        as("ann", "engineer")
                .get("/api/registry/judgements/nobody/models")
                .then()
                .statusCode(404);
        await().untilAsserted(() -> assertThat(as("ann", "engineer")
                        .get("/api/registry/models/traced/versions/3/judgements")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString()
                        .lines())
                .containsExactly(
                        "{\"judgement\":\"j3\",\"dataset\":\"ds-b\",\"model\":\"traced@3\"}",
                        "{\"judgement\":\"j4\",\"dataset\":\"ds-b\",\"model\":\"traced@3\"}",
                        "{\"judgement\":\"j1\",\"dataset\":\"ds-a\",\"model\":\"traced@2\"}",
                        "{\"judgement\":\"j2\",\"dataset\":\"ds-a\",\"model\":\"traced@2\"}",
                        "{\"judgement\":\"j3\",\"dataset\":\"ds-a\",\"model\":\"traced@2\"}"));
        as("ann", "engineer")
                .get("/api/registry/models/traced/versions/3")
                .then()
                .body("lineage.bases.number", contains(2, 1))
                .body("lineage.datasets.merkleRoot", contains("root-of-ds-b", "root-of-ds-a"));
    }

    @Test
    void replayedDataSetsAreFollowedToTheirJudgementsAndNamedInTheCard() {
        importModel("replaying", WEIGHTS);
        freeze("ds-new", List.of("n1", "n2"));
        freeze("ds-past", List.of("p1", "n2"));
        send(
                "trainings",
                completed(
                        "run-replay",
                        "replaying",
                        new ModelVersion("replaying", 1),
                        "ds-new",
                        List.of(new Replay("ds-past", 40))));
        await().untilAsserted(() ->
                assertThat(told(VersionRegistered.class, "replaying")).hasSize(2));
        send("trainings", completed("run-after", "replaying", new ModelVersion("replaying", 2), "ds-new"));
        await().untilAsserted(() ->
                assertThat(told(VersionRegistered.class, "replaying")).hasSize(3));

        await().untilAsserted(() -> as("ann", "engineer")
                .get("/api/registry/judgements/p1/models")
                .then()
                .statusCode(200)
                .body("models.version", contains(2, 3))
                .body("models.dataset", contains("ds-past", "ds-past"))
                .body("models.direct", contains(true, false)));
        as("ann", "engineer")
                .get("/api/registry/judgements/n2/models")
                .then()
                .body("models.version", contains(2, 2, 3, 3))
                .body("models.dataset", contains("ds-new", "ds-past", "ds-new", "ds-past"))
                .body("models.direct", contains(true, true, true, false));
        await().untilAsserted(() -> assertThat(as("ann", "engineer")
                        .get("/api/registry/models/replaying/versions/2/judgements")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString()
                        .lines())
                .containsExactly(
                        "{\"judgement\":\"n1\",\"dataset\":\"ds-new\",\"model\":\"replaying@2\"}",
                        "{\"judgement\":\"n2\",\"dataset\":\"ds-new\",\"model\":\"replaying@2\"}",
                        "{\"judgement\":\"p1\",\"dataset\":\"ds-past\",\"model\":\"replaying@2\"}",
                        "{\"judgement\":\"n2\",\"dataset\":\"ds-past\",\"model\":\"replaying@2\"}"));
        as("ann", "engineer")
                .get("/api/registry/models/replaying/versions/2")
                .then()
                .body("lineage.datasets.dataset", contains("ds-new", "ds-past"))
                .body("lineage.training.replay.dataset", contains("ds-past"))
                .body("lineage.training.replay.rows", contains(40))
                .body("card", containsString("| replayed | 40 rows of data set `ds-past` |"))
                .body("card", containsString("- \"demo/ds-past\""));
    }

    @Test
    void runInAStoryThatBeganWithAnAlarmIsFoundByItsId() {
        var alarm = id();
        var first = id();
        var second = id();
        for (var run : List.of(first, second)) {
            hear(
                    new TrainingRequested(
                            DEMO,
                            run,
                            "alarmed",
                            new ModelVersion("alarmed", 1),
                            "ds-" + run,
                            recipe(),
                            7,
                            "Campaign cmp-1 brought 84 new rows",
                            List.of(new Replay("ds-past", 40))),
                    alarm);
            hear(new TrainingStarted(DEMO, run, "cpu", 1), alarm);
        }
        hear(
                completed(
                        first,
                        "alarmed",
                        new ModelVersion("alarmed", 1),
                        "ds-" + first,
                        List.of(new Replay("ds-past", 40))),
                alarm);
        hear(
                new VersionRegistered(
                        DEMO,
                        new ModelVersion("alarmed", 2),
                        first,
                        new ModelVersion("alarmed", 1),
                        "ds-" + first,
                        "ab".repeat(32),
                        List.of()),
                alarm);
        hear(verdict("alarmed", 2, 1, Verdict.PASS), alarm);
        hear(new ChampionPromoted(DEMO, new ModelVersion("alarmed", 2), 1, "e"), alarm);

        await().untilAsserted(() -> as("oda", "operator")
                .get("/api/runs/" + first)
                .then()
                .statusCode(200)
                .body("run", equalTo(first))
                .body("story", equalTo(alarm))
                .body("reason", equalTo("Campaign cmp-1 brought 84 new rows"))
                .body("state", equalTo("alarmed@2 is champion"))
                .body("stages[1].details", hasItem("40 of them replayed from ds-past"))
                .body("facts", hasSize(8)));
        as("oda", "operator")
                .get("/api/runs/" + second)
                .then()
                .body("state", equalTo("training begins"))
                .body("version", nullValue())
                .body("stages.state", contains("DONE", "RUNNING", "WAITING", "WAITING", "WAITING"));
    }

    @Test
    void runIsToldFromItsRequestToItsVerdict() throws Exception {
        var run = id();
        var model = new ModelVersion("story", 2);
        hear(
                new TrainingRequested(
                        DEMO,
                        run,
                        "story",
                        new ModelVersion("story", 1),
                        "ds-s",
                        recipe(),
                        7,
                        "asked by ann",
                        List.of()),
                run);
        hear(new TrainingStarted(DEMO, run, "cpu", 1), run);
        hear(new TrainingProgressed(DEMO, run, 1, 2, 0.7, 100), run);
        hear(new TrainingProgressed(DEMO, run, 2, 2, 0.5, 110), run);
        hear(completed(run, "story", new ModelVersion("story", 1), "ds-s"), run);
        hear(
                new VersionRegistered(
                        DEMO, model, run, new ModelVersion("story", 1), "ds-s", "ab".repeat(32), List.of()),
                run);
        hear(verdict("story", 2, 1, Verdict.PASS), run);
        hear(new ChampionPromoted(DEMO, model, 1, "e"), run);

        await().untilAsserted(() -> as("oda", "operator")
                .get("/api/runs/" + run)
                .then()
                .statusCode(200)
                .body("version", equalTo("story@2"))
                .body("state", equalTo("story@2 is champion"))
                .body("stages.name", contains("judge", "train", "register", "examine", "decide"))
                .body("stages.state", contains("DONE", "DONE", "DONE", "DONE", "DONE"))
                .body("steps.loss", contains(0.7f, 0.5f))
                .body("facts", hasSize(8)));
        hear(fellShort("story", 2, 1), run);
        hear(new ChampionRolledBack(DEMO, new ModelVersion("story", 1), 2, "gyre", "20 of 25 ratings are bad"), run);
        await().untilAsserted(() -> as("oda", "operator")
                .get("/api/runs/" + run)
                .then()
                .body("state", equalTo("story@2 made way for story@1"))
                .body("stages[4].details", contains("20 of 25 ratings are bad"))
                .body(
                        "facts.summary",
                        hasItems(
                                "story@2 is worse than story@1: 20 of 25 ratings are bad",
                                "story@1 is champion again instead of v2")));
        as("oda", "operator")
                .get("/api/activity/counts")
                .then()
                .statusCode(200)
                .body("trainings", greaterThanOrEqualTo(5))
                .body("drift", notNullValue());
        as("oda", "operator")
                .get("/api/activity?topic=trainings&correlation=" + run)
                .then()
                .body("items", hasSize(5))
                .body("items[0].payload.run", equalTo(run))
                .body("items.summary", not(hasItem("")));
        as("oda", "operator").get("/api/activity?topic=nonsense").then().statusCode(400);
        as("oda", "operator").get("/api/runs/nothing").then().statusCode(404);
        var third = as("oda", "operator")
                .get("/api/activity?correlation=" + run)
                .then()
                .extract()
                .<Integer>path("items[2].id");
        assertThat(firstEventAfter(third, run)).contains("\"type\":\"TrainingProgressed\"", "step 2 of 2");
    }

    private static String firstEventAfter(int id, String run) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%s/api/activity/stream?correlation=%s".formatted(port(), run)))
                .header("Authorization", "Bearer " + TestLogins.token("oda", DEMO, "operator"))
                .header("Last-Event-ID", Integer.toString(id))
                .build();
        try (var client = HttpClient.newHttpClient();
                var lines = new BufferedReader(new InputStreamReader(
                        client.send(request, BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    client.shutdownNow();
                    return line;
                }
            }
        }
        return "";
    }

    @Test
    void operatorsSeeTheirPages() {
        as("oda", "operator")
                .get("/")
                .then()
                .statusCode(200)
                .contentType(ContentType.HTML)
                .header("Content-Security-Policy", containsString("default-src 'self'"))
                .body(containsString("oda"));
        as("oda", "operator")
                .get("/runs/{run}", "<script>")
                .then()
                .statusCode(200)
                .body(containsString("data-run=\"&lt;script&gt;\""));
        as("oda", "operator").get("/registry/operations.js").then().statusCode(200);
        as("ann", "annotator").get("/").then().statusCode(403);
        given().get("/").then().statusCode(401);
    }

    @Test
    void factHeardTwiceIsShownOnce() {
        var run = id();
        var event = id();
        var fact = new TrainingStarted(DEMO, run, "cpu", 1);

        broker.source("activity").send(TestFacts.message(fact, event, run));
        broker.source("activity").send(TestFacts.message(fact, event, run));
        hear(new TrainingStarted(DEMO, run, "cpu", 2), run);

        await().untilAsserted(() -> as("oda", "operator")
                .get("/api/activity?correlation=" + run)
                .then()
                .body("items", hasSize(2)));
    }

    private int importModel(String name, byte[] weights) {
        var work = begin(name);
        put(work, "config.json", "{}".getBytes(StandardCharsets.UTF_8)).statusCode(200);
        put(work, "model.safetensors", weights).statusCode(200);
        return as("pia", "publisher")
                .contentType(ContentType.JSON)
                .body(Map.of("card", Map.of("license", "apache-2.0")))
                .post("/api/registry/imports/" + work + "/complete")
                .then()
                .statusCode(201)
                .extract()
                .path("version");
    }

    private static String begin(String name) {
        return as("pia", "publisher")
                .post("/api/registry/models/" + name + "/imports")
                .then()
                .statusCode(201)
                .extract()
                .path("import");
    }

    private static ValidatableResponse put(String work, String path, byte[] content) {
        return as("pia", "publisher")
                .contentType("application/octet-stream")
                .body(content)
                .put("/api/registry/imports/%s/files/%s".formatted(work, path))
                .then();
    }

    private static ValidatableResponse complete(String work) {
        return as("pia", "publisher")
                .post("/api/registry/imports/" + work + "/complete")
                .then();
    }

    private static ValidatableResponse point(String name, String alias, int version) {
        return as("pia", "publisher")
                .contentType(ContentType.JSON)
                .body(Map.of("version", version))
                .put("/api/registry/models/%s/aliases/%s".formatted(name, alias))
                .then();
    }

    private void crown(String name, int number, @Nullable Integer champion) {
        evaluated(name, number, champion, Verdict.PASS);
        await().untilAsserted(() -> assertThat(told(ChampionPromoted.class, name))
                .extracting(fact -> fact.model().number())
                .contains(number));
    }

    private void evaluated(String name, int number, @Nullable Integer champion, Verdict verdict) {
        send("evaluations", verdict(name, number, champion, verdict));
    }

    private static EvaluationCompleted verdict(String name, int number, @Nullable Integer champion, Verdict verdict) {
        return new EvaluationCompleted(
                DEMO,
                id(),
                new ModelVersion(name, number),
                champion == null ? null : new ModelVersion(name, champion),
                null,
                verdict,
                List.of("because of the figures"),
                List.of(new Score("ds", "all", "preference-accuracy", 0.6, 0.65, 0.05, 0.01, 0.09, 100, 0.6)),
                null);
    }

    private TrainingCompleted completed(String run, String model, ModelVersion base, String dataset) {
        return completed(run, model, base, dataset, List.of());
    }

    private TrainingCompleted completed(
            String run, String model, ModelVersion base, String dataset, List<Replay> replay) {
        return new TrainingCompleted(
                DEMO,
                run,
                model,
                base,
                dataset,
                recipe(),
                7,
                "abc123",
                "cpu",
                100,
                12.5,
                900,
                Map.of("loss", 0.5),
                replay,
                List.of(
                        file("config.json", "{}".getBytes(StandardCharsets.UTF_8)),
                        file("model.safetensors", safetensors(3, 400)),
                        file("adapter/adapter_config.json", "{}".getBytes(StandardCharsets.UTF_8))));
    }

    private static RecipeSpec recipe() {
        return new RecipeSpec("dpo", "lora", Map.of("beta", "0.1"));
    }

    private ModelFile file(String path, byte[] content) {
        return new ModelFile(path, artifacts.put(DEMO, content));
    }

    private void freeze(String dataset, List<String> judgements) {
        var list = artifacts.put(DEMO, String.join("\n", judgements) + "\n");
        send(
                "lineage",
                new DatasetFrozen(
                        DEMO,
                        dataset,
                        "p",
                        "first",
                        Kind.PREFERENCE,
                        Purpose.TRAINING,
                        new Part(list, judgements.size()),
                        new Part(list, 0),
                        "root-of-" + dataset,
                        list,
                        judgements.size(),
                        null,
                        null,
                        List.of()));
    }

    private void corrupt(byte[] weights) throws Exception {
        var ref = artifacts.put(DEMO, weights);
        var settings = ConfigProvider.getConfig();
        try (var client = MinioClient.builder()
                .endpoint(settings.getValue("gyre.s3.endpoint", String.class))
                .credentials(
                        settings.getValue("gyre.s3.access-key", String.class),
                        settings.getValue("gyre.s3.secret-key", String.class))
                .region("us-east-1")
                .build()) {
            var broken = weights.clone();
            broken[weights.length / 2] ^= 1;
            client.putObject(PutObjectArgs.builder()
                    .bucket(ref.location().getHost())
                    .object(ref.location().getPath().substring(1))
                    .data(broken, broken.length)
                    .build());
        }
    }

    private void send(String channel, Fact fact) {
        broker.source(channel).send(TestFacts.message(fact));
    }

    private void hear(Fact fact, String correlation) {
        broker.source("activity").send(TestFacts.message(fact, id(), correlation));
    }

    private <F extends ModelEvent> List<F> told(Class<F> type, String model) {
        return TestFacts.told(facts(), type).stream()
                .filter(fact -> fact.model().name().equals(model))
                .toList();
    }

    private String correlation(Class<?> type, String model) {
        return facts().received().stream()
                .filter(message -> {
                    var text = new String(message.getPayload(), StandardCharsets.UTF_8);
                    var version = model.split("@");
                    return text.contains("\"" + type.getSimpleName() + "\"")
                            && text.contains("\"name\":\"%s\",\"number\":%s".formatted(version[0], version[1]))
                            && !text.contains(
                                    "\"base\":{\"name\":\"%s\",\"number\":%s".formatted(version[0], version[1]));
                })
                .map(message ->
                        message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow())
                .map(metadata -> new String(
                        metadata.getHeaders().lastHeader("ce_correlationid").value(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }

    private InMemorySink<byte[]> facts() {
        return broker.sink("facts");
    }

    private static RequestSpecification as(String name, String... roles) {
        return given().auth().oauth2(TestLogins.token(name, DEMO, roles));
    }

    private static RequestSpecification hub() {
        return as("app", "service");
    }

    private static String port() {
        return ConfigProvider.getConfig().getValue("quarkus.http.test-port", String.class);
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static byte[] safetensors(long seed, int floats) {
        var header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                .formatted(floats, 4 * floats)
                .getBytes(StandardCharsets.US_ASCII);
        var data = new byte[4 * floats];
        new Random(seed).nextBytes(data);
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }
}
