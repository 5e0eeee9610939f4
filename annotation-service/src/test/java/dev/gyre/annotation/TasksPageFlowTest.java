package dev.gyre.annotation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.gyre.annotation.TestCrowd.LABEL;
import static dev.gyre.annotation.TestCrowd.label;
import static dev.gyre.annotation.TestCrowd.manager;
import static dev.gyre.annotation.TestCrowd.next;
import static dev.gyre.annotation.TestCrowd.text;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.gyre.annotation.TestPages.View;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Finding tasks and doing something with all of them, on the page.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class TasksPageFlowTest {

    @Inject
    TestPages pages;

    @Inject
    TestCrowd crowd;

    @Test
    void tasksAreFoundPreviewedSkippedAndBroughtBack() {
        var project = project();

        pages.visit(View.LIGHT, page -> {
            page.navigate("/projects/" + project);
            page.locator("text=Tasks").first().click();
            assertThat(page.locator("#found-title")).hasText("60 tasks");
            assertThat(page.locator("#found tbody tr")).hasCount(50);
            page.locator("#more").click();
            assertThat(page.locator("#found tbody tr")).hasCount(60);
            page.locator("[name=q]").fill("refund");
            page.keyboard().press("Enter");
            assertThat(page.locator("#found-title")).hasText("3 tasks");
            page.locator("[name=value]").fill("not ours");
            page.locator("text=Preview").click();
            assertThat(page.locator("#preview")).containsText("3 tasks, such as");
            TestPages.look(page, "tasks-preview");
            page.locator("text=Do it with 3 tasks").click();
            assertThat(page.locator("#found tbody tr").first()).containsText("no task (bulk)");
            page.locator("#done button").click();
            assertThat(page.locator("#done")).containsText("undone");
            assertThat(page.locator("#found tbody tr").first()).containsText("open");
            page.locator("#found button").first().click();
            assertThat(page.locator("#like")).containsText("Like s0");
        });

        manager().get("/api/projects/" + project + "/progress").then().body("open", equalTo(60));
    }

    @Test
    void pageHasNoBarriersInLightDarkAndOnThePhone() {
        var project = project();
        for (var task : next("ann", project, 3)) {
            label("ann", task, "ham").statusCode(201);
        }

        for (var view : View.values()) {
            pages.visit(view, page -> {
                page.navigate("/projects/" + project + "/tasks");
                assertThat(page.locator("#found tbody tr").first()).containsText("ham");
                TestPages.look(page, "tasks-" + view);
            });
        }
    }

    /// Sixty tasks; the first three are about a refund.
    private String project() {
        var source = crowd.arrive(IntStream.range(0, 60)
                .mapToObj(number -> text(
                        number < 3
                                ? "I want a refund for order " + number + ", which never came."
                                : "Where is the parcel with number " + number + "?"))
                .toList());
        var project = crowd.project(source, LABEL, 1, "");
        TestCrowd.awaitOpen(project, 60);
        await().untilAsserted(() -> manager()
                .get("/api/projects/" + project + "/tasks?q=refund or parcel&limit=200")
                .then()
                .body("tasks", hasSize(60)));
        return project;
    }
}
