package dev.gyre.annotation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import dev.gyre.annotation.TestPages.View;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Every kind of question on the labeling page, by keyboard alone and by mouse; the service takes what the page sends.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class QuestionPageFlowTest {

    private static final String PAIR = "{'type':'PAIRWISE','name':'overall','text':'Which answer helps more?'}";
    private static final String EGG = "How do I boil an egg so that the yolk stays soft?";
    private static final String SHORT = "Boil it for six minutes, then cool it in cold water.";
    private static final String LONG = """
            ## Steps
            1. Bring water to a **gentle** boil.
            2. Put the egg in with a spoon.

            ```
            timer 6m
            ```
            """;

    @Inject
    TestPages pages;

    @Inject
    ObjectMapper json;

    @Test
    void pairIsComparedOnSevenPlaces() {
        walk(
                "pairwise",
                project(PAIR, sample(EGG, SHORT, LONG)),
                type("6", "c", "\"Says how."),
                click(".scale button >> nth=5"),
                "{'overall':{'choice':'B','strength':2}}");
    }

    @Test
    void answersAreRankedWithTies() {
        walk(
                "ranking",
                project(
                        "{'type':'RANKING','name':'order','text':'Put the answers in order.'}",
                        sample(EGG, SHORT, LONG, "Ask a cook.", "No idea.")),
                type("2", "1", "3", "t"),
                click(
                        ".chips button >> nth=1",
                        ".chips button >> nth=0",
                        ".chips button >> nth=2",
                        "[aria-label='Answer 4: tie with the one above']"),
                "{'order':{'ranking':[['B'],['A'],['C','D']]}}");
    }

    @Test
    void eachAnswerIsRated() {
        walk(
                "rating-each",
                project(
                        "{'type':'RATING','name':'correct','text':'How correct is each answer?','from':0,'to':4,'each':true}",
                        sample(EGG, SHORT, LONG)),
                type("4", "3", "ArrowLeft", "2", "0"),
                click(".rated >> nth=0 >> button >> nth=2", ".rated >> nth=1 >> button >> nth=0"),
                "{'correct':{'ratings':{'A':2,'B':0}}}");
    }

    @Test
    void taskIsRated() {
        walk(
                "rating",
                project("{'type':'RATING','name':'clear','text':'How clear is it?','from':1,'to':7}", sample(EGG)),
                type("6"),
                click(".points button >> nth=5"),
                "{'clear':{'rating':6}}");
    }

    @Test
    void labelIsChosen() {
        walk(
                "label",
                project("{'type':'LABEL','name':'kind','text':'What is it?','labels':['ham','spam']}", sample(EGG)),
                type("1", "2"),
                click(".labels button >> nth=1"),
                "{'kind':{'label':'spam'}}");
    }

    @Test
    void labelsAreChosen() {
        walk(
                "labels",
                project(
                        "{'type':'LABELS','name':'topics','text':'Which topics fit?','labels':['travel','food','sport'],'least':1,'most':2}",
                        sample(EGG)),
                type("3", "1", "3", "2"),
                click(".labels button >> nth=1", ".labels button >> nth=0"),
                "{'topics':{'labels':['travel','food']}}");
    }

    @Test
    void partsOfTheTextAreMarkedInCodePoints() {
        walk(
                "spans",
                project(
                        "{'type':'SPANS','name':'names','text':'Mark the names.','labels':['person','place']}",
                        sample("🚀 Ada Lovelace lives in Paris.")),
                type(
                        "ArrowRight",
                        "ArrowRight",
                        "Shift+ArrowRight",
                        "1",
                        "ArrowRight",
                        "2",
                        "ArrowLeft",
                        "ArrowRight",
                        "d",
                        "ArrowRight",
                        "ArrowRight",
                        "2"),
                page -> {
                    select(page, "Ada Lovelace");
                    page.click(".labels button >> nth=0");
                    page.click(".labels button >> nth=1");
                    select(page, "Paris");
                },
                "{'names':{'spans':[{'start':2,'end':14,'label':'person'},{'start':24,'end':29,'label':'place'}]}}");
    }

    @Test
    void answerIsWritten() {
        walk(
                "demonstration",
                project("{'type':'DEMONSTRATION','name':'answer','text':'What would you answer?'}", sample(EGG)),
                type("\"Six minutes; s and z are letters.", "Escape"),
                page -> page.fill(".write textarea", "Six minutes; s and z are letters."),
                "{'answer':{'text':'Six minutes; s and z are letters.'}}");
    }

    @Test
    void betterAnswerIsEditedInItsPlace() {
        walk(
                "edit",
                project(PAIR + ",{'type':'EDIT','name':'edit','text':'Make it better.'}", sample(EGG, SHORT, LONG)),
                type("1", "e", "Control+End", "\" Salt it.", "Escape"),
                page -> {
                    page.click(".scale button >> nth=0");
                    page.click("[data-question=edit] .command");
                    page.fill(".in-place", SHORT + " Salt it.");
                    assertThat(page.locator(".diff ins")).hasText("Salt it.");
                },
                "{'overall':{'choice':'A','strength':3},'edit':{'candidate':'A','text':'%s Salt it.'}}".formatted(SHORT));
    }

    @Test
    void turnsAreJudgedAndRewritten() {
        var talk = new SampleDocument(
                "A book, please.",
                null,
                List.of(),
                Map.of("format", "markdown"),
                List.of(
                        new Message("user", "A book, please."),
                        new Message("assistant", "Read **Middlemarch**."),
                        new Message("user", "A short one."),
                        new Message("assistant", "War and Peace.")));
        walk(
                "turns",
                project("{'type':'TURNS','name':'turns','text':'Judge the turns.','labels':['good','bad']}", talk),
                type("1", "ArrowRight", "2", "e", "Control+a", "\"Candide.", "Escape"),
                page -> {
                    page.click("[data-turn='1'] .chips button >> nth=0");
                    page.click("[data-turn='3'] .chips button >> nth=1");
                    page.click("[data-turn='3'] .row > .small");
                    page.fill(".in-place", "Candide.");
                    assertThat(page.locator(".diff del")).containsText("War and Peace");
                },
                "{'turns':{'turns':[{'turn':1,'label':'good'},{'turn':3,'label':'bad','rewrite':'Candide.'}]}}");
    }

    @Test
    void allAnswersComeBackWhenTheLastTaskIsTakenBack() {
        var project = project(
                PAIR + ",{'type':'LABEL','name':'safe','text':'Safe?','labels':['safe','unsafe']}"
                        + ",{'type':'TEXT','name':'why','text':'Why?','required':false}",
                sample(EGG, SHORT, LONG));

        pages.visit(View.LIGHT, page -> {
            open(page, project);
            type("2", "1", "e", "\"It is true.", "Escape").accept(page);
            page.waitForResponse("**/judgements", () -> page.keyboard().press("Enter"));
            assertThat(page.locator("#progress")).containsText("1 by you");
            page.keyboard().press("z");
            assertThat(page.locator("#progress")).containsText("0 by you");
            assertThat(page.locator("[data-question=why] textarea")).hasValue("It is true.");
            assertThat(page.locator("[data-question=safe] button").first()).hasAttribute("aria-checked", "true");
            page.locator("[data-question=safe]").focus();
            page.keyboard().press("2");
            assertTaken(
                    page.waitForResponse("**/judgements", () -> page.keyboard().press("Enter")),
                    "{'overall':{'choice':'A','strength':2},'safe':{'label':'unsafe'},'why':{'text':'It is true.'}}");
        });
    }

    @Test
    void questionsFollowEachOtherAndDependOnAnswers() {
        walk(
                "several",
                project(
                        PAIR
                                + ",{'type':'LABEL','name':'safe','text':'Is the better one safe?','labels':['safe','unsafe']}"
                                + ",{'type':'LABELS','name':'harm','text':'What is wrong?','labels':['fraud','violence'],'least':1,'when':{'question':'safe','is':['unsafe']}}"
                                + ",{'type':'RATING','name':'correct','text':'How correct is each?','from':1,'to':5,'each':true}"
                                + ",{'type':'TEXT','name':'why','text':'Why?','required':false}",
                        sample(EGG, SHORT, LONG)),
                type("x", "2", "2", "j", "5", "3", "ArrowDown", "e", "\"Both are long.", "Escape"),
                click(
                        "button.bad",
                        "[data-question=safe] button >> nth=1",
                        "[data-question=harm] button >> nth=1",
                        ".rated >> nth=0 >> button >> nth=4",
                        ".rated >> nth=1 >> button >> nth=2")
                        .andThen(page -> page.fill("[data-question=why] textarea", "Both are long.")),
                "{'overall':{'bothBad':true},'safe':{'label':'unsafe'},'harm':{'labels':['violence']},'correct':{'ratings':{'A':5,'B':3}},'why':{'text':'Both are long.'}}");
    }

    // ---- walking --------------------------------------------------------------------------------------------------

    /// One task by keyboard, one by mouse, and a look at a third on the phone: both answers are the same and are taken.
    private void walk(String name, String project, Consumer<Page> keys, Consumer<Page> mouse, String answers) {
        pages.visit(View.LIGHT, page -> {
            open(page, project);
            keys.accept(page);
            TestPages.look(page, name + "-light");
            assertTaken(page.waitForResponse("**/judgements", () -> page.keyboard().press("Enter")), answers);
        });
        pages.visit(View.DARK, page -> {
            open(page, project);
            mouse.accept(page);
            TestPages.look(page, name + "-dark");
            assertTaken(page.waitForResponse("**/judgements", () -> page.click("#submit")), answers);
        });
        pages.visit(View.PHONE, page -> {
            open(page, project);
            keys.accept(page);
            TestPages.look(page, name + "-phone");
        });
    }

    private void assertTaken(Response response, String answers) {
        assertThat(response.text()).contains("\"judgement\"");
        assertThat(response.status()).isEqualTo(201);
        try {
            assertThat(json.readTree(response.request().postData()).get("answers"))
                    .isEqualTo(json.readTree(answers.replace('\'', '"')));
        } catch (JsonProcessingException notJson) {
            throw new IllegalStateException(notJson);
        }
    }

    private static void open(Page page, String project) {
        page.navigate("/projects/" + project + "/work");
        assertThat(page.locator(".prompt")).isVisible();
    }

    /// Presses keys; what begins with a quotation mark is typed.
    private static Consumer<Page> type(String... keys) {
        return page -> {
            for (var key : keys) {
                if (key.startsWith("\"")) {
                    page.keyboard().type(key.substring(1));
                } else {
                    page.keyboard().press(key);
                }
            }
        };
    }

    private static Consumer<Page> click(String... places) {
        return page -> {
            for (var place : places) {
                page.click(place);
            }
        };
    }

    /// Draws the mouse over some words of the text.
    private static void select(Page page, String words) {
        var ends = (List<?>) page.evaluate("""
                words => {
                  const walker = document.createTreeWalker(document.querySelector('.spans'), NodeFilter.SHOW_TEXT);
                  for (let node; (node = walker.nextNode());) {
                    const at = node.data.indexOf(words);
                    if (at < 0) continue;
                    const range = new Range();
                    range.setStart(node, at);
                    range.setEnd(node, at + words.length);
                    const box = range.getBoundingClientRect();
                    return [box.left + 1, box.right - 1, box.top + box.height / 2];
                  }
                  throw new Error(`no ${words}`);
                }""", words);
        var places = ends.stream().mapToDouble(end -> ((Number) end).doubleValue()).toArray();
        page.mouse().move(places[0], places[2]);
        page.mouse().down();
        page.mouse().move(places[1], places[2]);
        page.mouse().up();
    }

    private String project(String questions, SampleDocument sample) {
        return TestPages.project(
                pages.arrive(Collections.nCopies(3, sample)),
                "\"shuffleSides\":false,\"questions\":[%s]".formatted(questions.replace('\'', '"')));
    }

    private static SampleDocument sample(String prompt, String... candidates) {
        return new SampleDocument(prompt, null, List.of(candidates), Map.of());
    }
}
