package dev.gyre.annotation;

import static dev.gyre.annotation.TestCrowd.LABEL;
import static dev.gyre.annotation.TestCrowd.label;
import static dev.gyre.annotation.TestCrowd.manager;
import static dev.gyre.annotation.TestCrowd.next;
import static dev.gyre.annotation.TestCrowd.reviewer;
import static dev.gyre.annotation.TestCrowd.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.gyre.annotation.TestCrowd.Lent;
import dev.gyre.events.JudgementEvent.AdjudicationWithdrawn;
import dev.gyre.events.JudgementEvent.TaskAdjudicated;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Many tasks at once: looked at, done, undone.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class BulkFlowTest {

    @Inject
    TestCrowd crowd;

    /// Eight tasks; the odd ones are about refunds.
    private String project(int answers) {
        var source = crowd.arrive(IntStream.range(0, 8)
                .mapToObj(number -> text(number % 2 == 1 ? "My refund, number " + number : "Hello number " + number))
                .toList());
        var project = crowd.project(source, LABEL, answers, "");
        TestCrowd.awaitOpen(project, 8);
        await().untilAsserted(() -> manager()
                .get("/api/projects/" + project + "/tasks?q=number")
                .then()
                .body("tasks", hasSize(8)));
        return project;
    }

    @Test
    void tasksOfAQueryAreSkippedAndComeBack() {
        var project = project(1);
        label("ann", next("ann", project, 1).getFirst(), "ham").statusCode(201);

        bulk(project, "{\"query\":{\"q\":\"refund\"},\"action\":\"skip\",\"preview\":true}")
                .statusCode(200)
                .body("tasks", equalTo(4))
                .body("examples.externalId", equalTo(List.of("s1", "s3", "s5", "s7")))
                .body("examples[0].excerpt", equalTo("My refund, number 1"));
        open(project, 7);
        String id = bulk(project, "{\"query\":{\"q\":\"refund\"},\"action\":\"skip\",\"value\":\"not ours\"}")
                .statusCode(201)
                .body("tasks", equalTo(4))
                .extract()
                .path("bulk");

        open(project, 3);
        assertThat(next("bob", project, 9)).extracting(Lent::externalId).containsExactly("s2", "s4", "s6");
        manager().get("/api/projects/" + project + "/progress").then().body("skipped.bulk", equalTo(4));

        undo(id).statusCode(204);
        open(project, 7);
        undo(id).statusCode(409).body("detail", containsString("was undone before"));
        reviewer()
                .get("/api/projects/" + project + "/bulk")
                .then()
                .body("action", equalTo(List.of("skip")))
                .body("[0].query.q", equalTo("refund"))
                .body("[0].undoneAt", notNullValue());
    }

    @Test
    void doneTasksAreAskedAgainAndWhatCameMeanwhileStays() {
        var project = project(1);
        next("ann", project, 8).forEach(task -> label("ann", task, "ham").statusCode(201));
        open(project, 0);

        String id = bulk(project, "{\"query\":{\"q\":\"refund\"},\"action\":\"requeue\",\"value\":2}")
                .statusCode(201)
                .body("tasks", equalTo(4))
                .extract()
                .path("bulk");
        open(project, 4);
        var again = next("bob", project, 1);
        label("bob", again.getFirst(), "spam").statusCode(201);
        undo(id).statusCode(204);

        open(project, 0);
        manager()
                .get("/api/projects/" + project + "/progress")
                .then()
                .body("judgements", equalTo(9))
                .body("done", equalTo(8))
                .body("wanted", equalTo(9));
    }

    @Test
    void tasksWithPriorityComeFirst() {
        var project = project(1);

        String id = bulk(project, "{\"query\":{\"q\":\"refund\"},\"action\":\"priority\",\"value\":5}")
                .statusCode(201)
                .extract()
                .path("bulk");
        assertThat(next("ann", project, 2)).extracting(Lent::externalId).containsExactly("s1", "s3");
        undo(id).statusCode(204);
        assertThat(next("bob", project, 2)).extracting(Lent::externalId).containsExactly("s0", "s2");
    }

    @Test
    void similarTasksAreDecidedAtOnceAndTakenBack() {
        var project = project(1);
        String like = manager()
                .get("/api/projects/" + project + "/tasks?q=refund&limit=1")
                .then()
                .extract()
                .path("tasks[0].task");
        var query = "{\"query\":{\"like\":\"" + like + "\"},\"action\":\"label\",\"value\":{\"label\":\"%s\"}}";

        bulk(project, query.formatted("eggs")).statusCode(400).body("detail", containsString("label is 'eggs'"));
        String id = bulk(project, query.formatted("spam"))
                .statusCode(201)
                .body("tasks", equalTo(4))
                .extract()
                .path("bulk");
        bulk(project, query.formatted("ham")).statusCode(201).body("tasks", equalTo(0));

        await().untilAsserted(() -> assertThat(crowd.told(TaskAdjudicated.class, project))
                .hasSize(4)
                .allSatisfy(fact -> assertThat(fact.outcome()).isEqualTo("spam")));
        undo(id).statusCode(204);
        await().untilAsserted(() ->
                assertThat(crowd.told(AdjudicationWithdrawn.class, project)).hasSize(4));
    }

    @Test
    void wrongWishesAreRefusedInWords() {
        var project = crowd.project(crowd.arrive(List.of(text("a"))), LABEL, 1, "");

        bulk(project, "{\"action\":\"skip\"}").statusCode(400).body("detail", containsString("query is missing"));
        bulk(project, "{\"query\":{},\"action\":\"burn\"}")
                .statusCode(400)
                .body("detail", equalTo("action is 'burn', must be skip, requeue, label or priority"));
        bulk(project, "{\"query\":{},\"action\":\"priority\",\"value\":\"high\"}")
                .statusCode(400)
                .body("detail", containsString("must be a whole number from -1000 to 1000"));
        reviewer()
                .body("{\"query\":{},\"action\":\"skip\"}")
                .post("/api/projects/" + project + "/bulk")
                .then()
                .statusCode(403);
        undo("none").statusCode(404);
    }

    private static void open(String project, int tasks) {
        manager().get("/api/projects/" + project + "/progress").then().body("open", equalTo(tasks));
    }

    private static ValidatableResponse bulk(String project, String body) {
        return manager().body(body).post("/api/projects/" + project + "/bulk").then();
    }

    private static ValidatableResponse undo(String bulk) {
        return manager().post("/api/bulk/" + bulk + "/undo").then();
    }
}
