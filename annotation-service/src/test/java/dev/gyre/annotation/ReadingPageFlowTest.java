package dev.gyre.annotation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.gyre.annotation.TestPages.View;
import dev.gyre.events.SampleDocument;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What people read on the labeling page: Markdown that does no harm, other scripts, long answers, guidelines.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class ReadingPageFlowTest {

    private static final String HOSTILE = """
            ## Steps
            Be **patient**: [more](https://example.org/more), [click](javascript:alert(1)).

            ```
            boil()
            ```

            ![egg](https://tracker.example/egg.png)
            <script>window.harmed = true</script><img src="x" onerror="window.harmed = true"><form action="/logout"><button>x</button></form>
            <p style="position:fixed">over the page</p>
            """;

    @Inject
    TestPages pages;

    @Test
    void markdownIsFormattedAndDoesNoHarm() {
        var project = pair("Steps?", HOSTILE, "None.");

        pages.visit(View.LIGHT, page -> {
            var asked = new ArrayList<String>();
            page.onRequest(request -> asked.add(request.url()));
            open(page, project);
            assertThat(page.locator(".answer").first()).containsText("**patient**");
            page.click("text=Formatted");
            var answer = page.locator(".answer .markdown").first();
            assertThat(answer.locator("strong")).hasText("patient");
            assertThat(answer.locator("pre code")).hasText("boil()");
            assertThat(answer.locator("a").first()).hasAttribute("rel", "noopener noreferrer nofollow");
            assertThat(answer.locator("script, form, button, img, [style], [onerror], [href^=javascript]"))
                    .hasCount(0);
            assertThat(answer).containsText("Image: egg");
            TestPages.look(page, "markdown-light");
            assertThat(page.evaluate("window.harmed === undefined")).isEqualTo(true);
            assertThat(asked).noneMatch(url -> url.contains("tracker.example"));
        });
    }

    @Test
    void textRunsAsItsScriptDoes() {
        var project = pair("كيف أسلق بيضة؟", "ست دقائق في ماء مغلي.", "Six minutes in boiling water.");

        pages.visit(View.DARK, page -> {
            open(page, project);
            assertThat(page.evaluate(
                            "[...document.querySelectorAll('#stage .reading')].map(text => getComputedStyle(text).direction).join()"))
                    .isEqualTo("rtl,rtl,ltr");
            TestPages.look(page, "right-to-left-dark");
        });
    }

    @Test
    void longAnswersScrollTogetherUntilSomebodyWantsThemApart() {
        var project = pair("Tell me.", "A long story. ".repeat(900), "Another story. ".repeat(1800));

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            scrollFirst(page, 400);
            page.waitForFunction("document.querySelectorAll('.answer .body')[1].scrollTop > 400");
            page.click("text=Scroll together");
            var before = second(page);
            scrollFirst(page, 0);
            page.waitForTimeout(200);
            assertThat(second(page)).isEqualTo(before);
        });
    }

    @Test
    void wordsInWhichAnswersDifferAreMarked() {
        var project = pair("When?", "Six minutes are enough.", "Ten minutes are enough.");

        pages.visit(View.DARK, page -> {
            open(page, project);
            page.click("text=Differences");
            assertThat(page.locator(".differs")).hasCount(2);
            assertThat(page.locator(".answer").first().locator(".differs")).hasText("Six");
            TestPages.look(page, "differences-dark");
        });
    }

    @Test
    void guidelinesLieBesideTheWork() {
        var source = pages.arrive(List.of(new SampleDocument("When?", null, List.of("Now", "Then"), Map.of())));
        var project = TestPages.project(
                source, "\"guidelines\":\"Prefer the **kinder** answer.\",\"question\":{\"type\":\"PAIRWISE\"}");

        for (var view : View.values()) {
            pages.visit(view, page -> {
                open(page, project);
                page.keyboard().press("g");
                assertThat(page.locator("#guidelines strong")).hasText("kinder");
                TestPages.look(page, "guidelines-" + view);
                page.keyboard().press("1");
                assertThat(page.locator("[role=radio][aria-checked=true]")).hasAttribute("aria-label", "A much better");
                page.keyboard().press("g");
                assertThat(page.locator("#guidelines")).isHidden();
            });
        }
    }

    @Test
    void newGuidelinesAreShownWithTheFirstTaskThatIsLentUnderThem() {
        var sample = new SampleDocument("When?", null, List.of("Now", "Then"), Map.of());
        var project = TestPages.project(
                pages.arrive(Collections.nCopies(8, sample)),
                "\"guidelines\":\"Prefer the kinder.\",\"question\":{\"type\":\"PAIRWISE\"}");

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            assertThat(page.locator(".answer")).hasCount(2);
            given().auth()
                    .oauth2(TestPages.token())
                    .contentType(ContentType.JSON)
                    .body("{\"questions\":[{\"type\":\"PAIRWISE\"}],\"guidelines\":\"Prefer the truer.\"}")
                    .put("/api/projects/" + project + "/schema")
                    .then()
                    .statusCode(200);
            for (int judged = 1; judged <= 6; judged++) {
                assertThat(page.locator(".answer")).hasCount(2);
                page.keyboard().press("1");
                page.keyboard().press("Enter");
                assertThat(page.locator("#progress")).containsText(judged + " by you");
            }
            page.keyboard().press("g");
            assertThat(page.locator("#guidelines-version")).hasText("version 2");
            assertThat(page.locator("#guidelines")).containsText("Prefer the truer.");
        });
    }

    private String pair(String prompt, String first, String second) {
        var source = pages.arrive(List.of(new SampleDocument(prompt, null, List.of(first, second), Map.of())));
        return TestPages.project(source, "\"shuffleSides\":false,\"question\":{\"type\":\"PAIRWISE\"}");
    }

    private static void scrollFirst(Page page, int top) {
        page.evaluate("top => document.querySelector('.answer .body').scrollTo(0, top)", top);
    }

    private static Object second(Page page) {
        return page.evaluate("document.querySelectorAll('.answer .body')[1].scrollTop");
    }

    private static void open(Page page, String project) {
        page.navigate("/projects/" + project + "/work");
        assertThat(page.locator(".prompt")).isVisible();
    }
}
