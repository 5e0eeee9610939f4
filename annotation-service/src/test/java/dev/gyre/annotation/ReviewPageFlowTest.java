package dev.gyre.annotation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.gyre.annotation.TestCrowd.PAIRWISE;
import static dev.gyre.annotation.TestCrowd.judge;
import static dev.gyre.annotation.TestCrowd.next;
import static dev.gyre.annotation.TestCrowd.reviewer;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.microsoft.playwright.Page;
import dev.gyre.annotation.TestPages.View;
import dev.gyre.events.SampleDocument;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Reviewing by keyboard.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class ReviewPageFlowTest {

    @Inject
    TestPages pages;

    @Inject
    TestCrowd crowd;

    @Test
    void whatIsInDoubtIsDecidedAndTakenBackByKeyboard() {
        var project = disputed(3);

        pages.visit(View.LIGHT, page -> {
            page.navigate("/projects/" + project);
            page.locator("text=Review").first().click();
            assertThat(page.locator("#left")).hasText("3 to review");
            assertThat(page.locator(".voice")).hasCount(2);
            page.keyboard().press("Enter");
            assertThat(page.locator("#toasts")).containsText("Mark the answer that is right");
            page.keyboard().press("j");
            page.keyboard().press("j");
            assertThat(page.locator(".voice[aria-pressed=true]")).containsText("B much better");
            page.keyboard().press("c");
            page.keyboard().type("The first is made up.");
            page.keyboard().press("Enter");
            assertThat(page.locator("#left")).hasText("2 to review");

            page.keyboard().press("t");
            page.keyboard().press("Enter");
            assertThat(page.locator("#left")).hasText("1 to review");
            page.keyboard().press("z");
            assertThat(page.locator("#left")).hasText("2 to review");
            assertThat(page.locator(".before")).containsText("Was decided: Tie (undone)");
            page.keyboard().press("s");
            assertThat(page.locator("#left")).hasText("1 to review");
            page.keyboard().press("1");
            page.keyboard().press("Enter");
            assertThat(page.locator("#stage")).containsText("Nothing to review");
            TestPages.look(page, "review-nothing");
        });

        reviewer()
                .get("/api/projects/" + project + "/review?adjudicated=true")
                .then()
                .body("tasks", hasSize(2))
                .body("tasks.decided.sort()", equalTo(List.of("A", "B")));
    }

    @Test
    void textOfSomebodyIsTakenForRight() {
        var source = crowd.arrive(List.of(TestCrowd.text("What is the capital of France?")));
        var project = crowd.project(source, "{\"type\":\"DEMONSTRATION\"}", 2, "");
        TestCrowd.awaitOpen(project, 1);
        for (var person : List.of("ann", "bob")) {
            judge(person, next(person, project, 1).getFirst(), "\"text\":\"Paris, says %s.\"".formatted(person))
                    .statusCode(201);
        }
        awaitQueue(project, 1);

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            assertThat(page.locator(".voice")).hasCount(2);
            TestPages.look(page, "review-text");
            page.keyboard().press("k");
            assertThat(page.locator(".voice[aria-pressed=true]")).containsText("Paris, says bob.");
            page.keyboard().press("Enter");
            assertThat(page.locator("#stage")).containsText("Nothing to review");
        });
    }

    @Test
    void pageHasNoBarriersInLightDarkAndOnThePhone() {
        var project = disputed(2);

        for (var view : View.values()) {
            pages.visit(view, page -> {
                open(page, project);
                page.keyboard().press("j");
                assertThat(page.locator(".voice[aria-pressed=true]")).hasCount(1);
                TestPages.look(page, "review-" + view);
                page.locator("#show-help").click();
                assertThat(page.locator("#help")).isVisible();
                TestPages.look(page, "review-help-" + view);
            });
        }
    }

    private static void open(Page page, String project) {
        page.navigate("/projects/" + project + "/review");
        assertThat(page.locator("#submit")).isVisible();
    }

    /// Ann finds the first answer slightly better, bob the second much better.
    private String disputed(int tasks) {
        var source = crowd.arrive(IntStream.range(0, tasks)
                .mapToObj(number -> new SampleDocument(
                        "How do I boil an egg, for the " + (number + 1) + ". time?",
                        null,
                        List.of(
                                "Put it into boiling water for six to eight minutes, then under cold water.",
                                "Ask a hen. She knows best how long her eggs want to be in the water, and with which salt."),
                        Map.of()))
                .toList());
        var project = crowd.project(source, PAIRWISE, 2, "");
        TestCrowd.awaitOpen(project, tasks);
        for (var task : next("ann", project, tasks)) {
            judge("ann", task, "\"choice\":\"A\",\"strength\":1,\"activeMillis\":9000").statusCode(201);
        }
        for (var task : next("bob", project, tasks)) {
            judge("bob", task, "\"choice\":\"B\",\"strength\":3,\"comment\":\"It is funny.\"").statusCode(201);
        }
        awaitQueue(project, tasks);
        return project;
    }

    private static void awaitQueue(String project, int tasks) {
        await().untilAsserted(() -> reviewer()
                .get("/api/projects/" + project + "/review")
                .then()
                .body("tasks", hasSize(tasks)));
    }
}
