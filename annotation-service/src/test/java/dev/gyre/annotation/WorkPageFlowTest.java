package dev.gyre.annotation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.gyre.annotation.TestPages.View;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.DriftEvent;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Drifted;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.SampleDocument;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How work goes on the labeling page, whatever is asked: keys, undo, drafts, a network that is away.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class WorkPageFlowTest {

    private static final String PAIRWISE = "\"question\":{\"type\":\"PAIRWISE\",\"text\":\"Which answer helps more?\"}";

    @Inject
    TestPages pages;

    @Inject
    ArtifactStore artifacts;

    @Test
    void pairsAreJudgedTakenBackAndJudgedAgainByKeyboard() {
        var project = TestPages.project(pages.arrive(samples(3)), PAIRWISE);

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            for (int judged = 1; judged <= 3; judged++) {
                assertThat(page.locator(".answer")).hasCount(2);
                page.keyboard().press(judged == 1 ? "7" : judged == 2 ? "t" : "x");
                page.keyboard().press("Enter");
                assertThat(page.locator("#progress")).containsText(judged + " by you");
            }
            assertThat(page.locator("#stage")).containsText("All done");
            page.keyboard().press("z");
            assertThat(page.locator(".answer.bad")).hasCount(2);
            page.keyboard().press("1");
            page.keyboard().press("Enter");
            assertThat(page.locator("#stage")).containsText("All done");
        });

        assertJudgements(project, 3);
    }

    @Test
    void draftOfEveryAnswerSurvivesTheClosedTab() {
        var project = TestPages.project(pages.arrive(samples(1)), PAIRWISE);

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            page.keyboard().press("6");
            page.keyboard().press("c");
            page.keyboard().type("Says when, s and z are letters.");
            page.close();
            var again = page.context().newPage();
            open(again, project);
            assertThat(again.locator("[role=radio][aria-checked=true]")).hasAttribute("aria-label", "B better");
            assertThat(again.locator("#comment")).hasValue("Says when, s and z are letters.");
            again.keyboard().press("Enter");
            assertThat(again.locator("#stage")).containsText("All done");
        });

        assertJudgements(project, 1);
    }

    @Test
    void answerIsKeptWhileTheLoginIsGone() {
        var project = TestPages.project(pages.arrive(samples(2)), PAIRWISE);

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            assertThat(page.locator(".answer")).hasCount(2);
            page.route("**/api/**", route -> route.fulfill(new Route.FulfillOptions().setStatus(401)));
            page.keyboard().press("1");
            page.keyboard().press("Enter");
            assertThat(page.locator("#banner")).containsText("Your login has expired. 1 answer is kept here");
            page.unroute("**/api/**");
            page.reload();
            assertThat(page.locator("#progress")).containsText("1 by you");
        });

        assertJudgements(project, 1);
    }

    @Test
    void answersGivenOfflineArriveOnceAlsoWhereTheReceiptWasLost() {
        var project = TestPages.project(pages.arrive(samples(3)), PAIRWISE);

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            page.context().setOffline(true);
            page.keyboard().press("1");
            page.keyboard().press("Enter");
            page.keyboard().press("2");
            page.keyboard().press("Enter");
            assertThat(page.locator("#banner")).containsText("2 answers are kept here");
            page.route("**/judgements", route -> {
                route.fetch();
                route.abort();
            });
            page.context().setOffline(false);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                page.waitForTimeout(100);
                assertJudgements(project, 1);
            });
            page.unroute("**/judgements");
            assertThat(page.locator("#banner")).isHidden();
            page.keyboard().press("3");
            page.keyboard().press("Enter");
            assertThat(page.locator("#stage")).containsText("All done");
        });

        assertJudgements(project, 3);
    }

    @Test
    void keysAreChangedByTheirUserAndNeverMeanTwoThings() {
        var project = TestPages.project(pages.arrive(samples(2)), PAIRWISE);

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            page.keyboard().press("?");
            page.locator(".key[aria-label^='X,']").click();
            page.keyboard().press("s");
            assertThat(page.locator("#keys-note")).containsText("S is taken: skip this task");
            page.locator(".key[aria-label^='X,']").click();
            page.keyboard().press("q");
            assertThat(page.locator("#keys-note")).containsText("Q is the key now");
            page.keyboard().press("Escape");
            page.reload();
            assertThat(page.locator("button.bad kbd")).hasText("Q");
            page.keyboard().press("x");
            assertThat(page.locator(".answer.bad")).hasCount(0);
            page.keyboard().press("q");
            assertThat(page.locator(".answer.bad")).hasCount(2);
        });
    }

    @Test
    void taskIsFlaggedWithAReasonAndSkipped() {
        var project = TestPages.project(pages.arrive(samples(2)), PAIRWISE);

        pages.visit(View.DARK, page -> {
            open(page, project);
            page.keyboard().press("f");
            TestPages.look(page, "flag-dark");
            page.keyboard().press("3");
            assertThat(page.locator("#flag")).containsText("Flagged: Personal data");
            var first = page.locator(".prompt").textContent();
            page.keyboard().press("s");
            assertThat(page.locator(".prompt")).not().hasText(first);
        });

        assertJudgements(project, 0);
    }

    @Test
    void campaignComesFirstAndSaysWhyAndUntilWhenPeopleAreAsked() {
        TestPages.project(pages.arrive(samples(1)), PAIRWISE);
        var model = "assistant-" + UUID.randomUUID();
        drift(model);

        for (var view : View.values()) {
            pages.visit(view, page -> {
                page.navigate("/");
                var first = page.locator(".project").first();
                assertThat(first).containsText(model + " campaign 1");
                assertThat(first).containsText("answers count until");
                assertThat(first).containsText("People ask about travel now.");
                TestPages.look(page, "campaign-" + view);
            });
        }
    }

    @Test
    void pagesHaveNoBarriersInLightDarkAndOnThePhone() {
        var project = TestPages.project(pages.arrive(samples(2)), PAIRWISE);

        for (var view : View.values()) {
            pages.visit(view, page -> {
                page.navigate("/");
                assertThat(page.locator(".project").first()).isVisible();
                TestPages.look(page, "projects-" + view);
                page.navigate("/projects/" + project);
                assertThat(page.locator(".tiles")).isVisible();
                TestPages.look(page, "project-" + view);
                open(page, project);
                page.keyboard().press("6");
                TestPages.look(page, "pair-" + view);
                page.keyboard().press("?");
                assertThat(page.locator("#help")).isVisible();
                TestPages.look(page, "help-" + view);
            });
        }
    }

    private static void open(Page page, String project) {
        page.navigate("/projects/" + project + "/work");
        assertThat(page.locator(".prompt")).isVisible();
    }

    private static void assertJudgements(String project, int count) {
        given().auth()
                .oauth2(TestPages.token())
                .get("/api/projects/" + project)
                .then()
                .body("progress.judgements", equalTo(count));
    }

    private static List<SampleDocument> samples(int count) {
        return IntStream.range(0, count)
                .mapToObj(sample -> new SampleDocument("Prompt " + sample, null, List.of("First", "Second"), Map.of()))
                .toList();
    }

    /// An alarm about a model that has a plan; the campaign is there when it returns.
    private void drift(String model) {
        given().auth()
                .oauth2(TestPages.token())
                .contentType(ContentType.JSON)
                .body("{\"question\":{\"type\":\"DEMONSTRATION\"},\"budget\":1,\"minimum\":1}")
                .put("/api/campaign-plans/" + model)
                .then()
                .statusCode(200);
        var prompt = new SampleDocument("Where to?", "Home.", List.of(), Map.of());
        var content = artifacts.put("pages", pages.json(prompt));
        var drifted = new Drifted(UUID.randomUUID().toString(), "travel", content, null, 1);
        pages.send(
                "drift",
                new DriftDetected(
                        "pages",
                        model + "/input",
                        UUID.randomUUID().toString(),
                        new ModelVersion(model, 1),
                        DriftEvent.Concern.INPUT,
                        "mmd",
                        "embedding",
                        0.4,
                        0.1,
                        200,
                        "People ask about travel now.",
                        List.of(),
                        artifacts.put("pages", pages.json(drifted))));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().auth()
                        .oauth2(TestPages.token())
                        .get("/api/campaigns?state=OPEN&model=" + model)
                        .then()
                        .body("", hasSize(1)));
    }
}
