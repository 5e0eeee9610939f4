package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.Fact;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleEvent.SampleAccepted;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jspecify.annotations.Nullable;

/// The pages in a real browser, and what stands on them. Skips the test where there is no Chromium.
@Singleton
class TestPages {

    private static final Path CHROMIUM = Path.of(System.getProperty("gyre.chromium", "/usr/bin/chromium"));
    private static final double PATIENCE_MILLIS = 60_000;
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /// How somebody looks at a page.
    enum View {
        LIGHT(ColorScheme.LIGHT, 1280, 800),
        DARK(ColorScheme.DARK, 1280, 800),
        PHONE(ColorScheme.LIGHT, 390, 844);

        private final ColorScheme scheme;
        private final int width;
        private final int height;

        View(ColorScheme scheme, int width, int height) {
            this.scheme = scheme;
            this.width = width;
            this.height = height;
        }
    }

    private final InMemoryConnector broker;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;
    private @Nullable Playwright playwright;
    private @Nullable Browser browser;

    TestPages(@Connector("smallrye-in-memory") InMemoryConnector broker, ArtifactStore artifacts, ObjectMapper json) {
        this.broker = broker;
        this.artifacts = artifacts;
        this.json = json;
    }

    static String token() {
        return TestLogins.token("paula", "pages", "annotator", "manager");
    }

    void visit(View view, Consumer<Page> steps) {
        assumeTrue(Files.exists(CHROMIUM), "no Chromium at " + CHROMIUM + ", set -Dgyre.chromium");
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        try (var context = browser()
                .newContext(new Browser.NewContextOptions()
                        .setBaseURL("http://127.0.0.1:" + RestAssured.port)
                        .setColorScheme(view.scheme)
                        .setViewportSize(view.width, view.height)
                        .setReducedMotion(ReducedMotion.REDUCE)
                        .setExtraHTTPHeaders(Map.of("Authorization", "Bearer " + token())))) {
            context.setDefaultTimeout(PATIENCE_MILLIS);
            steps.accept(context.newPage());
        }
    }

    /// One browser for all visits; each has a context of its own, which remembers nothing of the others.
    private Browser browser() {
        if (playwright == null) {
            playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(CHROMIUM)
                            .setArgs(FLAGS));
        }
        return Objects.requireNonNull(browser);
    }

    @PreDestroy
    void close() {
        if (playwright != null) {
            playwright.close();
        }
    }

    /// The page as it is now: axe finds nothing, nothing sticks out at the side, and a picture of it is kept.
    static void look(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "pages", name + ".png")));
        assertThat(barriers(page)).as(name).isEmpty();
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("%s fits its window", name)
                .isEqualTo(true);
    }

    static List<String> barriers(Page page) {
        return new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .map(violation -> "%s %s: %s".formatted(page.url(), violation.getId(), violation.getNodes()))
                        .toList();
    }

    /// Samples of a new source.
    ///
    /// @return the source
    String arrive(List<SampleDocument> documents) {
        var source = UUID.randomUUID().toString();
        for (int sample = 0; sample < documents.size(); sample++) {
            send(
                    "samples",
                    new SampleAccepted(
                            "pages",
                            UUID.randomUUID().toString(),
                            source,
                            "s" + sample,
                            "talk",
                            artifacts.put("pages", json(documents.get(sample))),
                            null));
        }
        return source;
    }

    void send(String channel, Fact fact) {
        broker.source(channel).send(TestFacts.message(fact));
    }

    /// @param fields what the project is asked with, as JSON without braces
    static String project(String source, String fields) {
        return given().auth()
                .oauth2(token())
                .contentType(ContentType.JSON)
                .body("{\"name\":\"Answers that help\",\"source\":\"%s\",%s}".formatted(source, fields))
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    String json(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
