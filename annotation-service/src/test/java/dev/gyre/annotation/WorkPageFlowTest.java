package dev.gyre.annotation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.DriftEvent;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Drifted;
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
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.Test;

/// The labeling page in a real browser, by keyboard alone. Skipped where there is no Chromium.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class WorkPageFlowTest {

    private static final Path CHROMIUM = Path.of(System.getProperty("gyre.chromium", "/usr/bin/chromium"));
    private static final double PATIENCE_MILLIS = 60_000;
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final String source = UUID.randomUUID().toString();

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    ObjectMapper json;

    @Test
    void pairsAreJudgedTakenBackAndJudgedAgainByKeyboard() {
        arrive(3);
        var project = project("{\"type\":\"PAIRWISE\",\"text\":\"Which answer helps more?\"}");

        inBrowser(ColorScheme.LIGHT, page -> {
            page.navigate("/projects/" + project + "/work");
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

        given().auth().oauth2(token()).get("/api/projects/" + project).then().body("progress.judgements", equalTo(3));
    }

    @Test
    void labelsAreChosenByDigit() {
        arrive(1);
        var project = project("{\"type\":\"LABEL\",\"text\":\"What is it?\",\"labels\":[\"ham\",\"spam\"]}");

        inBrowser(ColorScheme.DARK, page -> {
            page.navigate("/projects/" + project + "/work");
            assertThat(page.locator(".labels button")).hasCount(2);
            page.keyboard().press("2");
            assertThat(barriers(page)).isEmpty();
            page.keyboard().press("Enter");
            assertThat(page.locator("#stage")).containsText("All done");
        });

        given().auth()
                .oauth2(token())
                .get("/api/projects/" + project)
                .then()
                .body("agreement.majority.spam", equalTo(1));
    }

    @Test
    void lettersAreTextWhileAnAnswerIsWritten() {
        arrive(1);
        var project = project("{\"type\":\"DEMONSTRATION\",\"text\":\"What would you answer?\"}");

        inBrowser(ColorScheme.LIGHT, page -> {
            page.navigate("/projects/" + project + "/work");
            assertThat(page.locator("#text")).isFocused();
            page.keyboard().type("Stay sharp, s and z are letters.");
            assertThat(page.locator("#text")).hasValue("Stay sharp, s and z are letters.");
            page.reload();
            assertThat(page.locator("#text")).hasValue("Stay sharp, s and z are letters.");
            page.keyboard().press("Control+Enter");
            assertThat(page.locator("#stage")).containsText("All done");
        });
    }

    @Test
    void answerIsKeptWhileTheLoginIsGone() {
        arrive(2);
        var project = project("{\"type\":\"PAIRWISE\"}");

        inBrowser(ColorScheme.LIGHT, page -> {
            page.navigate("/projects/" + project + "/work");
            assertThat(page.locator(".answer")).hasCount(2);
            page.route("**/api/**", route -> route.fulfill(new Route.FulfillOptions().setStatus(401)));
            page.keyboard().press("1");
            page.keyboard().press("Enter");
            assertThat(page.locator("#banner")).containsText("Your login has expired. 1 answer is kept here");
            page.unroute("**/api/**");
            page.reload();
            assertThat(page.locator("#progress")).containsText("1 by you");
        });

        given().auth().oauth2(token()).get("/api/projects/" + project).then().body("progress.judgements", equalTo(1));
    }

    @Test
    void campaignComesFirstAndSaysWhyAndUntilWhenPeopleAreAsked() {
        arrive(1);
        project("{\"type\":\"PAIRWISE\"}");
        var model = "assistant-" + UUID.randomUUID();
        drift(model);

        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            inBrowser(scheme, page -> {
                page.navigate("/");
                var first = page.locator(".project").first();
                assertThat(first).containsText(model + " campaign 1");
                assertThat(first).containsText("answers count until");
                assertThat(first).containsText("People ask about travel now.");
                assertThat(barriers(page)).isEmpty();
                page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "campaign-" + scheme + ".png")));
            });
        }
    }

    @Test
    void pagesHaveNoBarriersInLightAndDark() {
        arrive(2);
        var project = project("{\"type\":\"PAIRWISE\",\"text\":\"Which answer helps more?\"}");

        var barriers = new ArrayList<String>();
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            inBrowser(scheme, page -> {
                page.navigate("/");
                assertThat(page.locator(".project").first()).isVisible();
                barriers.addAll(barriers(page));
                page.navigate("/projects/" + project);
                assertThat(page.locator(".tiles")).isVisible();
                barriers.addAll(barriers(page));
                page.navigate("/projects/" + project + "/work");
                assertThat(page.locator(".answer")).hasCount(2);
                page.keyboard().press("6");
                barriers.addAll(barriers(page));
                page.keyboard().press("?");
                assertThat(page.locator("#help")).isVisible();
                barriers.addAll(barriers(page));
            });
        }

        assertThat(barriers).isEmpty();
    }

    /// What axe finds on the page as it is now.
    private static List<String> barriers(Page page) {
        return new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .map(violation -> "%s %s: %s".formatted(page.url(), violation.getId(), violation.getNodes()))
                        .toList();
    }

    private static void inBrowser(ColorScheme scheme, Consumer<Page> steps) {
        assumeTrue(Files.exists(CHROMIUM), "no Chromium at " + CHROMIUM + ", set -Dgyre.chromium");
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        var environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        try (var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
                var browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(CHROMIUM)
                                .setArgs(FLAGS))) {
            var context = browser.newContext(new Browser.NewContextOptions()
                    .setBaseURL("http://127.0.0.1:" + RestAssured.port)
                    .setColorScheme(scheme)
                    .setReducedMotion(ReducedMotion.REDUCE)
                    .setExtraHTTPHeaders(Map.of("Authorization", "Bearer " + token())));
            context.setDefaultTimeout(PATIENCE_MILLIS);
            steps.accept(context.newPage());
        }
    }

    private static String token() {
        return TestLogins.token("paula", "pages", "annotator", "manager");
    }

    private void arrive(int samples) {
        for (int sample = 0; sample < samples; sample++) {
            var document = new SampleDocument("Prompt " + sample, null, List.of("First", "Second"), Map.of());
            try {
                var content = artifacts.put("pages", json.writeValueAsBytes(document));
                broker.source("samples")
                        .send(TestFacts.message(new SampleAccepted(
                                "pages", UUID.randomUUID().toString(), source, "s" + sample, "talk", content, null)));
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /// An alarm about a model that has a plan; the campaign is there when it returns.
    private void drift(String model) {
        given().auth()
                .oauth2(token())
                .contentType(ContentType.JSON)
                .body("{\"question\":{\"type\":\"DEMONSTRATION\"},\"budget\":1,\"minimum\":1}")
                .put("/api/campaign-plans/" + model)
                .then()
                .statusCode(200);
        var prompt = new SampleDocument("Where to?", "Home.", List.of(), Map.of());
        var content = artifacts.put("pages", json(prompt));
        var drifted = new Drifted(UUID.randomUUID().toString(), "travel", content, null, 1);
        broker.source("drift")
                .send(TestFacts.message(new DriftDetected(
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
                        artifacts.put("pages", json(drifted)))));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().auth()
                        .oauth2(token())
                        .get("/api/campaigns?state=OPEN&model=" + model)
                        .then()
                        .body("", hasSize(1)));
    }

    private String json(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String project(String question) {
        return given().auth()
                .oauth2(token())
                .contentType(ContentType.JSON)
                .body("{\"name\":\"%s\",\"source\":\"%s\",\"question\":%s}"
                        .formatted(UUID.randomUUID(), source, question))
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }
}
