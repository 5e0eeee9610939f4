package dev.gyre.annotation;

import static dev.gyre.annotation.TestCrowd.LABEL;
import static dev.gyre.annotation.TestCrowd.PAIRWISE;
import static dev.gyre.annotation.TestCrowd.as;
import static dev.gyre.annotation.TestCrowd.judge;
import static dev.gyre.annotation.TestCrowd.label;
import static dev.gyre.annotation.TestCrowd.manager;
import static dev.gyre.annotation.TestCrowd.next;
import static dev.gyre.annotation.TestCrowd.reviewer;
import static dev.gyre.annotation.TestCrowd.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.gyre.events.Annotator;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.JudgementEvent.AdjudicationWithdrawn;
import dev.gyre.events.JudgementEvent.TaskAdjudicated;
import dev.gyre.events.SampleDocument;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.Test;

/// What is in doubt, and what a reviewer makes of it.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class ReviewFlowTest {

    @Inject
    TestCrowd crowd;

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    /// Ann and bob see what each text is, cid says ham of everything and leaves s5 to them; of s5 they think differently.
    @Test
    void whatPeopleWhoLookDisagreeOnComesFirst() {
        var project = labelled(3, 12);
        for (var person : List.of("ann", "bob", "cid")) {
            for (var task : next(person, project, 12)) {
                int number = number(task);
                if (number == 5 && person.equals("cid")) {
                    continue;
                }
                boolean odd = number % 2 == 1 && (number != 5 || person.equals("ann"));
                label(person, task, odd && !person.equals("cid") ? "spam" : "ham").statusCode(201);
            }
        }

        // before anything is worked out, disagreement alone counts
        await().untilAsserted(() -> queue(project, "limit=50").body("tasks[0].externalId", equalTo("s5")));
        await().untilAsserted(() -> {
            var doubts = queue(project, "limit=200").extract();
            assertThat(doubts.<List<Float>>path("tasks.doubt").getFirst()).isGreaterThan(1.5f);
            assertThat(doubts.<List<String>>path("tasks.externalId").subList(1, 6))
                    .containsExactlyInAnyOrder("s1", "s3", "s7", "s9", "s11");
            assertThat(doubts.<List<Float>>path("tasks.doubt").subList(1, 6)).allSatisfy(doubt -> assertThat(doubt)
                    .isBetween(0.01f, 1.4f));
            assertThat(doubts.<List<Float>>path("tasks.doubt").subList(6, 12)).containsOnly(0f);
        });

        var first = queue(project, "limit=5").body("tasks", hasSize(5)).extract();
        var rest = queue(project, "limit=200&after=" + first.path("next"))
                .body("next", nullValue())
                .extract();
        assertThat(first.<List<String>>path("tasks.task")).doesNotContainAnyElementsOf(rest.path("tasks.task"));
        assertThat(rest.<List<String>>path("tasks.task")).hasSize(7);
        queue(project, "q=5").body("tasks.externalId", equalTo(List.of("s5")));
        reviewer()
                .get("/api/projects/" + project + "/review?after=x")
                .then()
                .statusCode(400)
                .body("detail", equalTo("after is 'x', must be next of the page before"));
        as("ann", "annotator")
                .get("/api/projects/" + project + "/review")
                .then()
                .statusCode(403);
    }

    @Test
    void decisionTakesThePlaceOfTheMajorityAndIsToldAndTakenBack() {
        var project = labelled(2, 2);
        var tasks = new HashMap<String, String>();
        for (var person : List.of("ann", "bob")) {
            for (var task : next(person, project, 2)) {
                tasks.put(task.externalId(), task.task());
                label(person, task, person.equals("ann") && number(task) == 0 ? "spam" : "ham").statusCode(201);
            }
        }
        var open = tasks.getOrDefault("s0", "");
        assertThat(rows(freeze(project))).hasSize(1).first().asString().doesNotContain("adjudication");

        decide(open, "{\"answer\":{\"label\":\"eggs\"}}")
                .statusCode(400)
                .body("detail", containsString("label is 'eggs'"));
        decide(open, "{\"reason\":\"r\"}").statusCode(400).body("detail", containsString("send either judgement"));
        String decision = decide(open, "{\"answer\":{\"label\":\"spam\"},\"reason\":\"It sells.\"}")
                .statusCode(201)
                .body("value", equalTo("spam"))
                .body("reason", equalTo("It sells."))
                .extract()
                .path("id");

        await().untilAsserted(() -> queue(project, "limit=50").body("tasks.externalId", equalTo(List.of("s1"))));
        queue(project, "adjudicated=true")
                .body("tasks.externalId", equalTo(List.of("s0")))
                .body("tasks[0].decided", equalTo("spam"))
                .body("tasks[0].said", equalTo(Map.of("ham", 1, "spam", 1)));
        review(open)
                .body("judgements.value", hasSize(2))
                .body("judgements.withdrawnAt", everyItem(nullValue()))
                .body("adjudications[0].id", equalTo(decision))
                .body("prompt", equalTo("Text 0"));
        var frozen = freeze(project);
        assertThat(rows(frozen))
                .hasSize(2)
                .filteredOn(row -> row.contains(decision))
                .singleElement()
                .asString()
                .contains("\"label\":\"spam\"", "\"adjudication\":\"" + decision + "\"");
        assertThat(manager().get("/api/datasets/" + frozen + "/judgements").asString().lines())
                .hasSize(5)
                .contains(decision);

        as("rita", "reviewer")
                .delete("/api/tasks/" + open + "/adjudication?reason=wrong text")
                .then()
                .statusCode(204);
        as("rita", "reviewer")
                .delete("/api/tasks/" + open + "/adjudication")
                .then()
                .statusCode(404);

        assertThat(rows(freeze(project))).hasSize(1);
        assertThat(rows(frozen)).hasSize(2);
        manager().get("/api/datasets/" + frozen).then().body("tainted", equalTo(List.of(decision)));
        review(open).body("adjudications[0].withdrawnReason", equalTo("wrong text"));
        await().untilAsserted(() -> {
            assertThat(crowd.told(TaskAdjudicated.class, project)).singleElement().satisfies(fact -> {
                assertThat(fact.outcome()).isEqualTo("spam");
                assertThat(fact.judgements()).hasSize(2);
                assertThat(fact.reviewer().kind()).isEqualTo(Annotator.Kind.HUMAN);
                assertThat(fact.reason()).isEqualTo("It sells.");
            });
            assertThat(crowd.told(AdjudicationWithdrawn.class, project))
                    .extracting(AdjudicationWithdrawn::adjudication)
                    .containsExactly(decision);
            assertThat(TestFacts.told(broker.sink("facts"), DatasetTainted.class))
                    .filteredOn(fact -> fact.dataset().equals(frozen))
                    .singleElement()
                    .satisfies(fact -> assertThat(fact.judgements()).containsExactly(decision));
        });
    }

    /// One finds the first answer better, the other the second, and its edit is what the reviewer takes for right.
    @Test
    void judgementThatIsNamedAsRightIsTheOnlyOneThatMakesRows() {
        var source = crowd.arrive(List.of(new SampleDocument("Prompt", null, List.of("one", "two"), Map.of())));
        String project = manager()
                .body("""
                        {"name": "n", "source": "%s", "answersPerItem": 2, "questions": [
                          {"name": "better", "type": "PAIRWISE"}, {"name": "edit", "type": "EDIT"}]}""".formatted(source))
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        TestCrowd.awaitOpen(project, 1);
        var judgements = new HashMap<String, String>();
        var task = "";
        for (var person : List.of("ann", "bob")) {
            var lent = next(person, project, 1).getFirst();
            task = lent.task();
            var choice = person.equals("ann") ? "A" : "B";
            judgements.put(
                    person,
                    judge(
                                    person,
                                    lent,
                                    "\"answers\":{\"better\":{\"choice\":\"%s\",\"strength\":3},\"edit\":{\"candidate\":\"%s\",\"text\":\"by %s\"}}"
                                            .formatted(choice, choice, person))
                            .statusCode(201)
                            .extract()
                            .path("judgement"));
        }
        review(task)
                .body("judgements[0].answers.find { it.question == 'edit' }.text", equalTo("by ann"))
                .body("candidates.text", equalTo(List.of("one", "two")));

        decide(task, "{\"judgement\":\"none\"}")
                .statusCode(409)
                .body("detail", containsString("no judgement 'none' of task"));
        decide(task, "{\"judgement\":\"%s\"}".formatted(judgements.get("bob")))
                .statusCode(201)
                .body("value", equalTo("B"))
                .body("strength", equalTo(3));

        assertThat(rows(freeze(project)))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).contains("adjudication"))
                .anySatisfy(row -> assertThat(row).contains("\"chosen\":\"two\",\"rejected\":\"one\"", "\"strength\":3"))
                .anySatisfy(row -> assertThat(row).contains("\"chosen\":\"by bob\",\"rejected\":\"two\""));

        // a decision for a judgement ends with it
        manager().delete("/api/judgements/" + judgements.get("bob")).then().statusCode(204);
        assertThat(rows(freeze(project)))
                .hasSize(2)
                .noneSatisfy(row -> assertThat(row).contains("adjudication"))
                .anySatisfy(row -> assertThat(row).contains("\"chosen\":\"one\",\"rejected\":\"two\""));
    }

    @Test
    void reviewerMayDecideAnewAndTheSameRequestTwiceIsOneDecision() {
        var source = crowd.arrive(List.of(new SampleDocument("Prompt", null, List.of("one", "two"), Map.of())));
        var project = crowd.project(source, PAIRWISE, 2, "");
        TestCrowd.awaitOpen(project, 1);
        var lent = next("ann", project, 1).getFirst();
        judge("ann", lent, "\"choice\":\"A\",\"strength\":1").statusCode(201);
        judge("bob", next("bob", project, 1).getFirst(), "\"bothBad\":true").statusCode(201);

        for (int time = 0; time < 2; time++) {
            reviewer()
                    .header("Idempotency-Key", lent.task())
                    .body("{\"answer\":{\"strength\":0}}")
                    .post("/api/tasks/" + lent.task() + "/adjudication")
                    .then()
                    .statusCode(time == 0 ? 201 : 200)
                    .body("value", equalTo("tie"));
        }
        decide(lent.task(), "{\"answer\":{\"choice\":\"B\",\"strength\":2}}")
                .statusCode(201)
                .body("strength", equalTo(2));

        assertThat(rows(freeze(project)))
                .singleElement()
                .asString()
                .contains("\"chosen\":\"two\",\"rejected\":\"one\"", "\"strength\":2");
        review(lent.task())
                .body("adjudications.value", equalTo(List.of("B", "tie")))
                .body("adjudications[1].withdrawnAt", notNullValue());
        await().untilAsserted(() -> assertThat(crowd.told(TaskAdjudicated.class, project))
                .hasSize(2)
                .last()
                .satisfies(fact -> assertThat(fact.supersedes()).isNotNull()));
    }

    private String labelled(int answers, int texts) {
        var source = crowd.arrive(
                IntStream.range(0, texts).mapToObj(number -> text("Text " + number)).toList());
        var project = crowd.project(source, LABEL, answers, "");
        TestCrowd.awaitOpen(project, texts);
        return project;
    }

    private static int number(TestCrowd.Lent task) {
        return Integer.parseInt(task.externalId().substring(1));
    }

    private static ValidatableResponse queue(String project, String query) {
        return reviewer()
                .get("/api/projects/" + project + "/review?" + query)
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse review(String task) {
        return reviewer().get("/api/tasks/" + task + "/review").then().statusCode(200);
    }

    private static ValidatableResponse decide(String task, String body) {
        return reviewer().body(body).post("/api/tasks/" + task + "/adjudication").then();
    }

    private static String freeze(String project) {
        return manager()
                .body("{\"heldOutShare\":0}")
                .post("/api/projects/" + project + "/datasets")
                .then()
                .statusCode(201)
                .extract()
                .path("dataset");
    }

    private static List<String> rows(String dataset) {
        return manager()
                .get("/api/datasets/" + dataset + "/rows?part=train")
                .asString()
                .lines()
                .toList();
    }
}
