package dev.gyre.annotation;

import static dev.gyre.annotation.TestCrowd.LABEL;
import static dev.gyre.annotation.TestCrowd.label;
import static dev.gyre.annotation.TestCrowd.manager;
import static dev.gyre.annotation.TestCrowd.next;
import static dev.gyre.annotation.TestCrowd.pseudonym;
import static dev.gyre.annotation.TestCrowd.reviewer;
import static dev.gyre.annotation.TestCrowd.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class SearchFlowTest {

    @Inject
    TestCrowd crowd;

    @Test
    void tasksAreFoundByTheirWordsAndByLikeness() {
        var project = crowd.project(
                crowd.arrive(List.of(
                        text("My order 4711 has not arrived. Please send a refund to my account."),
                        text("My order 0815 has not arrived. Please send a refund to my account!"),
                        text("Is there a refund for gift cards?"),
                        new SampleDocument(
                                "",
                                null,
                                List.of(),
                                Map.of(),
                                List.of(new Message("user", "Gift ideas?"), new Message("assistant", "A telescope."))))),
                LABEL,
                1,
                "");
        TestCrowd.awaitOpen(project, 4);

        awaitFound(project, "q=refund", "s0", "s1", "s2");
        awaitFound(project, "q=REFUND gift", "s2");
        awaitFound(project, "q=refund -gift", "s0", "s1");
        awaitFound(project, "q=\"gift cards\" or telescope", "s2", "s3");
        awaitFound(project, "q=nothing of it");
        String first = tasks(project, "q=4711").extract().path("tasks[0].task");
        awaitFound(project, "like=" + first, "s0", "s1");
        awaitFound(project, "like=" + first + "&similarity=1", "s0");
        awaitFound(project, "q=0815&like=" + first, "s1");
        tasks(project, "q=telescope")
                .body("tasks[0].excerpt", equalTo("Gift ideas? A telescope."))
                .body("count.number", equalTo(1))
                .body("count.exact", equalTo(true));
    }

    @Test
    void tasksAreFoundByWhatWasSaidOfThem() {
        var project = crowd.project(
                crowd.arrive(IntStream.range(0, 4)
                        .mapToObj(number -> text("Text " + number))
                        .toList()),
                LABEL,
                2,
                "");
        TestCrowd.awaitOpen(project, 4);
        next("ann", project, 4).forEach(task -> label("ann", task, "ham").statusCode(201));
        for (var task : next("bob", project, 2)) {
            label("bob", task, task.externalId().equals("s0") ? "spam" : "ham").statusCode(201);
        }

        awaitFound(project, "label=spam", "s0");
        awaitFound(project, "label=ham", "s0", "s1", "s2", "s3");
        awaitFound(project, "annotator=" + pseudonym("bob", project), "s0", "s1");
        awaitFound(project, "agreement=0.5", "s0");
        awaitFound(project, "agreement=1", "s0", "s1");
        awaitFound(project, "state=DONE", "s0", "s1");
        awaitFound(project, "state=READY&label=ham", "s2", "s3");
        awaitFound(project, "schemaVersion=1&state=DONE&q=0", "s0");
        awaitFound(project, "schemaVersion=2");
        tasks(project, "label=spam")
                .body("tasks[0].judged", equalTo(2))
                .body("tasks[0].wanted", equalTo(2))
                .body("tasks[0].agreement", equalTo(0f))
                .body("tasks[0].said", equalTo(Map.of("ham", 1, "spam", 1)));

        String spam = reviewer()
                .get("/api/projects/" + project + "/judgements")
                .then()
                .extract()
                .asString()
                .lines()
                .filter(line -> line.contains("\"value\":\"spam\""))
                .map(line -> line.replaceAll(".*\"judgement\":\"([^\"]+)\".*", "$1"))
                .findFirst()
                .orElseThrow();
        manager().delete("/api/judgements/" + spam).then().statusCode(204);

        awaitFound(project, "label=spam");
        awaitFound(project, "agreement=1", "s1");
    }

    @Test
    void pagesFollowEachOtherWithoutGapsAndOnlyTheFirstIsCounted() {
        var project = crowd.project(
                crowd.arrive(IntStream.range(0, 25)
                        .mapToObj(number -> text("Text " + number))
                        .toList()),
                LABEL,
                1,
                "");
        TestCrowd.awaitOpen(project, 25);

        var seen = new ArrayList<String>();
        @Nullable Object after = null;
        int pages = 0;
        do {
            var page = tasks(project, "limit=10" + (after == null ? "" : "&after=" + after));
            page.body("count.number", pages == 0 ? equalTo(25) : nullValue());
            seen.addAll(page.extract().path("tasks.externalId"));
            after = page.extract().path("next");
            pages++;
        } while (after != null);

        assertThat(pages).isEqualTo(3);
        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, 25).mapToObj(number -> "s" + number).toList());
    }

    @Test
    void wrongQuestionsAreRefusedInWords() {
        var project = crowd.project(crowd.arrive(List.of(text("a"))), LABEL, 1, "");

        ask(project, "state=OPEN").statusCode(400).body("detail", containsString("must be one of [PREPARING"));
        ask(project, "limit=500").statusCode(400).body("detail", equalTo("limit is 500, must be 1 to 200"));
        ask(project, "agreement=2").statusCode(400).body("detail", containsString("must be 0 to 1"));
        ask(project, "q=%26 !").statusCode(200).body("tasks", hasSize(0));
        TestCrowd.as("ann", "annotator")
                .get("/api/projects/" + project + "/tasks")
                .then()
                .statusCode(403);
        manager().get("/api/projects/none/tasks").then().statusCode(404);
    }

    private static void awaitFound(String project, String query, String... externalIds) {
        await().untilAsserted(() -> assertThat(
                        tasks(project, query).extract().<List<String>>path("tasks.externalId"))
                .as(query)
                .containsExactly(externalIds));
    }

    private static ValidatableResponse tasks(String project, String query) {
        return ask(project, query).statusCode(200);
    }

    private static ValidatableResponse ask(String project, String query) {
        return reviewer().get("/api/projects/" + project + "/tasks?" + query).then();
    }
}
