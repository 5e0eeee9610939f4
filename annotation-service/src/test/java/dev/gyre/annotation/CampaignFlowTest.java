package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.AnswerEvent.AnswersGenerated;
import dev.gyre.events.AnswerEvent.AnswersRequested;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.CampaignEvent.CampaignClosed;
import dev.gyre.events.CampaignEvent.CampaignOpened;
import dev.gyre.events.CampaignEvent.Outcome;
import dev.gyre.events.DatasetEvent;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.DriftEvent.Concern;
import dev.gyre.events.DriftEvent.DriftCleared;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Drifted;
import dev.gyre.events.Fact;
import dev.gyre.events.JudgementEvent;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.SampleDocument;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.common.mapper.TypeRef;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// From an alarm to a data set, over the API and the facts alone.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class CampaignFlowTest {

    private static final String WRITING = "{\"type\":\"DEMONSTRATION\"}";
    private static final String LABELS = "{\"type\":\"LABEL\",\"labels\":[\"ham\",\"spam\"]}";

    /// No two tests share a model.
    private final String model = "model-" + UUID.randomUUID();

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Lent(String task, String lease, String prompt, List<Shown> candidates) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Shown(String id, String text) {}

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
    void alarmOpensACampaignWhoseAnswersAreFrozenOnce() {
        plan(WRITING, "\"name\":\"New world\",\"budget\":6,\"minimum\":4,\"heldOutShare\":0.5");
        var drift = alarm(Concern.INPUT, List.of("one", "two", "two", "three", "four", "five", "six", "seven"));
        broker.source("drift").send(TestFacts.message(drift, "first", "the-story"));

        var opened = awaitOpened(drift);
        broker.source("drift").send(TestFacts.message(drift, "first", "the-story"));
        send(drift);

        assertThat(opened)
                .extracting(CampaignOpened::tasks, CampaignOpened::budget)
                .containsExactly(6, 6);
        assertThat(opened.reason()).contains("The prompts moved.").contains("6 most instructive");
        campaign(opened)
                .body("state", equalTo("OPEN"))
                .body("name", equalTo("New world 1"))
                .body("explanation", equalTo("The prompts moved."))
                .body("tasks", equalTo(6));
        var tasks = awaitTasks(opened, 6);
        // the most instructive first, each prompt once, and no answer of the model that could be taken for the truth
        assertThat(tasks).extracting(Lent::prompt).containsExactly("one", "two", "three", "four", "five", "six");
        assertThat(tasks).allSatisfy(task -> assertThat(task.candidates()).isEmpty());
        tasks.forEach(task -> judge("ann", task, "\"text\":\"A good answer to " + task.prompt() + "\""));

        var closed = awaitClosed(opened);
        assertThat(closed.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(closed.reason()).isEqualTo("All 6 tasks are answered, with 6 judgements.");
        var frozen = told(DatasetFrozen.class, fact -> opened.campaign().equals(fact.campaign()));
        assertThat(frozen).singleElement().satisfies(fact -> {
            assertThat(fact.dataset()).isEqualTo(closed.dataset());
            assertThat(fact.model()).isEqualTo(model);
            assertThat(fact.name()).isEqualTo("New world 1");
            assertThat(fact.purpose()).isEqualTo(Purpose.TRAINING);
            assertThat(fact.judgementCount()).isEqualTo(6);
            assertThat(fact.heldOut().count()).isBetween(1, 5);
            assertThat(artifacts.readText(fact.train().rows())
                            + artifacts.readText(fact.heldOut().rows()))
                    .contains("\"prompt\":\"two\",\"completion\":\"A good answer to two\",\"slice\":\"new\"")
                    .doesNotContain("what the model said");
        });
        campaign(opened)
                .body("state", equalTo("CLOSED"))
                .body("outcome", equalTo("ANSWERED"))
                .body("dataset", equalTo(closed.dataset()))
                .body("judgements", equalTo(6));
        assertThat(storiesOf(CampaignOpened.TOPIC, opened.campaign())).containsOnly("the-story");
        assertThat(tasks)
                .allSatisfy(task ->
                        assertThat(storiesOf(JudgementEvent.TOPIC, task.task())).containsOnly("the-story"));
        assertThat(storiesOf(DatasetEvent.TOPIC, frozen.getFirst().dataset())).containsOnly("the-story");
        decisions().body("", hasSize(1)).body("[0].campaign", equalTo(opened.campaign()));
        assertThat(told(CampaignOpened.class, fact -> drift.drift().equals(fact.drift())))
                .hasSize(1);
    }

    @Test
    void deadlineFreezesWhatIsEnoughAndAsksNobodyAnyMore() {
        var opened = open(WRITING, "\"budget\":4,\"minimum\":2", List.of("a", "b", "c", "d"));
        var tasks = awaitTasks(opened, 4);
        judge("ann", tasks.get(0), "\"text\":\"A\"");
        judge("ann", tasks.get(1), "\"text\":\"B\"");
        assertThat(told(CampaignClosed.class, fact -> fact.campaign().equals(opened.campaign())))
                .isEmpty();

        passDeadline(opened);

        var closed = awaitClosed(opened);
        assertThat(closed.outcome()).isEqualTo(Outcome.DEADLINE);
        assertThat(closed.judgements()).isEqualTo(2);
        assertThat(closed.reason()).isEqualTo("The deadline came with 2 judgements; 2 are enough.");
        assertThat(told(DatasetFrozen.class, fact -> opened.campaign().equals(fact.campaign())))
                .singleElement()
                .satisfies(fact -> assertThat(fact.judgementCount()).isEqualTo(2));
        assertThat(next("bob", opened, 4)).isEmpty();
        // a clock that jumps back and forth closes nothing twice
        passDeadline(opened);
        close(opened, manager()).statusCode(200).body("outcome", equalTo("DEADLINE"));
        assertThat(told(CampaignClosed.class, fact -> fact.campaign().equals(opened.campaign())))
                .hasSize(1);
    }

    @Test
    void tooFewJudgementsAreKeptButNotFrozen() {
        var opened = open(WRITING, "\"budget\":4,\"minimum\":3", List.of("a", "b", "c", "d"));
        judge("ann", awaitTasks(opened, 4).getFirst(), "\"text\":\"A\"");

        passDeadline(opened);

        var closed = awaitClosed(opened);
        assertThat(closed.outcome()).isEqualTo(Outcome.TOO_FEW);
        assertThat(closed.dataset()).isNull();
        assertThat(closed.reason())
                .isEqualTo(
                        "The deadline came with 1 judgement where 3 are needed: nothing is frozen, the judgements stay.");
        assertThat(told(DatasetFrozen.class, fact -> opened.campaign().equals(fact.campaign())))
                .isEmpty();
        given().auth()
                .oauth2(manager())
                .get("/api/projects/" + opened.project())
                .then()
                .body("progress.judgements", equalTo(1))
                .body("progress.skipped.campaign-closed", equalTo(3));
    }

    @Test
    void managerClosesEarly() {
        var first = open(WRITING, "\"budget\":3,\"minimum\":1", List.of("a", "b", "c"));
        judge("ann", awaitTasks(first, 3).getFirst(), "\"text\":\"A\"");

        close(first, annotator("ann")).statusCode(403);
        close(first, TestLogins.token("eve", "elsewhere", "manager")).statusCode(404);
        close(first, manager()).statusCode(200).body("state", equalTo("CLOSED")).body("outcome", equalTo("DEADLINE"));

        assertThat(awaitClosed(first).reason()).startsWith("A manager brought the deadline forward with 1 judgement");

        var second = awaitOpened(send(alarm(Concern.INPUT, List.of("d", "e", "f"))));
        close(second, manager())
                .statusCode(200)
                .body("outcome", equalTo("CANCELLED"))
                .body("dataset", nullValue());
        assertThat(awaitClosed(second).reason()).startsWith("A manager closed it with 0 judgements where 1 are needed");
    }

    @Test
    void alarmThatIsToldAgainWithMoreToShowIsDecidedOnAgain() {
        plan(WRITING, "\"budget\":4,\"minimum\":3");
        var few = send(alarm(Concern.INPUT, List.of("a", "b")));
        awaitDecision(few, "DECLINED", "Only 2 drifted prompts are new");

        var more = send(detected(
                few.drift(),
                Concern.INPUT,
                alarm(Concern.INPUT, List.of("a", "b", "c", "d")).drifted()));

        awaitDecision(more, "OPENED", "asks people about drift of this kind");
        assertThat(awaitOpened(more).tasks()).isEqualTo(4);
        send(detected(few.drift(), Concern.INPUT, few.drifted()));
        awaitDecision(more, "OPENED", "asks people about drift of this kind");
    }

    @Test
    void everyAlarmHasADecisionWithItsReason() {
        var early = send(alarm(Concern.INPUT, List.of("a", "b")));
        awaitDecision(early, "DECLINED", "There is no campaign plan for model " + model);

        plan(WRITING, "\"budget\":2,\"minimum\":2");
        awaitDecision(
                send(alarm(Concern.OUTPUT, List.of("a", "b"))),
                "DECLINED",
                "is about [INPUT], this alarm about OUTPUT");
        awaitDecision(send(alarm(Concern.INPUT, null)), "DECLINED", "names no interactions");
        awaitDecision(send(alarm(Concern.INPUT, List.of("a", "a"))), "DECLINED", "Only 1 drifted prompts are new");
        awaitDecision(
                send(detected(Concern.INPUT, artifacts.put("demo", "no JSON"))),
                "DECLINED",
                "What drifted cannot be read: a line is no drifted interaction");

        var first = send(alarm(Concern.INPUT, List.of("a", "b")));
        var opened = awaitOpened(first);
        awaitDecision(first, "OPENED", "asks people about drift of this kind");
        awaitDecision(
                send(alarm(Concern.INPUT, List.of("c", "d"))),
                "DECLINED",
                "Campaign %s for model %s is still open".formatted(opened.campaign(), model));
        send(new DriftCleared("demo", first.stream(), first.drift(), first.model()));

        close(opened, manager()).statusCode(200);
        var again = detected(Concern.INPUT, first.drifted());
        awaitDecision(send(again), "DECLINED", "Only 0 drifted prompts are new");
        assertThat(told(CampaignOpened.class, fact -> fact.model().equals(model)))
                .hasSize(1);
    }

    @Test
    void pairsAreAnswersOfTheModelThatDrifted() {
        plan("{\"type\":\"PAIRWISE\"}", "\"budget\":1,\"minimum\":1,\"heldOutShare\":0");
        var opened = awaitOpened(send(alarm(Concern.INPUT, List.of("a"))));

        await().until(() -> !told(AnswersRequested.class, fact -> fact.model().equals(model))
                .isEmpty());
        var asked =
                told(AnswersRequested.class, fact -> fact.model().equals(model)).getFirst();
        send(new AnswersGenerated(
                "demo",
                asked.task(),
                new ModelVersion(model, 3),
                List.of(artifacts.put("demo", "Yes"), artifacts.put("demo", "No"))));

        var task = awaitTasks(opened, 1).getFirst();
        assertThat(task.candidates()).extracting(Shown::text).containsExactlyInAnyOrder("Yes", "No");
        judge("ann", task, "\"strength\":0");
        var closed = awaitClosed(opened);
        assertThat(closed.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(closed.dataset()).isNull();
        assertThat(closed.reason()).contains("Nothing is frozen: ").contains("tasks skipped: {tie=1}");
    }

    @Test
    void labelsAreFrozenByMajorityAndTiesAreSkipped() {
        var opened = open(
                LABELS,
                "\"budget\":9,\"answersPerItem\":3,\"minimum\":1,\"heldOutShare\":0,\"concerns\":[\"QUALITY\",\"INPUT\"]",
                List.of("win", "meet", "both"));
        label("ann", awaitTasks(opened, 3), Map.of("win", "spam", "meet", "ham", "both", "spam"));
        label("bob", next("bob", opened, 3), Map.of("win", "spam", "meet", "ham", "both", "ham"));
        label("cid", next("cid", opened, 3), Map.of("win", "ham", "meet", "ham"));

        close(opened, manager()).statusCode(200);

        var closed = awaitClosed(opened);
        assertThat(closed.judgements()).isEqualTo(8);
        var frozen = told(DatasetFrozen.class, fact -> opened.campaign().equals(fact.campaign()))
                .getFirst();
        assertThat(frozen.kind().name()).isEqualTo("LABEL");
        assertThat(artifacts.readText(frozen.train().rows()).lines())
                .hasSize(2)
                .anySatisfy(row ->
                        assertThat(row).contains("\"text\":\"win\",\"label\":\"spam\",\"slice\":\"new\",\"task\":"))
                .anySatisfy(row -> assertThat(row).contains("\"text\":\"meet\",\"label\":\"ham\""));
        given().auth()
                .oauth2(manager())
                .get("/api/datasets/" + frozen.dataset())
                .then()
                .body("campaign", equalTo(opened.campaign()))
                .body("model", equalTo(model))
                .body("skipped.no-majority", equalTo(1));
    }

    @Test
    void plansAreKeptPerModelAndWorkspace() {
        var path = "/api/campaign-plans/" + model;
        given().auth().oauth2(manager()).get(path).then().statusCode(404);
        plan(WRITING, "\"budget\":200");
        plan(WRITING, "\"budget\":100");

        given().auth()
                .oauth2(TestLogins.token("eng", "demo", "engineer"))
                .get(path)
                .then()
                .statusCode(200)
                .body("budget", equalTo(100))
                .body("minimum", equalTo(30))
                .body("deadlineMinutes", equalTo(1440))
                .body("heldOutShare", equalTo(0.3f))
                .body("answersPerItem", equalTo(1))
                .body("name", equalTo(model + " campaign"))
                .body("candidates", nullValue())
                .body("concerns", equalTo(List.of("INPUT")));
        for (var role : List.of("annotator", "engineer", "operator")) {
            setPlan(TestLogins.token("ann", "demo", role), "{}").statusCode(403);
        }
        given().get(path).then().statusCode(401);
        given().auth().oauth2(annotator("ann")).get(path).then().statusCode(403);
        var stranger = TestLogins.token("eve", "elsewhere", "manager", "annotator");
        given().auth().oauth2(stranger).get(path).then().statusCode(404);
        given().auth().oauth2(stranger).delete(path).then().statusCode(404);
        given().auth().oauth2(stranger).get("/api/campaigns").then().body("", hasSize(0));
        given().auth().oauth2(stranger).get("/api/campaigns/none").then().statusCode(404);
        given().auth().oauth2(stranger).get("/api/campaign-decisions").then().body("", hasSize(0));
        given().auth()
                .oauth2(annotator("ann"))
                .get("/api/campaigns?state=HALF")
                .then()
                .statusCode(400)
                .body("detail", equalTo("state is 'HALF', must be OPEN or CLOSED"));
        given().auth().oauth2(manager()).delete(path).then().statusCode(204);
        given().auth().oauth2(manager()).delete(path).then().statusCode(404);
    }

    @Test
    void badPlanIsAnsweredWithWhatIsWrongAndWhatToDo() {
        refuses("", "the body is empty");
        refuses("{\"budget\":9}", "question.type is null, must be PAIRWISE, RANKING");
        refuses("{\"question\":{\"type\":\"LABEL\",\"labels\":[]},\"budget\":9}", "question.labels has 0 labels");
        refuses(body(WRITING, "\"name\":\" \",\"budget\":40"), "name has 0 characters, must have 1 to 180");
        refuses(body(WRITING, "\"answersPerItem\":0,\"budget\":40"), "answersPerItem is 0, must be 1 to 100");
        refuses("{\"question\":" + WRITING + "}", "budget is missing");
        refuses(
                body(WRITING, "\"answersPerItem\":3,\"budget\":2"),
                "budget is 2, must be 3 (one task) to 100000 judgements");
        refuses(
                body(WRITING, "\"budget\":20"),
                "minimum is 30, must be 1 to 20, the judgements that the budget allows");
        refuses(body(WRITING, "\"budget\":20,\"minimum\":0"), "minimum is 0, must be 1 to 20");
        refuses(body(WRITING, "\"budget\":40,\"deadlineMinutes\":0"), "deadlineMinutes is 0, must be 1 to 527040");
        refuses(
                body(WRITING, "\"budget\":40,\"heldOutShare\":1"),
                "heldOutShare is 1.0, must be 0 or more and below 1");
        refuses(body(WRITING, "\"budget\":40,\"concerns\":[]"), "concerns is empty");
        refuses(
                body(WRITING, "\"budget\":40,\"concerns\":[\"INPUTS\"]"),
                "concerns has 'INPUTS', must be of [INPUT, OUTPUT, QUALITY]");
        refuses(
                body(WRITING, "\"budget\":40,\"candidates\":{}"),
                "candidates are only for questions that show answers");
        refuses(
                body("{\"type\":\"PAIRWISE\"}", "\"budget\":40,\"candidates\":{\"count\":1}"),
                "candidates.count is 1, must be 2 to 16");
        refuses(body(WRITING, "\"budget\":\"many\""), "budget");
        given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body(body(WRITING, "\"budget\":40"))
                .put("/api/campaign-plans/no name")
                .then()
                .statusCode(400)
                .body("detail", containsString("model is 'no name', must be a name"));
    }

    private void refuses(String body, String detail) {
        setPlan(manager(), body).statusCode(400).body("detail", containsString(detail));
    }

    private ValidatableResponse setPlan(String token, String body) {
        return given().auth()
                .oauth2(token)
                .contentType(ContentType.JSON)
                .body(body)
                .put("/api/campaign-plans/" + model)
                .then();
    }

    private static String body(String question, String more) {
        return "{\"question\":%s,%s}".formatted(question, more);
    }

    private void plan(String question, String more) {
        setPlan(manager(), body(question, more)).statusCode(200);
    }

    private CampaignOpened open(String question, String more, List<String> prompts) {
        plan(question, more);
        return awaitOpened(send(alarm(Concern.INPUT, prompts)));
    }

    /// @param prompts what people wrote; missing where the alarm names no interactions
    private DriftDetected alarm(Concern concern, @Nullable List<String> prompts) {
        if (prompts == null) {
            return detected(concern, null);
        }
        var rows = IntStream.range(0, prompts.size())
                .mapToObj(index -> json(new Drifted(
                        UUID.randomUUID().toString(),
                        "new",
                        artifacts.put(
                                "demo",
                                json(new SampleDocument(
                                        prompts.get(index), "what the model said", List.of(), Map.of()))),
                        null,
                        1.0 / (1 + index))))
                .collect(Collectors.joining("\n"));
        return detected(concern, artifacts.put("demo", rows));
    }

    private DriftDetected detected(Concern concern, @Nullable ArtifactRef drifted) {
        return detected(UUID.randomUUID().toString(), concern, drifted);
    }

    private DriftDetected detected(String drift, Concern concern, @Nullable ArtifactRef drifted) {
        return new DriftDetected(
                "demo",
                model + "/input",
                drift,
                new ModelVersion(model, 3),
                concern,
                "mmd",
                "embedding",
                0.4,
                0.1,
                200,
                "The prompts moved.",
                List.of(),
                drifted);
    }

    private String json(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private <F extends Fact> F send(F fact) {
        broker.source(fact.topic()).send(TestFacts.message(fact));
        return fact;
    }

    private CampaignOpened awaitOpened(DriftDetected drift) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> told(CampaignOpened.class, fact -> drift.drift().equals(fact.drift())),
                        list -> !list.isEmpty())
                .getFirst();
    }

    private CampaignClosed awaitClosed(CampaignOpened opened) {
        var told = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> told(CampaignClosed.class, fact -> fact.campaign().equals(opened.campaign())),
                        list -> !list.isEmpty());
        assertThat(told).hasSize(1);
        return told.getFirst();
    }

    private void awaitDecision(DriftDetected drift, String state, String reason) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> decisions()
                        .body("find { it.drift == '%s' }.state".formatted(drift.drift()), equalTo(state))
                        .body("find { it.drift == '%s' }.reason".formatted(drift.drift()), containsString(reason)));
    }

    private ValidatableResponse decisions() {
        return given().auth()
                .oauth2(TestLogins.token("ops", "demo", "operator"))
                .get("/api/campaign-decisions?model=" + model)
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse campaign(CampaignOpened opened) {
        return given().auth()
                .oauth2(annotator("ann"))
                .get("/api/campaigns/" + opened.campaign())
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse close(CampaignOpened opened, String token) {
        return given().auth()
                .oauth2(token)
                .post("/api/campaigns/" + opened.campaign() + "/close")
                .then();
    }

    /// The clock of the database is the clock of campaigns.
    private void passDeadline(CampaignOpened opened) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update campaign set deadline = now() - interval '1 second' where id = :id")
                .bind("id", opened.campaign())
                .execute());
    }

    /// The tasks of a campaign in the hands of ann, once they are all prepared.
    private List<Lent> awaitTasks(CampaignOpened opened, int tasks) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().auth()
                        .oauth2(manager())
                        .get("/api/projects/" + opened.project())
                        .then()
                        .body("progress.open", equalTo(tasks)));
        next("ann", opened, tasks);
        return given().auth()
                .oauth2(annotator("ann"))
                .get("/api/projects/" + opened.project() + "/tasks/held")
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
    }

    private static List<Lent> next(String person, CampaignOpened opened, int count) {
        return given().auth()
                .oauth2(annotator(person))
                .post("/api/projects/" + opened.project() + "/tasks/next?count=" + count)
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
    }

    private static void judge(String person, Lent task, String verdict) {
        given().auth()
                .oauth2(annotator(person))
                .contentType(ContentType.JSON)
                .body("{\"lease\":\"%s\",%s}".formatted(task.lease(), verdict))
                .post("/api/tasks/" + task.task() + "/judgements")
                .then()
                .statusCode(201);
    }

    private static void label(String person, List<Lent> tasks, Map<String, String> labels) {
        for (var task : tasks) {
            if (labels.containsKey(task.prompt())) {
                judge(person, task, "\"label\":\"%s\"".formatted(labels.get(task.prompt())));
            }
        }
    }

    private static String manager() {
        return TestLogins.token("max", "demo", "manager");
    }

    private static String annotator(String name) {
        return TestLogins.token(name, "demo", "annotator");
    }

    /// The stories in which a fact with this key was told.
    private List<String> storiesOf(String topic, String key) {
        return broker.<byte[]>sink("facts").received().stream()
                .map(message ->
                        message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow())
                .filter(sent -> sent.getTopic().equals(topic) && sent.getKey().equals(key))
                .map(sent -> new String(
                        sent.getHeaders().lastHeader("ce_correlationid").value(), StandardCharsets.UTF_8))
                .toList();
    }

    private <F extends Fact> List<F> told(Class<F> type, Predicate<F> wanted) {
        return TestFacts.told(broker.sink("facts"), type).stream()
                .filter(wanted)
                .toList();
    }
}
