package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.Annotator;
import dev.gyre.events.AnswerEvent.AnswersFailed;
import dev.gyre.events.AnswerEvent.AnswersGenerated;
import dev.gyre.events.AnswerEvent.AnswersRequested;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.Fact;
import dev.gyre.events.JudgementEvent.ConsensusReached;
import dev.gyre.events.JudgementEvent.DemonstrationRecorded;
import dev.gyre.events.JudgementEvent.JudgementWithdrawn;
import dev.gyre.events.JudgementEvent.LabelRecorded;
import dev.gyre.events.JudgementEvent.PreferenceRecorded;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleEvent.SampleAccepted;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.common.mapper.TypeRef;
import io.restassured.http.ContentType;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class AnnotationFlowTest {

    private static final String PAIRWISE = "{\"type\":\"PAIRWISE\",\"text\":\"Which answer is better?\"}";

    private final String source = UUID.randomUUID().toString();

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Lent(String task, String lease, List<Shown> candidates) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Shown(String id, int original, String text) {}

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    ObjectMapper json;

    @Inject
    Jdbi jdbi;

    @Test
    void samplesBecomeJudgementsAndAFrozenDataSet() {
        arrives("early", new SampleDocument("How are you?", null, List.of("Fine.", "What?"), Map.of()));
        var project = project(PAIRWISE, 2, "");
        arrives("late", new SampleDocument("And now?", null, List.of("Still fine.", "Hm."), Map.of()));
        awaitOpen(project, 2);

        // both people find the first candidate of the source better
        var judgements = new HashSet<String>();
        for (var person : List.of("ann", "bob")) {
            for (var task : next(person, project, 5)) {
                judgements.add(judge(person, task, choice(task, 0, 2))
                        .statusCode(201)
                        .extract()
                        .path("judgement"));
            }
            assertThat(next(person, project, 5)).isEmpty();
        }
        assertThat(judgements).hasSize(4);
        given().auth()
                .oauth2(manager())
                .get("/api/projects/" + project)
                .then()
                .statusCode(200)
                .body("progress.done", equalTo(2))
                .body("progress.judgements", equalTo(4))
                .body("progress.byAnnotator.size()", equalTo(2))
                .body("agreement.majority.A", equalTo(2))
                .body("agreement.rawAgreement", equalTo(1f));

        var first = freeze(project, 0.5, 7);
        var second = freeze(project, 0.5, 7);

        assertThat(first).extracting("train", "heldOut", "kind").containsExactly(1, 1, "PREFERENCE");
        assertThat(second.get("merkleRoot")).isEqualTo(first.get("merkleRoot"));
        assertThat(lines(first, "judgements")).containsExactlyInAnyOrderElementsOf(judgements);
        assertThat(lines(second, "rows?part=train")).isEqualTo(lines(first, "rows?part=train"));
        var rows = lines(first, "rows?part=train") + "\n" + lines(first, "rows?part=heldOut");
        assertThat(rows)
                .contains("\"prompt\":\"How are you?\",\"chosen\":\"Fine.\",\"rejected\":\"What?\",\"slice\":\"talk\"")
                .contains("\"strength\":2");

        var gone = judgements.iterator().next();
        given().auth()
                .oauth2(manager())
                .delete("/api/judgements/" + gone + "?reason=mistake")
                .then()
                .statusCode(204);

        await().untilAsserted(() -> {
            assertThat(told(PreferenceRecorded.class, project)).hasSize(4).allSatisfy(fact -> {
                assertThat(fact.strength()).isEqualTo(-2);
                assertThat(fact.ranking()).isEqualTo(List.of(List.of("A"), List.of("B")));
                assertThat(fact.annotator().kind()).isEqualTo(Annotator.Kind.HUMAN);
                assertThat(fact.annotator().pseudonym()).startsWith("annotator-");
            });
            assertThat(told(ConsensusReached.class, project)).hasSize(2).allSatisfy(fact -> {
                assertThat(fact.outcome()).isEqualTo("A");
                assertThat(fact.support()).isEqualTo(1);
            });
            assertThat(told(DatasetFrozen.class, project)).hasSize(2);
            assertThat(told(JudgementWithdrawn.class, project)).hasSize(1);
            assertThat(TestFacts.told(broker.sink("facts"), DatasetTainted.class))
                    .filteredOn(fact -> fact.judgements().equals(List.of(gone)))
                    .hasSize(2);
        });
        given().auth()
                .oauth2(manager())
                .get("/api/datasets/" + first.get("dataset"))
                .then()
                .body("tainted", equalTo(List.of(gone)));
        assertThat(given().auth()
                        .oauth2(manager())
                        .get("/api/projects/" + project + "/judgements")
                        .asString()
                        .lines())
                .hasSize(4)
                .filteredOn(line -> line.contains("\"withdrawnReason\":\"mistake\""))
                .hasSize(1);
    }

    @Test
    void annotatorWhoSaysTheOppositeIsNamedWithTheDataSet() {
        for (int sample = 0; sample < 24; sample++) {
            var candidates = sample % 2 == 0 ? List.of("good", "poor") : List.of("poor", "good");
            arrives("s" + sample, new SampleDocument("Prompt " + sample, null, candidates, Map.of()));
        }
        var project = project(PAIRWISE, 3, "");
        awaitOpen(project, 24);

        for (var person : List.of("ann", "bob", "eve")) {
            for (var task : next(person, project, 24)) {
                judge(person, task, choice(task, place(task, person.equals("eve") ? "poor" : "good"), 2))
                        .statusCode(201);
            }
        }

        var annotators = given().auth().oauth2(manager()).get("/api/projects/" + project + "/annotators");
        annotators
                .then()
                .statusCode(200)
                .body("", hasSize(3))
                .body("findAll { it.doubt == null }.kappa", equalTo(List.of(1f, 1f)))
                .body("findAll { it.doubt != null }", hasSize(1))
                .body("find { it.doubt != null }.compared", equalTo(24))
                .body("find { it.doubt != null }.agreed", equalTo(0))
                .body("find { it.doubt != null }.chance", equalTo(0.5f));
        String eve = annotators.path("find { it.doubt != null }.annotator");
        var dataset = freeze(project, 0.5, 7);
        given().auth()
                .oauth2(manager())
                .get("/api/datasets/" + dataset.get("dataset"))
                .then()
                .body("doubts.annotator", equalTo(List.of(eve)));
        await().untilAsserted(() -> assertThat(told(DatasetFrozen.class, project))
                .singleElement()
                .satisfies(frozen -> assertThat(frozen.doubts())
                        .singleElement()
                        .satisfies(doubt -> assertThat(doubt.reason())
                                .isEqualTo(
                                        "%s agreed with the others on 0 of 24 tasks where chance alone gives 12 (κ -1.00, p = 6.0e-08): this annotator says the opposite of what they say."
                                                .formatted(eve)))));
        given().auth()
                .oauth2(annotator("ann"))
                .get("/api/projects/" + project + "/annotators")
                .then()
                .statusCode(403);
    }

    private static int place(Lent task, String text) {
        return task.candidates().stream()
                .filter(candidate -> candidate.text().equals(text))
                .findFirst()
                .orElseThrow()
                .original();
    }

    @Test
    void twentyPeopleAtOnceGiveExactlyTheAnswersWanted() throws Exception {
        for (int sample = 0; sample < 25; sample++) {
            arrives("s" + sample, new SampleDocument("Prompt " + sample, null, List.of("a", "b"), Map.of()));
        }
        var project = project(PAIRWISE, 3, "");
        awaitOpen(project, 25);

        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = IntStream.range(0, 20)
                    .mapToObj(person -> people.submit(() -> judgeAll("person" + person, project)))
                    .toList();
            int given = 0;
            for (Future<Integer> person : work) {
                given += person.get();
            }
            assertThat(given).isEqualTo(75);
        }

        given().auth()
                .oauth2(manager())
                .get("/api/projects/" + project)
                .then()
                .body("progress.done", equalTo(25))
                .body("progress.judgements", equalTo(75));
        await().untilAsserted(() -> assertThat(told(PreferenceRecorded.class, project))
                .hasSize(75)
                .extracting(fact -> fact.task() + fact.annotator().pseudonym())
                .doesNotHaveDuplicates());
        assertThat(told(ConsensusReached.class, project)).hasSize(25);
    }

    private int judgeAll(String person, String project) {
        int given = 0;
        for (var tasks = next(person, project, 2); !tasks.isEmpty(); tasks = next(person, project, 2)) {
            for (var task : tasks) {
                judge(person, task, choice(task, given % 2, 1)).statusCode(201);
                given++;
            }
        }
        return given;
    }

    @Test
    void sameLeaseTwiceIsOneJudgement() {
        arrives("s", new SampleDocument("Prompt", null, List.of("a", "b"), Map.of()));
        var project = project(PAIRWISE, 1, "");
        awaitOpen(project, 1);
        var task = next("ann", project, 1).getFirst();

        String judgement =
                judge("ann", task, choice(task, 1, 3)).statusCode(201).extract().path("judgement");

        judge("ann", task, choice(task, 0, 1)).statusCode(200).body("judgement", equalTo(judgement));
        given().auth().oauth2(manager()).get("/api/projects/" + project).then().body("progress.judgements", equalTo(1));
    }

    @Test
    void expiredLeaseGoesToTheNextPersonAndCountsNoMore() {
        arrives("s", new SampleDocument("Prompt", null, List.of("a", "b"), Map.of()));
        var project = project(PAIRWISE, 1, ",\"leaseSeconds\":1");
        awaitOpen(project, 1);
        var late = next("ann", project, 1).getFirst();
        assertThat(next("bob", project, 1)).isEmpty();

        await().atMost(Duration.ofSeconds(10)).until(() -> {
            var tasks = next("bob", project, 1);
            tasks.forEach(task -> judge("bob", task, choice(task, 0, 1)).statusCode(201));
            return !tasks.isEmpty();
        });

        judge("ann", late, choice(late, 0, 1))
                .statusCode(409)
                .body("detail", containsString("the lease ran out and others have judged"));
    }

    /// Forward: the lease ran out, and the seat is the next person's. Back: it would run out in an hour and more.
    @ParameterizedTest
    @ValueSource(strings = {"- interval '1 hour'", "+ interval '1 hour'"})
    void clockThatJumpsAnHourBlocksNoSeatAndDoublesNoJudgement(String jump) {
        arrives("s", new SampleDocument("Prompt", null, List.of("a", "b"), Map.of()));
        var project = project(PAIRWISE, 1, ",\"leaseSeconds\":600");
        awaitOpen(project, 1);
        var first = next("ann", project, 1).getFirst();
        assertThat(next("bob", project, 1)).isEmpty();

        jdbi.useHandle(handle -> handle.createUpdate("update lease set expires_at = expires_at <jump> where id = :lease")
                .define("jump", jump)
                .bind("lease", first.lease())
                .execute());

        var second = next("bob", project, 1).getFirst();
        judge("bob", second, choice(second, 0, 1)).statusCode(201);
        judge("ann", first, choice(first, 0, 1)).statusCode(409);
        given().auth().oauth2(manager()).get("/api/projects/" + project).then().body("progress.judgements", equalTo(1));
    }

    @Test
    void lateJudgementCountsWhileNobodyElseHasTheSeat() throws InterruptedException {
        arrives("s", new SampleDocument("Prompt", null, List.of("a", "b"), Map.of()));
        var project = project(PAIRWISE, 1, ",\"leaseSeconds\":1");
        awaitOpen(project, 1);
        var task = next("ann", project, 1).getFirst();

        Thread.sleep(1200);

        judge("ann", task, choice(task, 0, 1)).statusCode(201);
    }

    @Test
    void skippedTaskGoesToOthersAndAWithdrawnOneMayBeJudgedAnew() {
        arrives("s", new SampleDocument("Prompt", null, List.of("a", "b"), Map.of()));
        var project = project(PAIRWISE, 1, "");
        awaitOpen(project, 1);
        var skipped = next("ann", project, 1).getFirst();
        given().auth()
                .oauth2(annotator("ann"))
                .get("/api/projects/" + project + "/tasks/held")
                .then()
                .body("", hasSize(1));

        given().auth()
                .oauth2(annotator("ann"))
                .delete("/api/leases/" + skipped.lease())
                .then()
                .statusCode(204);

        assertThat(next("ann", project, 1)).isEmpty();
        var task = next("bob", project, 1).getFirst();
        String judgement = judge("bob", task, "{\"lease\":\"%s\",\"bothBad\":true}".formatted(task.lease()))
                .statusCode(201)
                .extract()
                .path("judgement");
        given().auth()
                .oauth2(annotator("ann"))
                .delete("/api/judgements/" + judgement)
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(annotator("bob"))
                .delete("/api/judgements/" + judgement)
                .then()
                .statusCode(204);
        assertThat(next("bob", project, 1)).hasSize(1);
    }

    @Test
    void modelIsAskedWhereASampleBringsNoCandidates() {
        arrives("one", new SampleDocument("One", null, List.of(), Map.of()));
        arrives("two", new SampleDocument("Two", null, List.of(), Map.of()));
        var project = project(PAIRWISE, 1, ",\"candidates\":{\"model\":\"assistant\",\"count\":2}");
        await().until(() -> requests().size() == 2);
        var asked = requests();

        send(new AnswersGenerated(
                "demo",
                asked.getFirst().task(),
                new ModelVersion("assistant", 3),
                List.of(artifacts.put("demo", "Yes"), artifacts.put("demo", "No"))));
        send(new AnswersFailed("demo", asked.getLast().task(), "no model 'assistant'"));

        awaitOpen(project, 1);
        var task = next("ann", project, 1).getFirst();
        assertThat(texts(task)).containsExactlyInAnyOrder("Yes", "No");
        judge("ann", task, choice(task, 0, 1)).statusCode(201);
        await().untilAsserted(() -> assertThat(told(PreferenceRecorded.class, project))
                .singleElement()
                .satisfies(fact -> assertThat(fact.candidates())
                        .allSatisfy(candidate ->
                                assertThat(candidate.model()).isEqualTo(new ModelVersion("assistant", 3)))));
        given().auth()
                .oauth2(manager())
                .get("/api/projects/" + project)
                .then()
                .body("progress.skipped.answers-failed", equalTo(1));
        assertThat(freeze(project, 0, 1)).extracting("train", "heldOut").containsExactly(1, 0);
    }

    @Test
    void sampleWithoutCandidatesIsCountedWithItsReason() {
        arrives("s", new SampleDocument("Prompt", null, List.of(), Map.of()));
        var project = project(PAIRWISE, 1, "");

        await().untilAsserted(() -> given().auth()
                .oauth2(manager())
                .get("/api/projects/" + project)
                .then()
                .body("progress.tasks", equalTo(0))
                .body("progress.skipped.no-candidates", equalTo(1)));
        given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/projects/" + project + "/datasets")
                .then()
                .statusCode(409)
                .body("detail", containsString("has no judgements to train on"));
    }

    @Test
    void labelsAndDemonstrationsBecomeRowsOfTheirShape() {
        arrives("s", new SampleDocument("Win a prize", null, List.of(), Map.of()));
        var labels = project("{\"type\":\"LABEL\",\"labels\":[\"ham\",\"spam\"]}", 1, "");
        var writing = project("{\"type\":\"DEMONSTRATION\"}", 1, "");
        awaitOpen(labels, 1);
        awaitOpen(writing, 1);

        var label = next("ann", labels, 1).getFirst();
        judge("ann", label, "{\"lease\":\"%s\",\"label\":\"spam\"}".formatted(label.lease()))
                .statusCode(201);
        var text = next("ann", writing, 1).getFirst();
        judge("ann", text, "{\"lease\":\"%s\",\"text\":\"No, thanks.\"}".formatted(text.lease()))
                .statusCode(201);

        assertThat(lines(freeze(labels, 0, 1), "rows?part=train"))
                .singleElement()
                .asString()
                .contains("\"text\":\"Win a prize\",\"label\":\"spam\"");
        assertThat(lines(freeze(writing, 0, 1), "rows?part=train"))
                .singleElement()
                .asString()
                .contains("\"prompt\":\"Win a prize\",\"completion\":\"No, thanks.\"");
        await().untilAsserted(() -> {
            assertThat(told(LabelRecorded.class, labels)).hasSize(1);
            assertThat(told(DemonstrationRecorded.class, writing))
                    .singleElement()
                    .satisfies(fact ->
                            assertThat(artifacts.readText(fact.demonstration())).isEqualTo("No, thanks."));
        });
    }

    @Test
    void simulatedAnnotatorSaysSo() {
        arrives("s", new SampleDocument("Prompt", null, List.of("a", "b"), Map.of()));
        var project = project(PAIRWISE, 1, "");
        awaitOpen(project, 1);
        var robot = TestLogins.token("robot", "demo", "SIMULATED", Instant.now().plusSeconds(600), "annotator");

        List<Lent> tasks = given().auth()
                .oauth2(robot)
                .post("/api/projects/" + project + "/tasks/next")
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
        given().auth()
                .oauth2(robot)
                .contentType(ContentType.JSON)
                .body(choice(tasks.getFirst(), 0, 1))
                .post("/api/tasks/" + tasks.getFirst().task() + "/judgements")
                .then()
                .statusCode(201);

        await().untilAsserted(() -> assertThat(told(PreferenceRecorded.class, project))
                .singleElement()
                .satisfies(fact -> assertThat(fact.annotator().kind()).isEqualTo(Annotator.Kind.SIMULATED)));
    }

    @Test
    void strangersAreRefusedAndOtherWorkspacesDoNotExist() {
        var project = project(PAIRWISE, 1, "");
        var stranger = TestLogins.token("eve", "elsewhere", "annotator", "manager", "engineer");
        var expired = TestLogins.token("ann", "demo", "HUMAN", Instant.now().minusSeconds(60), "annotator");

        given().get("/api/projects").then().statusCode(401);
        given().auth()
                .oauth2(expired)
                .get("/api/projects")
                .then()
                .statusCode(401)
                .body("detail", containsString("the login is missing or has expired"));
        given().auth()
                .oauth2(annotator("ann"))
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/projects")
                .then()
                .statusCode(403);
        given().auth()
                .oauth2(annotator("ann"))
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/projects/" + project + "/datasets")
                .then()
                .statusCode(403);
        for (var path : List.of("", "/agreement", "/annotators", "/judgements")) {
            given().auth()
                    .oauth2(stranger)
                    .get("/api/projects/" + project + path)
                    .then()
                    .statusCode(404);
        }
        given().auth()
                .oauth2(stranger)
                .post("/api/projects/" + project + "/tasks/next")
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(stranger)
                .get("/api/projects")
                .then()
                .statusCode(200)
                .body("", hasSize(0));
    }

    @Test
    void badInputIsAnsweredWithWhatIsWrongAndWhatToDo() {
        refuses("{}", "question.type is null, must be PAIRWISE, RANKING");
        refuses("{\"question\":{\"type\":\"PAIRWISE\"}}", "name has 0 characters");
        refuses("{\"name\":\"n\",\"question\":{\"type\":\"PAIRWISE\"}}", "source is blank");
        refuses(
                "{\"name\":\"n\",\"source\":\"s\",\"question\":{\"type\":\"LABEL\",\"labels\":[\"one\"]}}",
                "question.labels has 1 labels, must have 2 to 50");
        refuses(
                "{\"name\":\"n\",\"source\":\"s\",\"question\":{\"type\":\"PAIRWISE\"},\"answersPerItem\":0}",
                "answersPerItem is 0, must be 1 to 100");
        refuses("{\"name\":", "JSON");

        arrives("s", new SampleDocument("Prompt", null, List.of("a", "b"), Map.of()));
        var project = project(PAIRWISE, 1, "");
        awaitOpen(project, 1);
        given().auth()
                .oauth2(annotator("ann"))
                .post("/api/projects/" + project + "/tasks/next?count=0")
                .then()
                .statusCode(400)
                .body("detail", equalTo("count is 0, must be 1 to 200"));
        var task = next("ann", project, 1).getFirst();
        judge("ann", task, "{}").statusCode(400).body("detail", containsString("lease is missing"));
        judge("ann", task, "{\"lease\":\"x\"}").statusCode(404).body("detail", containsString("no lease 'x' of yours"));
        judge("ann", task, "{\"lease\":\"%s\"}".formatted(task.lease()))
                .statusCode(400)
                .body("detail", containsString("choice is missing"));
        given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"purpose\":\"FUN\"}")
                .post("/api/projects/" + project + "/datasets")
                .then()
                .statusCode(400)
                .body("detail", equalTo("purpose is 'FUN', must be one of [TRAINING, CONTROL]"));
    }

    @Test
    void requestSentAgainUnderItsKeyMakesNothingTwice() {
        arrives("s", new SampleDocument("Who?", null, List.of(), Map.of()));
        var wanted =
                "{\"name\":\"again\",\"source\":\"%s\",\"question\":{\"type\":\"DEMONSTRATION\"}}".formatted(source);
        var key = UUID.randomUUID().toString();

        var project = sentUnder(key, "/api/projects", wanted, 201).<String>path("id");
        assertThat(sentUnder(key, "/api/projects", wanted, 200).<String>path("id"))
                .isEqualTo(project);

        awaitOpen(project, 1);
        var task = next("ann", project, 1).getFirst();
        judge("ann", task, "{\"lease\":\"%s\",\"text\":\"Me.\"}".formatted(task.lease()))
                .statusCode(201);
        var freezing = "/api/projects/" + project + "/datasets";
        var dataset = sentUnder(key, freezing, "{\"heldOutShare\":0}", 201).<String>path("dataset");
        assertThat(sentUnder(key, freezing, "{\"heldOutShare\":0}", 200).<String>path("dataset")).isEqualTo(dataset);
        await().untilAsserted(
                        () -> assertThat(told(DatasetFrozen.class, project)).hasSize(1));
    }

    private static ExtractableResponse<Response> sentUnder(String key, String path, String body, int status) {
        return given().auth()
                .oauth2(manager())
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(body)
                .post(path)
                .then()
                .statusCode(status)
                .extract();
    }

    private void refuses(String body, String detail) {
        given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/projects")
                .then()
                .statusCode(400)
                .body("detail", containsString(detail));
    }

    private static String manager() {
        return TestLogins.token("max", "demo", "manager");
    }

    private static String annotator(String name) {
        return TestLogins.token(name, "demo", "annotator");
    }

    private void arrives(String externalId, SampleDocument document) {
        try {
            var content = artifacts.put("demo", json.writeValueAsBytes(document));
            send(new SampleAccepted("demo", UUID.randomUUID().toString(), source, externalId, "talk", content, null));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void send(Fact fact) {
        broker.source(fact.topic()).send(TestFacts.message(fact));
    }

    private String project(String question, int answersPerItem, String more) {
        return given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"name\":\"%s\",\"source\":\"%s\",\"question\":%s,\"answersPerItem\":%d%s}"
                        .formatted(UUID.randomUUID(), source, question, answersPerItem, more))
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static void awaitOpen(String project, int tasks) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().auth()
                        .oauth2(manager())
                        .get("/api/projects/" + project)
                        .then()
                        .body("progress.open", equalTo(tasks)));
    }

    private static List<Lent> next(String person, String project, int count) {
        return given().auth()
                .oauth2(annotator(person))
                .post("/api/projects/" + project + "/tasks/next?count=" + count)
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
    }

    private static ValidatableResponse judge(String person, Lent task, String body) {
        return given().auth()
                .oauth2(annotator(person))
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/tasks/" + task.task() + "/judgements")
                .then();
    }

    private static List<String> texts(Lent task) {
        return task.candidates().stream().map(Shown::text).toList();
    }

    private static String choice(Lent task, int original, int strength) {
        var id = task.candidates().stream()
                .filter(candidate -> candidate.original() == original)
                .findFirst()
                .orElseThrow()
                .id();
        return "{\"lease\":\"%s\",\"choice\":\"%s\",\"strength\":%d}".formatted(task.lease(), id, strength);
    }

    private static Map<String, Object> freeze(String project, double heldOutShare, long seed) {
        return new HashMap<>(given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"heldOutShare\":%s,\"seed\":%d}".formatted(heldOutShare, seed))
                .post("/api/projects/" + project + "/datasets")
                .then()
                .statusCode(201)
                .extract()
                .<Map<String, Object>>path(""));
    }

    private static List<String> lines(Map<String, Object> dataset, String what) {
        return given().auth()
                .oauth2(manager())
                .get("/api/datasets/" + dataset.get("dataset") + "/" + what)
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .toList();
    }

    /// A request does not name its project; only one test makes any.
    private List<AnswersRequested> requests() {
        return TestFacts.told(broker.sink("facts"), AnswersRequested.class);
    }

    private <F extends Fact> List<F> told(Class<F> type, String project) {
        return TestFacts.told(broker.sink("facts"), type).stream()
                .filter(fact -> json.valueToTree(fact).get("project").asText().equals(project))
                .toList();
    }
}
