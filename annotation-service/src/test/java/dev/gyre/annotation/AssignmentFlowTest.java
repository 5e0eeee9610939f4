package dev.gyre.annotation;

import static dev.gyre.annotation.TestCrowd.LABEL;
import static dev.gyre.annotation.TestCrowd.as;
import static dev.gyre.annotation.TestCrowd.label;
import static dev.gyre.annotation.TestCrowd.manager;
import static dev.gyre.annotation.TestCrowd.next;
import static dev.gyre.annotation.TestCrowd.pseudonym;
import static dev.gyre.annotation.TestCrowd.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gyre.annotation.TestCrowd.Lent;
import dev.gyre.events.SampleDocument;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Tasks go to those who can judge them.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class AssignmentFlowTest {

    private final String prefix = UUID.randomUUID() + "-";

    @Inject
    TestCrowd crowd;

    @Test
    void samplesGoToThoseWhoHaveTheirLanguage() {
        var project = crowd.project(
                crowd.arrive(List.of(in("de"), in("en"), text("no language"), in("DE"))), LABEL, 1, "");
        TestCrowd.awaitOpen(project, 4);
        assign(project, "{\"byLanguage\":true}").statusCode(200).body("byLanguage", equalTo(true));
        var ann = prefix + "ann";
        var bob = prefix + "bob";
        tag(ann, project, "{\"languages\":[\"de\",\"fr\"]}").statusCode(200);

        // what nobody has read yet is lent to nobody
        await().untilAsserted(() -> assertThat(next(ann, project, 1)).hasSize(1));
        await().untilAsserted(() -> assertThat(found(ann, project)).containsExactlyInAnyOrder("s0", "s2", "s3"));
        assertThat(next(bob, project, 9)).isEmpty();
        tag(bob, project, "{\"languages\":[\"en\"]}").statusCode(200);
        assertThat(next(bob, project, 9)).extracting(Lent::externalId).containsExactly("s1");
    }

    /// Everything that somebody was lent or could be lent now.
    private static List<String> found(String person, String project) {
        next(person, project, 9);
        return as(person, "annotator")
                .get("/api/projects/" + project + "/tasks/held")
                .then()
                .extract()
                .path("externalId");
    }

    @Test
    void projectAsksOnlyACohortWithTheSkills() {
        var project = crowd.project(crowd.arrive(List.of(text("a"))), LABEL, 1, "");
        TestCrowd.awaitOpen(project, 1);
        assign(project, "{\"needs\":{\"cohorts\":[\"night\",\"day\"],\"skills\":[\"Law\"]}}")
                .statusCode(200)
                .body("needs.skills", equalTo(List.of("law")))
                .body("overlap", equalTo(1f));
        var ann = prefix + "ann";

        assertThat(next(ann, project, 1)).isEmpty();
        tag(ann, project, "{\"cohorts\":[\"night\"]}").statusCode(200);
        assertThat(next(ann, project, 1)).isEmpty();
        tag(ann, project, "{\"cohorts\":[\"night\"],\"skills\":[\"law\",\"java\"]}").statusCode(200);
        assertThat(next(ann, project, 1)).hasSize(1);
        manager()
                .get("/api/annotators")
                .then()
                .statusCode(200)
                .body("find { it.annotator == '%s' }.tags.skills".formatted(pseudonym(ann, project)), equalTo(List.of("java", "law")));
        as(ann, "annotator").get("/api/annotators").then().statusCode(403);
        manager()
                .body("{\"skills\":[\"law\"]}")
                .put("/api/annotators/nobody/tags")
                .then()
                .statusCode(404)
                .body("detail", containsString("no annotator 'nobody'"));
    }

    /// Of 200 tasks half are expected to get three answers, with a standard deviation of 7.
    @Test
    void shareOfTheTasksGetsAllAnswersAndTheOthersOne() {
        var source = crowd.arrive(
                IntStream.range(0, 200).mapToObj(number -> text("Text " + number)).toList());
        var project = crowd.project(source, LABEL, 3, "");
        TestCrowd.awaitOpen(project, 200);
        var begun = next("ann", project, 1).getFirst();

        assign(project, "{\"overlap\":2}").statusCode(400).body("detail", containsString("overlap is 2.0"));
        assign(project, "{\"overlap\":0.5}").statusCode(200);

        int wanted = manager()
                .get("/api/projects/" + project + "/progress")
                .then()
                .extract()
                .path("wanted");
        assertThat(wanted).isBetween(200 + 2 * 70, 200 + 2 * 130);
        // what somebody has begun keeps its seats
        manager()
                .get("/api/projects/" + project + "/tasks?limit=1")
                .then()
                .body("tasks[0].task", equalTo(begun.task()))
                .body("tasks[0].wanted", equalTo(3));

        assign(project, "{\"overlap\":0}").statusCode(200);
        crowd.arrive(source, "late", text("late"));
        TestCrowd.awaitOpen(project, 201);
        manager().get("/api/projects/" + project + "/progress").then().body("wanted", equalTo(203));
        label("ann", begun, "ham").statusCode(201);
        next("bob", project, 200).forEach(task -> label("bob", task, "ham").statusCode(201));
        manager().get("/api/projects/" + project + "/progress").then().body("done", equalTo(199));
    }

    private static SampleDocument in(String language) {
        return new SampleDocument("Text in " + language, null, List.of(), Map.of("language", language));
    }

    private static ValidatableResponse assign(String project, String body) {
        return manager().body(body).put("/api/projects/" + project + "/assignment").then();
    }

    private static ValidatableResponse tag(String person, String project, String body) {
        next(person, project, 1);
        return manager()
                .body(body)
                .put("/api/annotators/" + pseudonym(person, project) + "/tags")
                .then();
    }
}
