package dev.gyre.annotation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.gyre.annotation.TestCrowd.LABEL;
import static dev.gyre.annotation.TestCrowd.as;
import static dev.gyre.annotation.TestCrowd.label;
import static dev.gyre.annotation.TestCrowd.manager;
import static dev.gyre.annotation.TestCrowd.next;
import static dev.gyre.annotation.TestCrowd.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.microsoft.playwright.options.AriaRole;
import dev.gyre.annotation.TestPages.View;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Projects from templates, and what a manager does on their pages.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class TemplateFlowTest {

    @Inject
    TestPages pages;

    @Inject
    TestCrowd crowd;

    @Test
    void everyTemplateIsAProjectThatOnlyLacksItsSource() {
        List<Map<String, Object>> templates =
                manager().get("/api/templates").then().statusCode(200).extract().path("");

        assertThat(templates)
                .extracting(template -> template.get("id"))
                .containsExactly(
                        "helpfulness",
                        "harmlessness",
                        "writing",
                        "spam",
                        "spans",
                        "ranking",
                        "rating",
                        "conversation",
                        "edit");
        for (var template : templates) {
            manager()
                    .body(Map.of(
                            "name", template.get("name"),
                            "source", UUID.randomUUID().toString(),
                            "answersPerItem", template.get("answersPerItem"),
                            "guidelines", template.get("guidelines"),
                            "questions", template.get("questions")))
                    .post("/api/projects")
                    .then()
                    .statusCode(201)
                    .body("questions", equalTo(template.get("questions")));
        }
        as("ann", "annotator").get("/api/templates").then().statusCode(403);
    }

    @Test
    void managerMakesAProjectFromATemplate() {
        var source = crowd.arrive(List.of(text("Win a prize")));

        pages.visit(View.LIGHT, page -> {
            page.navigate("/");
            page.getByRole(AriaRole.LINK).getByText("New project").click();
            assertThat(page.locator(".template")).hasCount(9);
            page.locator(".template >> text=Spam labels").click();
            assertThat(page.locator("[name=answersPerItem]")).hasValue("2");
            page.locator("[name=name]").fill("Post of today");
            page.locator("[name=source]").fill(source);
            page.locator("[name=overlap]").fill("0");
            page.locator("text=Create the project").click();
            assertThat(page.locator("h1")).hasText("Post of today");
        });

        manager()
                .get("/api/projects")
                .then()
                .body("findAll { it.source == '%s' }".formatted(source), hasSize(1))
                .body("find { it.source == '%s' }.questions.type".formatted(source), equalTo(List.of("LABEL", "TEXT")))
                .body("find { it.source == '%s' }.progress.wanted".formatted(source), equalTo(1));
    }

    @Test
    void managerMarksGoldAndTakesBackWhatSomebodySaid() {
        var source = crowd.arrive(
                IntStream.range(0, 3).mapToObj(number -> text("Text " + number)).toList());
        var project = crowd.project(source, LABEL, 3, "");
        TestCrowd.awaitOpen(project, 3);
        var people = IntStream.range(0, 3).mapToObj(_ -> UUID.randomUUID().toString()).toList();
        for (var person : people) {
            next(person, project, 3).forEach(task -> label(person, task, "ham").statusCode(201));
        }

        for (var view : View.values()) {
            pages.visit(view, page -> {
                page.navigate("/projects/" + project);
                assertThat(page.locator("#quality table").last()).isVisible();
                TestPages.look(page, "manage-" + view);
            });
        }
        pages.visit(View.LIGHT, page -> {
            page.navigate("/projects/" + project);
            page.locator("text=Take tasks of which all said the same").click();
            assertThat(page.locator("#gold tbody tr")).hasCount(3);
            page.locator("#gold tbody button").first().click();
            assertThat(page.locator("#gold tbody tr")).hasCount(2);
            page.locator("#quality button:has-text('Withdraw')").first().click();
            page.locator("dialog [name=reason]").fill("Did not look.");
            TestPages.look(page, "withdraw");
            page.locator("dialog button:has-text('Withdraw')").click();
            assertThat(page.locator("#toasts")).containsText("3 judgements withdrawn");
        });

        manager().get("/api/projects/" + project + "/progress").then().body("judgements", equalTo(6));
    }

    @Test
    void pageOfTemplatesHasNoBarriers() {
        for (var view : View.values()) {
            pages.visit(view, page -> {
                page.navigate("/projects/new?source=abc");
                assertThat(page.locator(".template")).hasCount(9);
                assertThat(page.locator("[name=source]")).hasValue("abc");
                TestPages.look(page, "new-" + view);
            });
        }
    }
}
