package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.Fact;
import dev.gyre.events.JudgementEvent.JudgementWithdrawn;
import dev.gyre.events.JudgementEvent.LabelRecorded;
import dev.gyre.events.JudgementEvent.PreferenceRecorded;
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
import io.restassured.common.mapper.TypeRef;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.Test;

/// Whom to believe: figures, questions whose answer is known, tasks that come twice, and taking back what was said.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class QualityFlowTest {

    private static final String PAIRWISE = "{\"type\":\"PAIRWISE\",\"text\":\"Which answer is better?\"}";
    private static final String LABEL = "{\"type\":\"LABEL\",\"labels\":[\"ham\",\"spam\"]}";

    private static final Path CHROMIUM = Path.of(System.getProperty("gyre.chromium", "/usr/bin/chromium"));
    private static final double PATIENCE_MILLIS = 60_000;

    private final String source = UUID.randomUUID().toString();
    private final String prefix = UUID.randomUUID().toString();

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Lent(String task, String externalId, String lease, List<Shown> candidates) {

        List<String> shown() {
            return candidates.stream().map(Shown::id).toList();
        }

        String idOf(String text) {
            return candidates.stream()
                    .filter(candidate -> candidate.text().equals(text))
                    .findFirst()
                    .orElseThrow()
                    .id();
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Shown(String id, int original, String text) {}

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    ObjectMapper json;

    @Test
    void managerSeesWhoDoesNotLook() {
        var project = judgedByThree();

        var lou = "annotators.find { it.judged == 40 && it.left.hits == 40 }";
        quality(project, report -> report.body("judgements", equalTo(120)))
                .body("overlapping", equalTo(40))
                .body(
                        "coefficients.findAll { it.scale == 'NOMINAL' }.name",
                        equalTo(List.of("krippendorff-alpha", "gwet-ac1", "fleiss-kappa")))
                .body(
                        "coefficients.findAll { it.scale == 'INTERVAL' }.name",
                        equalTo(List.of("krippendorff-alpha", "gwet-ac2")))
                .body(
                        "coefficients.findAll { it.estimate.low < it.estimate.value && it.estimate.value < it.estimate.high }",
                        hasSize(7))
                .body("pairs", hasSize(3))
                .body("pairs.findAll { it.kappa == 1 }", hasSize(1))
                .body("consensus.name", equalTo(List.of("majority", "dawid-skene", "mace", "weighted")))
                .body("consensus.decided", equalTo(List.of(40, 40, 40, 40)))
                .body("consensus.asMajority", equalTo(List.of(1f, 1f, 1f, 1f)))
                .body("annotators", hasSize(3))
                .body("annotators.min { it.mace }.left.hits", equalTo(40))
                .body(lou + ".activeMillis", equalTo(20))
                .body(lou + ".hasty.hits", equalTo(40))
                .body(
                        lou + ".remarks",
                        hasItems(
                                "Chose the answer on the left in 100 % of the pairs (91 % to 100 %, 40 pairs).",
                                "Took less time than reading does on 100 % of the judgements (40 of 40)."))
                .body("annotators.findAll { it.left.hits != 40 }.longer.hits", equalTo(List.of(40, 40)));
        given().auth().oauth2(annotator("ann")).get(quality(project)).then().statusCode(403);
        given().auth()
                .oauth2(annotator("ann"))
                .get("/api/projects/" + project + "/annotators/me")
                .then()
                .statusCode(200)
                .body("judged", equalTo(40))
                .body("activeMillis", equalTo(9000));
        given().auth()
                .oauth2(annotator("nobody"))
                .get("/api/projects/" + project + "/annotators/me")
                .then()
                .statusCode(200)
                .body("judged", equalTo(0));
    }

    @Test
    void projectPageShowsTheFigures() {
        assumeTrue(Files.exists(CHROMIUM), "no Chromium at " + CHROMIUM + ", set -Dgyre.chromium");
        var project = judgedByThree();
        quality(project, report -> report.body("judgements", equalTo(120)));

        try (var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                var browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(CHROMIUM)
                                .setArgs(List.of("--no-sandbox", "--disable-gpu")))) {
            for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                var page = browser.newContext(new Browser.NewContextOptions()
                                .setBaseURL("http://127.0.0.1:" + RestAssured.port)
                                .setColorScheme(scheme)
                                .setExtraHTTPHeaders(Map.of("Authorization", "Bearer " + manager())))
                        .newPage();
                page.navigate("/projects/" + project);
                page.locator("#quality .remarks")
                        .first()
                        .waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE_MILLIS));

                assertThat(page.locator("#quality").innerText())
                        .contains("Over 40 tasks that two people or more judged")
                        .contains("Krippendorff α, nominal")
                        .contains("Gwet AC2, interval")
                        .contains("Dawid–Skene")
                        .contains("Chose the answer on the left in 100 % of the pairs (91 % to 100 %, 40 pairs).");
                assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(Path.of("target", "quality-" + scheme + ".png")));
            }
        }
    }

    /// Twelve tasks are gold and come first; ann knows, eve does not care, and to both they look like any other task.
    @Test
    void goldQuestionLooksLikeATaskAndCountsNowhere() {
        texts(20);
        var project = project(LABEL, 1);
        awaitOpen(project, 20);
        var known = next("max", project, 12);
        known.forEach(task -> given().auth()
                .oauth2(annotator("max"))
                .delete("/api/leases/" + task.lease())
                .then()
                .statusCode(204));
        var gold = known.stream()
                .map(task -> "{\"task\":\"%s\",\"value\":\"spam\"}".formatted(task.task()))
                .collect(Collectors.joining(",", "{\"tasks\":[", "]}"));
        post(project, "gold", gold).statusCode(200).body("added", equalTo(12));
        post(project, "gold", gold).statusCode(200).body("added", equalTo(0));
        probing(project, "{\"goldShare\":1,\"repeatShare\":0}");

        var first = next("ann", project, 12);
        assertThat(first).extracting(Lent::task).containsExactlyInAnyOrderElementsOf(ids(known));
        assertThat(held("ann", project)).extracting(Lent::lease).containsExactlyInAnyOrderElementsOf(leases(first));
        for (var task : first) {
            label("ann", task, "spam").statusCode(201).body("task", equalTo(task.task()));
        }
        next("eve", project, 12).forEach(task -> label("eve", task, "ham").statusCode(201));

        // as with any task: sent twice, refused, taken back, taken again
        String receipt =
                label("ann", first.getFirst(), "ham").statusCode(200).extract().path("judgement");
        given().auth()
                .oauth2(annotator("eve"))
                .delete("/api/judgements/" + receipt)
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(annotator("ann"))
                .delete("/api/judgements/" + receipt)
                .then()
                .statusCode(204);
        label("ann", first.getFirst(), "spam")
                .statusCode(409)
                .body("detail", containsString("the judgement of this lease was withdrawn"));
        var again = taken("ann", project, first.getFirst().task());
        assertThat(again).singleElement().satisfies(task -> {
            assertThat(task.task()).isEqualTo(first.getFirst().task());
            assertThat(task.lease()).isNotEqualTo(first.getFirst().lease());
        });
        label("ann", again.getFirst(), "eggs")
                .statusCode(400)
                .body("detail", equalTo("label is 'eggs', must be one of [ham, spam]"));
        label("ann", again.getFirst(), "spam").statusCode(201);
        label("eve", again.getFirst(), "spam").statusCode(404);

        // what is left are the tasks that count
        var tasks = next("ann", project, 20);
        assertThat(tasks).hasSize(8).extracting(Lent::task).doesNotContainAnyElementsOf(ids(known));
        tasks.forEach(task -> label("ann", task, "ham").statusCode(201));
        assertThat(next("ann", project, 20)).isEmpty();
        given().auth()
                .oauth2(annotator("ann"))
                .get("/api/projects/" + project + "/progress")
                .then()
                .body("mine", equalTo(20));
        given().auth()
                .oauth2(manager())
                .get("/api/projects/" + project)
                .then()
                .body("progress.judgements", equalTo(8))
                .body("progress.done", equalTo(8))
                .body("progress.skipped.gold", equalTo(12));
        assertThat(freeze(project).get("judgements")).isEqualTo(8);
        await().untilAsserted(
                        () -> assertThat(told(LabelRecorded.class, project)).hasSize(8));
        given().auth()
                .oauth2(manager())
                .get("/api/projects/" + project + "/gold")
                .then()
                .body("", hasSize(12))
                .body("answered.sum()", equalTo(24))
                .body("passed.sum()", equalTo(12));
        quality(project, report -> report.body("annotators.find { it.judged == 8 }.gold.hits", equalTo(12)))
                .body("annotators.find { it.judged == 8 }.gold.trials", equalTo(12))
                .body("annotators.find { it.judged == 0 }.gold.hits", equalTo(0));
        given().auth()
                .oauth2(manager())
                .delete("/api/projects/" + project + "/gold/" + known.getFirst().task())
                .then()
                .statusCode(204);
        assertThat(next("bob", project, 20))
                .extracting(Lent::task)
                .contains(known.getFirst().task());
    }

    @Test
    void unanimousTasksBecomeGoldForThoseWhoHaveNotSeenThem() {
        texts(4);
        var project = project(LABEL, 3);
        awaitOpen(project, 4);
        for (var person : List.of("ann", "bob", "cat")) {
            for (var task : next(person, project, 4)) {
                var odd = task.externalId().endsWith("0") && person.equals("cat");
                label(person, task, odd ? "spam" : "ham").statusCode(201);
            }
        }

        post(project, "gold", "{\"unanimous\":2}")
                .statusCode(400)
                .body("detail", equalTo("unanimous is 2, must be 3 or more"));
        post(project, "gold", "{}").statusCode(400).body("detail", containsString("send either tasks"));
        post(project, "gold", "{\"unanimous\":3}").statusCode(200).body("added", equalTo(3));
        probing(project, "{\"goldShare\":1,\"repeatShare\":0}");

        assertThat(next("ann", project, 4)).isEmpty();
        assertThat(next("dan", project, 4))
                .hasSize(3)
                .noneMatch(task -> task.externalId().endsWith("0"));
        given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"goldShare\":0.8,\"repeatShare\":0.3}")
                .put("/api/projects/" + project + "/probing")
                .then()
                .statusCode(400)
                .body("detail", containsString("together at most 1"));
    }

    @Test
    void goldIsRefusedWhereSomebodyIsJudgingOrTheValueCannotBe() {
        pairs(2);
        var project = project(PAIRWISE, 2);
        awaitOpen(project, 2);
        var taken = next("ann", project, 1).getFirst();

        post(project, "gold", "{\"tasks\":[{\"task\":\"%s\",\"value\":\"A\"}]}".formatted(taken.task()))
                .statusCode(409)
                .body("detail", containsString("is READY with 1 of its seats taken; mark it before anybody judges it"));
        given().auth()
                .oauth2(annotator("ann"))
                .delete("/api/leases/" + taken.lease())
                .then()
                .statusCode(204);
        post(project, "gold", "{\"tasks\":[{\"task\":\"%s\",\"value\":\"C\"}]}".formatted(taken.task()))
                .statusCode(400)
                .body("detail", containsString("is 'C', must be one of [A, B, tie, bad]"));
        post(project, "gold", "{\"tasks\":[{\"task\":\"x\",\"value\":\"A\"}]}").statusCode(404);
    }

    /// Of fourteen tasks the first ten have four others after them.
    @Test
    void ownTaskComesAgainWithItsSidesSwappedAndShowsWhoIsConsistent() {
        pairs(14);
        var project = project(PAIRWISE, 2);
        awaitOpen(project, 14);
        probing(project, "{\"goldShare\":0,\"repeatShare\":0}");
        var before = new HashMap<String, Lent>();
        for (var task : next("ann", project, 14)) {
            before.put(task.task(), task);
            prefer("ann", task, "good answer").statusCode(201);
        }
        probing(project, "{\"repeatShare\":1,\"repeatAfter\":4}");

        var again = next("ann", project, 14);

        assertThat(again).hasSize(10).allSatisfy(task -> {
            var first = before.getOrDefault(task.task(), task);
            assertThat(task.lease()).isNotEqualTo(first.lease());
            assertThat(task.shown()).isEqualTo(first.shown().reversed());
        });
        for (int task = 0; task < 10; task++) {
            prefer("ann", again.get(task), task < 9 ? "good answer" : "poor").statusCode(201);
        }
        assertThat(next("ann", project, 14)).isEmpty();
        List<Lent> robots = given().auth()
                .oauth2(TestLogins.token(
                        prefix + "robot", "demo", "SIMULATED", Instant.now().plusSeconds(600), "annotator"))
                .post("/api/projects/" + project + "/tasks/next?count=14")
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
        assertThat(robots).hasSize(14);
        given().auth()
                .oauth2(manager())
                .get("/api/projects/" + project)
                .then()
                .body("progress.judgements", equalTo(14));
        quality(project, report -> report.body("annotators[0].consistent.trials", equalTo(10)))
                .body("annotators[0].consistent.hits", equalTo(9))
                .body("annotators[0].judged", equalTo(14));
        await().untilAsserted(() ->
                assertThat(told(PreferenceRecorded.class, project)).hasSize(14));
    }

    @Test
    void whatAnAnnotatorSaidIsTakenBackAtOnceAndTheDataSetsAreNamed() {
        pairs(6);
        var one = project(PAIRWISE, 2);
        var other = project(PAIRWISE, 1);
        awaitOpen(one, 6);
        awaitOpen(other, 6);
        for (var person : List.of("ann", "eve")) {
            next(person, one, 6)
                    .forEach(task -> prefer(person, task, "good answer").statusCode(201));
        }
        next("eve", other, 3).forEach(task -> prefer("eve", task, "poor").statusCode(201));
        next("ann", other, 3).forEach(task -> prefer("ann", task, "poor").statusCode(201));
        var dataset = freeze(one);
        var eve = given().auth()
                .oauth2(annotator("eve"))
                .get("/api/projects/" + one + "/annotators/me")
                .then()
                .extract()
                .<String>path("annotator");
        var path = "/api/annotators/" + eve + "/withdraw";

        withdraw(path, "{}").statusCode(400).body("detail", containsString("reason is missing"));
        withdraw("/api/annotators/x/withdraw", "{\"reason\":\"r\"}").statusCode(404);
        given().auth()
                .oauth2(annotator("eve"))
                .contentType(ContentType.JSON)
                .body("{\"reason\":\"r\"}")
                .post(path)
                .then()
                .statusCode(403);
        withdraw(path, "{\"reason\":\"paid by the answer\"}")
                .statusCode(200)
                .body("withdrawn", equalTo(9))
                .body("datasets.dataset", equalTo(List.of(dataset.get("dataset"))))
                .body("datasets.judgements", equalTo(List.of(6)));
        withdraw(path, "{\"reason\":\"paid by the answer\"}")
                .statusCode(200)
                .body("withdrawn", equalTo(0))
                .body("datasets.judgements", equalTo(List.of(6)));

        given().auth()
                .oauth2(manager())
                .get("/api/datasets/" + dataset.get("dataset"))
                .then()
                .body("tainted", hasSize(6));
        for (var project : List.of(one, other)) {
            given().auth()
                    .oauth2(manager())
                    .get("/api/projects/" + project)
                    .then()
                    .body("progress.judgements", equalTo(project.equals(one) ? 6 : 3))
                    .body("progress.open", equalTo(project.equals(one) ? 6 : 3))
                    .body("progress.byAnnotator.size()", equalTo(1));
        }
        assertThat(next("eve", one, 6)).isEmpty();
        assertThat(next("bob", one, 6)).hasSize(6);
        await().untilAsserted(() -> {
            assertThat(told(JudgementWithdrawn.class, one)).hasSize(6);
            assertThat(told(JudgementWithdrawn.class, other))
                    .hasSize(3)
                    .allSatisfy(fact -> assertThat(fact.reason()).isEqualTo("paid by the answer"));
            assertThat(TestFacts.told(broker.sink("facts"), DatasetTainted.class))
                    .filteredOn(fact -> fact.dataset().equals(dataset.get("dataset")))
                    .singleElement()
                    .satisfies(fact -> assertThat(fact.judgements()).hasSize(6));
        });
        quality(one, report -> report.body("annotators", hasSize(1)));
    }

    /// Ann and bob see which answer is good, lou takes what stands on the left and takes no time. The good answer is
    /// always the longer one.
    private String judgedByThree() {
        pairs(40);
        var project = project(PAIRWISE, 3);
        awaitOpen(project, 40);
        for (var person : List.of("ann", "bob", "lou")) {
            for (var task : next(person, project, 40)) {
                var choice = person.equals("lou") ? task.shown().getFirst() : task.idOf("good answer");
                judge(
                                person,
                                task,
                                "\"choice\":\"%s\",\"strength\":2,\"activeMillis\":%d"
                                        .formatted(choice, person.equals("lou") ? 20 : 9000))
                        .statusCode(201);
            }
        }
        return project;
    }

    private static String quality(String project) {
        return "/api/projects/" + project + "/quality";
    }

    /// Figures follow a moment after the judgements.
    private static ValidatableResponse quality(String project, Consumer<ValidatableResponse> soon) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> soon.accept(asked(project)));
        return asked(project);
    }

    private static ValidatableResponse asked(String project) {
        return given().auth().oauth2(manager()).get(quality(project)).then().statusCode(200);
    }

    private static ValidatableResponse post(String project, String what, String body) {
        return given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/projects/" + project + "/" + what)
                .then();
    }

    private static ValidatableResponse withdraw(String path, String body) {
        return given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body(body)
                .post(path)
                .then();
    }

    private static void probing(String project, String body) {
        given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body(body)
                .put("/api/projects/" + project + "/probing")
                .then()
                .statusCode(200);
    }

    private static List<String> ids(List<Lent> tasks) {
        return tasks.stream().map(Lent::task).toList();
    }

    private static List<String> leases(List<Lent> tasks) {
        return tasks.stream().map(Lent::lease).toList();
    }

    private void pairs(int count) {
        IntStream.range(0, count)
                .forEach(number -> arrives(
                        "s" + number,
                        new SampleDocument(
                                "Prompt " + number,
                                null,
                                number % 2 == 0 ? List.of("good answer", "poor") : List.of("poor", "good answer"),
                                Map.of())));
    }

    private void texts(int count) {
        IntStream.range(0, count)
                .forEach(number ->
                        arrives("s" + number, new SampleDocument("Text " + number, null, List.of(), Map.of())));
    }

    private static String manager() {
        return TestLogins.token("max", "demo", "manager");
    }

    /// Every test has its own people.
    private String annotator(String name) {
        return TestLogins.token(prefix + name, "demo", "annotator");
    }

    private void arrives(String externalId, SampleDocument document) {
        try {
            var content = artifacts.put("demo", json.writeValueAsBytes(document));
            Fact fact =
                    new SampleAccepted("demo", UUID.randomUUID().toString(), source, externalId, "talk", content, null);
            broker.source(fact.topic()).send(TestFacts.message(fact));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String project(String question, int answersPerItem) {
        return given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"name\":\"%s\",\"source\":\"%s\",\"question\":%s,\"answersPerItem\":%d}"
                        .formatted(UUID.randomUUID(), source, question, answersPerItem))
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static void awaitOpen(String project, int tasks) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().auth()
                        .oauth2(manager())
                        .get("/api/projects/" + project)
                        .then()
                        .body("progress.open", equalTo(tasks)));
    }

    private List<Lent> next(String person, String project, int count) {
        return lent(person, project, "next?count=" + count);
    }

    private List<Lent> taken(String person, String project, String task) {
        return lent(person, project, "next?task=" + task);
    }

    private List<Lent> lent(String person, String project, String what) {
        return given().auth()
                .oauth2(annotator(person))
                .post("/api/projects/" + project + "/tasks/" + what)
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
    }

    private List<Lent> held(String person, String project) {
        return given().auth()
                .oauth2(annotator(person))
                .get("/api/projects/" + project + "/tasks/held")
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
    }

    private ValidatableResponse prefer(String person, Lent task, String text) {
        return judge(person, task, "\"choice\":\"%s\",\"strength\":1".formatted(task.idOf(text)));
    }

    private ValidatableResponse label(String person, Lent task, String label) {
        return judge(person, task, "\"label\":\"%s\"".formatted(label));
    }

    private ValidatableResponse judge(String person, Lent task, String answer) {
        return given().auth()
                .oauth2(annotator(person))
                .contentType(ContentType.JSON)
                .body("{\"lease\":\"%s\",%s}".formatted(task.lease(), answer))
                .post("/api/tasks/" + task.task() + "/judgements")
                .then();
    }

    private static Map<String, Object> freeze(String project) {
        return new HashMap<>(given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"heldOutShare\":0,\"seed\":1}")
                .post("/api/projects/" + project + "/datasets")
                .then()
                .statusCode(201)
                .extract()
                .<Map<String, Object>>path(""));
    }

    private <F extends Fact> List<F> told(Class<F> type, String project) {
        return TestFacts.told(broker.sink("facts"), type).stream()
                .filter(fact -> json.valueToTree(fact).get("project").asText().equals(project))
                .toList();
    }
}
