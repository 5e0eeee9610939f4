package dev.gyre.eval.scorecard;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.AnswerEvent.AnswersFailed;
import dev.gyre.events.AnswerEvent.AnswersGenerated;
import dev.gyre.events.AnswerEvent.AnswersRequested;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Doubt;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.EvaluationFailed;
import dev.gyre.events.EvaluationEvent.Verdict;
import dev.gyre.events.Fact;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelFile;
import dev.gyre.events.ModelVersion;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class EvaluationFlowTest {

    private static final String WORKSPACE = "demo";

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector kafka;

    @Inject
    ArtifactStore artifacts;

    @Inject
    ExaminationStore examinations;

    @Inject
    Jdbi jdbi;

    /// Every test has a model and data sets of its own.
    private final String name = "model-" + UUID.randomUUID().toString().substring(0, 8);

    private final String dataset = "dataset-of-" + name;

    private List<ModelFile> weak = List.of();
    private List<ModelFile> strong = List.of();

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(120));
    }

    @BeforeEach
    void keepModels() {
        weak = keep(TinyWorld.weak());
        strong = keep(TinyWorld.strong());
    }

    @Test
    void firstVersionPassesAndABetterOneIsComparedWithItOnTheSameRows() {
        promoteFirst(weak);
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40));

        register(2, strong, dataset);

        var second = completed(2);
        assertThat(second.champion()).isEqualTo(version(1));
        assertThat(second.verdict()).as(second.reasons().toString()).isEqualTo(Verdict.PASS);
        assertThat(second.reasons().getFirst())
                .contains("nats-per-character")
                .endsWith("%s is better than %s.".formatted(version(2), version(1)));
        var all = second.scores().getFirst();
        assertThat(all.slice()).isEqualTo("all");
        assertThat(all.rows()).isEqualTo(40);
        assertThat(all.difference()).isNegative();
        assertThat(all.high()).isNegative();
        assertThat(Objects.requireNonNull(all.champion()) + Objects.requireNonNull(all.difference()))
                .isCloseTo(all.candidate(), within(1e-9));
        assertThat(second.scores()).extracting(score -> score.slice()).contains("cat", "dog");
        assertThat(artifacts.readText(Objects.requireNonNull(second.report())).lines())
                .hasSize(40)
                .allSatisfy(
                        line -> assertThat(line).contains("\"task\":\"task-").doesNotContain("says"));
    }

    @Test
    void worseVersionFailsOnItsOwnAndOnPastSuites() {
        promoteFirst(strong);
        freeze(dataset + "-old", Kind.PREFERENCE, Purpose.TRAINING, TinyWorld.preferences(40));
        freeze(dataset + "-control", Kind.SUPERVISED, Purpose.CONTROL, TinyWorld.demonstrations(40));
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40));
        register(2, strong, dataset + "-old");
        reject(completed(2));
        register(3, strong, dataset + "-control");
        reject(completed(3));

        register(4, weak, dataset);

        var fourth = completed(4);
        assertThat(fourth.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(fourth.scores())
                .extracting(score -> score.suite())
                .contains(dataset, dataset + "-old")
                .doesNotContain(dataset + "-control");
        var past = fourth.scores().stream()
                .filter(score ->
                        score.suite().equals(dataset + "-old") && score.slice().equals("all"))
                .toList();
        assertThat(past)
                .extracting(score -> score.metric())
                .containsExactly("preference-accuracy", "preference-accuracy-summed", "nats-per-character");
        assertThat(past.getFirst().baseline()).isEqualTo(0.5);
        assertThat(past.getFirst().champion()).isGreaterThan(past.getFirst().candidate());
    }

    @Test
    void whatLearnedFromJudgementsInDoubtDoesNotPassAndTheyGuardNothing() {
        promoteFirst(weak);
        var doubt = new Doubt("annotator-7", 80, 3, 0.5, "annotator-7 says the opposite on 77 of 80 tasks.");
        freeze(dataset + "-lies", Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40), List.of(doubt));
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40));
        register(2, strong, dataset + "-lies");
        reject(completed(2));
        send("models", new VersionRegistered(WORKSPACE, version(3), null, version(2), dataset, "digest", strong));
        reject(completed(3));
        register(4, strong, dataset);

        var said = "The judgements of data set '%s-lies' are in doubt, so what learned from them does not pass by itself: %s"
                .formatted(dataset, doubt.reason());
        assertThat(completed(2).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(completed(2).reasons().getFirst()).isEqualTo(said);
        assertThat(completed(2).reasons().get(1)).endsWith("%s is better than %s.".formatted(version(2), version(1)));
        assertThat(completed(3).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(completed(3).reasons().getFirst()).isEqualTo(said);
        assertThat(completed(4).verdict()).as(completed(4).reasons().toString()).isEqualTo(Verdict.PASS);
        assertThat(completed(4).reasons())
                .contains("The judgements of '%s-lies' are in doubt, so it guards nothing: %s"
                        .formatted(dataset, doubt.reason()));
        assertThat(completed(4).scores()).extracting(score -> score.suite()).containsOnly(dataset);
        as("operator")
                .get("/api/suites/%s-lies".formatted(dataset))
                .then()
                .body("doubts.annotator", hasItem("annotator-7"));
    }

    @Test
    void sameBytesGiveTheSameFiguresAgainAndNoChangeIsInconclusive() {
        promoteFirst(weak);
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40));

        register(2, strong, dataset);
        reject(completed(2));
        register(3, strong, dataset);
        reject(completed(3));
        register(4, weak, dataset);

        assertThat(completed(3).scores()).isEqualTo(completed(2).scores());
        assertThat(completed(3).report()).isEqualTo(completed(2).report());
        assertThat(completed(4).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void fewRowsNeverPass() {
        promoteFirst(weak);
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(29));

        register(2, strong, dataset);

        assertThat(completed(2).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(completed(2).reasons().getFirst()).contains("29 prompts").contains("at least 30");
    }

    @Test
    void classifierMustBeatTheCommonestLabelWhereItsChampionKnowsNone() {
        promoteFirst(keep(TinyMail.encoder()));
        freeze(dataset, Kind.LABEL, Purpose.TRAINING, TinyMail.rows(60));

        register(2, keep(TinyMail.classifier(TinyMail.rows(60))), dataset);

        var second = completed(2);
        assertThat(second.verdict()).as(second.reasons().toString()).isEqualTo(Verdict.PASS);
        assertThat(second.reasons().getFirst())
                .contains("accuracy went from 0.6000 to 1.0000")
                .endsWith(
                        "%s is better than the guess that always says the commonest label, which stands in for %s, that knows no labels."
                                .formatted(version(2), version(1)));
        assertThat(second.scores())
                .extracting(score -> score.slice() + " " + score.metric())
                .containsExactly("all accuracy", "all macro-f1", "label=ham accuracy", "label=spam accuracy");
        assertThat(second.scores().getFirst().baseline()).isEqualTo(0.6);
        assertThat(artifacts.readText(Objects.requireNonNull(second.report())).lines())
                .hasSize(60)
                .allSatisfy(line -> assertThat(line).contains("\"guess\":\"").doesNotContain("\"text\""));
        as("annotator")
                .body(Map.of("texts", List.of("free money", "nice song")))
                .post("/api/models/%s/labels".formatted(version(2)))
                .then()
                .statusCode(200)
                .body("model.number", equalTo(2))
                .body("labels.label", equalTo(List.of("spam", "ham")))
                .body("labels[0].scores.spam", greaterThan(0.5f));
        as("annotator")
                .body(Map.of("texts", List.of("free money")))
                .post("/api/models/%s/labels".formatted(name))
                .then()
                .statusCode(409)
                .body("detail", containsString("an encoder without labels"));
        as("engineer")
                .body(Map.of("model", version(2).toString(), "prompts", List.of("free")))
                .post("/api/answers")
                .then()
                .statusCode(409)
                .body("detail", containsString("/api/models/%s/labels".formatted(version(2))));
        as("engineer")
                .body(Map.of("texts", List.of()))
                .post("/api/models/%s/labels".formatted(name))
                .then()
                .statusCode(400);
        as("operator")
                .body(Map.of("texts", List.of("free")))
                .post("/api/models/%s/labels".formatted(name))
                .then()
                .statusCode(403);
    }

    @Test
    void classifierThatLearnedShuffledLabelsIsNotPromotedAndALabelUnknownToTheChampionCountsAgainstIt() {
        freeze(dataset, Kind.LABEL, Purpose.TRAINING, TinyMail.rows(60));
        var shuffled = TinyMail.rows(60).stream()
                .map(row -> row.hashCode() % 2 == 0 ? row.replace("\"spam\"", "\"ham\"") : row.replace("\"ham\"", "\"spam\""))
                .toList();

        register(1, keep(TinyMail.classifier(shuffled)), dataset);

        var first = completed(1);
        assertThat(first.champion()).isNull();
        assertThat(first.verdict()).as(first.reasons().toString()).isNotEqualTo(Verdict.PASS);
        reject(first);
        register(2, keep(TinyMail.classifier(TinyMail.rows(60))), dataset);
        var second = completed(2);
        assertThat(second.verdict()).isEqualTo(Verdict.PASS);
        assertThat(second.reasons().getFirst()).endsWith("is better than the guess that always says the commonest label.");
        send("models", new ChampionPromoted(WORKSPACE, version(2), null, second.evaluation()));
        var grown = TinyMail.rows(60).stream()
                .map(row -> row.replace("hello", "nice").replace("\"text\":\"nice", "\"text\":\"hello"))
                .map(row -> row.contains("hello") ? row.replace("\"ham\"", "\"greeting\"") : row)
                .toList();
        freeze(dataset + "-grown", Kind.LABEL, Purpose.TRAINING, grown);
        register(3, keep(TinyMail.classifier(grown)), dataset + "-grown");

        var third = completed(3);
        assertThat(third.scores())
                .filteredOn(score -> score.slice().equals("label=greeting"))
                .singleElement()
                .satisfies(score -> {
                    assertThat(score.champion()).isZero();
                    assertThat(score.candidate()).isEqualTo(1);
                });
    }

    @Test
    void brokenCheckpointFailsNamingFileAndRemedy() {
        var broken = new ArrayList<>(weak);
        broken.replaceAll(file -> file.path().equals("model.safetensors")
                ? new ModelFile(file.path(), artifacts.put(WORKSPACE, "these are no weights"))
                : file);

        register(1, broken, null);

        assertThat(completed(1).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(completed(1).reasons().getFirst())
                .startsWith(version(1) + " cannot be opened: ")
                .contains("model.safetensors")
                .doesNotContain("/tmp");
    }

    @Test
    void suiteThatComesLaterIsWaitedForAndOneThatNeverComesIsAFailure() {
        promoteFirst(weak);

        register(2, strong, dataset);
        await().untilAsserted(() -> as("engineer")
                .get("/api/evaluations?model=" + name)
                .then()
                .body("[0].state", equalTo("WAITING"))
                .body("[0].note", equalTo("waits for data set " + dataset)));
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40));
        reject(completed(2));
        register(3, strong, "never-frozen");

        await().untilAsserted(() -> assertThat(told(EvaluationFailed.class))
                .filteredOn(failed -> failed.model().equals(version(3)))
                .singleElement()
                .satisfies(failed -> assertThat(failed.reason())
                        .contains("data set never-frozen")
                        .contains("did not become known")));
    }

    @Test
    void secondDeliveryAndAnOutdatedHolderTellNothing() {
        var registered = registered(1, weak, null);
        var id = UUID.randomUUID().toString();
        kafka.source("models").send(TestFacts.message(registered, id, "story"));
        kafka.source("models").send(TestFacts.message(registered, id, "story"));
        var done = completed(1);

        examinations.complete(
                new Examination(done.evaluation(), WORKSPACE, name, 1, null, 7, "story||0", Instant.now()), done);

        as("operator")
                .get("/api/evaluations?model=" + name)
                .then()
                .statusCode(200)
                .body("size()", equalTo(1));
        assertThat(told(EvaluationCompleted.class))
                .filteredOn(told -> told.model().name().equals(name))
                .hasSize(1);
    }

    @Test
    void abandonedExaminationIsTakenUpAgain() {
        promoteFirst(weak);
        register(2, strong, dataset);
        var held = holderThatDied();
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40));

        assertThat(completed(2).verdict()).isEqualTo(Verdict.PASS);
        examinations.fail(held, "too late");
        assertThat(told(EvaluationFailed.class))
                .noneMatch(failed -> failed.model().equals(version(2)));
    }

    /// Takes the second version over from whoever has it, for a moment, and does nothing with it.
    private Examination holderThatDied() {
        return await().until(
                        () -> jdbi.withHandle(handle -> handle.createQuery("""
                                        update examination set attempts = attempts + 1, lease_until = now() + :lease
                                        where model = :model and number = 2 and state = 'OPEN'
                                        returning id, workspace, model, number, run, attempts, cause, created_at
                                        """)
                                .bind("lease", Duration.ofMillis(300))
                                .bind("model", name)
                                .mapTo(Examination.class)
                                .findOne()),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void engineerHasAVersionExaminedAgain() {
        promoteFirst(weak);
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40));
        register(2, strong, dataset);
        var first = completed(2);
        reject(first);

        var again = as("engineer")
                .body(Map.of("model", version(2).toString()))
                .post("/api/evaluations")
                .then()
                .statusCode(202)
                .extract()
                .<String>path("id");

        await().untilAsserted(() -> assertThat(told(EvaluationCompleted.class))
                .filteredOn(told -> told.evaluation().equals(again))
                .singleElement()
                .satisfies(told -> assertThat(told.scores()).isEqualTo(first.scores())));
        as("operator")
                .body(Map.of("model", version(2).toString()))
                .post("/api/evaluations")
                .then()
                .statusCode(403);
        as("engineer")
                .body(Map.of("model", name + "@99"))
                .post("/api/evaluations")
                .then()
                .statusCode(404);
        as("engineer")
                .body(Map.of("model", name))
                .post("/api/evaluations")
                .then()
                .statusCode(409);
    }

    @Test
    void tasksGetDifferentAnswersOfTheChampionOrAReason() {
        promoteFirst(strong);
        var prompt = artifacts.put(
                WORKSPACE,
                "{\"prompt\":\"Animal 7: the cat says\",\"completion\":null,\"candidates\":[],\"metadata\":{}}");

        kafka.source("answers")
                .send(TestFacts.message(new AnswersRequested(WORKSPACE, "task-" + name, name, prompt, 3, 8, 5)));
        kafka.source("answers")
                .send(TestFacts.message(new AnswersRequested(WORKSPACE, "lost-" + name, "nobody", prompt, 2, 8, 5)));

        await().untilAsserted(() -> assertThat(told(AnswersGenerated.class))
                .filteredOn(generated -> generated.task().equals("task-" + name))
                .singleElement()
                .satisfies(generated -> {
                    assertThat(generated.model()).isEqualTo(version(1));
                    assertThat(generated.answers())
                            .hasSize(3)
                            .extracting(ArtifactRef::sha256)
                            .doesNotHaveDuplicates();
                }));
        await().untilAsserted(() -> assertThat(told(AnswersFailed.class))
                .filteredOn(failed -> failed.task().equals("lost-" + name))
                .singleElement()
                .satisfies(failed -> assertThat(failed.reason()).contains("model nobody has no champion")));
    }

    @Test
    void peopleAskByVersionOrAliasAndGetTheSameAnswerAgain() {
        promoteFirst(strong);
        var question =
                Map.of("model", name + "@champion", "prompts", List.of("Animal 3: the dog says"), "maxNewTokens", 8);

        var first = as("annotator")
                .body(question)
                .post("/api/answers")
                .then()
                .statusCode(200)
                .extract();
        var again = as("engineer")
                .body(question)
                .post("/api/answers")
                .then()
                .statusCode(200)
                .extract();

        assertThat(first.asString()).isEqualTo(again.asString());
        assertThat(first.<Integer>path("model.number")).isEqualTo(1);
        assertThat(first.<String>path("answers[0].text")).isNotNull();
        as("operator").get("/api/models/loaded").then().statusCode(200).body("model.name", hasItem(name));
        as("operator")
                .get("/api/models")
                .then()
                .statusCode(200)
                .body("find { it.model.name == '%s' }.aliases".formatted(name), hasItem("champion"));
    }

    @Test
    void anyVersionIsMeasuredOnAnySuite() {
        promoteFirst(weak);
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(40));
        register(2, strong, dataset);
        var examined = completed(2).scores().getFirst();

        for (var number : List.of(1, 2)) {
            as("engineer")
                    .body(Map.of("model", name + "@" + number, "suite", dataset))
                    .post("/api/measurements")
                    .then()
                    .statusCode(200)
                    .body("model.number", equalTo(number))
                    .body("leftOut", equalTo(0))
                    .body("figures[0].slice", equalTo("all"))
                    .body(
                            "figures[0].value",
                            equalTo((float) (number == 1
                                    ? Objects.requireNonNull(examined.champion())
                                    : examined.candidate())));
        }
        as("engineer")
                .body(Map.of("model", name + "@1", "suite", "none"))
                .post("/api/measurements")
                .then()
                .statusCode(404)
                .body("detail", containsString("no suite 'none' here"));
        as("engineer")
                .body(Map.of("model", name + "@9", "suite", dataset))
                .post("/api/measurements")
                .then()
                .statusCode(404);
        as("engineer").body(Map.of("model", name)).post("/api/measurements").then().statusCode(400);
        as("annotator")
                .body(Map.of("model", name + "@1", "suite", dataset))
                .post("/api/measurements")
                .then()
                .statusCode(403);
        given().auth()
                .oauth2(TestLogins.token("eve", "elsewhere", "engineer"))
                .contentType("application/json")
                .body(Map.of("model", name + "@1", "suite", dataset))
                .post("/api/measurements")
                .then()
                .statusCode(404);
    }

    @Test
    void wrongQuestionsAreRefusedWithWhatToDo() {
        as("engineer")
                .body(Map.of("model", "nobody@9", "prompts", List.of("x")))
                .post("/api/answers")
                .then()
                .statusCode(404)
                .body("detail", containsString("no model 'nobody@9' here"));
        as("engineer")
                .body(Map.of("model", "a@b@c", "prompts", List.of("x")))
                .post("/api/answers")
                .then()
                .statusCode(400)
                .body("detail", containsString("must be NAME, NAME@NUMBER or NAME@ALIAS"));
        as("engineer")
                .body(Map.of("model", "a", "prompts", List.of()))
                .post("/api/answers")
                .then()
                .statusCode(400)
                .body("detail", containsString("prompts has 0 entries"));
        as("engineer")
                .body(Map.of("model", "a", "prompts", List.of("x"), "maxNewTokens", 100000))
                .post("/api/answers")
                .then()
                .statusCode(400)
                .body("detail", containsString("maxNewTokens is 100000"));
        as("engineer")
                .get("/api/evaluations/none")
                .then()
                .statusCode(404)
                .body("detail", containsString("no evaluation 'none'"));
        as("engineer").get("/api/suites/none").then().statusCode(404).body("detail", containsString("no suite 'none'"));
    }

    @Test
    void workspacesAndRolesAreKeptApart() {
        freeze(dataset, Kind.SUPERVISED, Purpose.TRAINING, TinyWorld.demonstrations(2));
        promoteFirst(weak);
        var evaluation = completed(1).evaluation();
        await().untilAsserted(() -> as("manager")
                .get("/api/suites/" + dataset)
                .then()
                .statusCode(200)
                .body("rows", equalTo(2)));
        var stranger = TestLogins.token("eve", "elsewhere", "engineer", "manager", "operator", "annotator");

        for (var path : List.of(
                "/api/suites/" + dataset,
                "/api/evaluations/" + evaluation,
                "/api/evaluations/" + evaluation + "/report")) {
            given().auth().oauth2(stranger).get(path).then().statusCode(404);
            as("annotator").get(path).then().statusCode(403);
            given().get(path).then().statusCode(401);
        }
        given().auth()
                .oauth2(stranger)
                .get("/api/evaluations")
                .then()
                .statusCode(200)
                .body("size()", equalTo(0));
        given().auth()
                .oauth2(stranger)
                .get("/api/models")
                .then()
                .statusCode(200)
                .body("size()", equalTo(0));
        given().auth()
                .oauth2(stranger)
                .contentType("application/json")
                .body(Map.of("model", name + "@1", "prompts", List.of("x")))
                .post("/api/answers")
                .then()
                .statusCode(404);
        as("operator")
                .body(Map.of("model", name + "@1", "prompts", List.of("x")))
                .post("/api/answers")
                .then()
                .statusCode(403);
        given().get("/q/health").then().statusCode(200);
    }

    private void promoteFirst(List<ModelFile> files) {
        register(1, files, null);
        var first = completed(1);
        assertThat(first.verdict()).as(first.reasons().toString()).isEqualTo(Verdict.PASS);
        send("models", new ChampionPromoted(WORKSPACE, version(1), null, first.evaluation()));
        await().untilAsserted(() -> as("operator")
                .get("/api/models")
                .then()
                .body("find { it.model.name == '%s' }.aliases".formatted(name), hasItem("champion")));
    }

    private void reject(EvaluationCompleted completed) {
        send(
                "models",
                new CandidateRejected(WORKSPACE, completed.model(), completed.evaluation(), List.of("a test says so")));
    }

    private void register(int number, List<ModelFile> files, @Nullable String trainedOn) {
        send("models", registered(number, files, trainedOn));
    }

    private VersionRegistered registered(int number, List<ModelFile> files, @Nullable String trainedOn) {
        return new VersionRegistered(WORKSPACE, version(number), null, null, trainedOn, "digest", files);
    }

    private void freeze(String id, Kind kind, Purpose purpose, List<String> rows) {
        freeze(id, kind, purpose, rows, List.of());
    }

    private void freeze(String id, Kind kind, Purpose purpose, List<String> rows, List<Doubt> doubts) {
        var held = artifacts.put(WORKSPACE, String.join("", rows));
        send(
                "datasets",
                new DatasetFrozen(
                        WORKSPACE,
                        id,
                        "project",
                        id,
                        kind,
                        purpose,
                        new Part(held, rows.size()),
                        new Part(held, rows.size()),
                        "00",
                        held,
                        rows.size(),
                        null,
                        null,
                        doubts));
    }

    private EvaluationCompleted completed(int number) {
        return await().until(
                        () -> told(EvaluationCompleted.class).stream()
                                .filter(done -> done.model().equals(version(number)))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private <F extends Fact> List<F> told(Class<F> type) {
        return TestFacts.told(kafka.sink("facts"), type);
    }

    private void send(String channel, Fact fact) {
        kafka.source(channel).send(TestFacts.message(fact));
    }

    private ModelVersion version(int number) {
        return new ModelVersion(name, number);
    }

    private List<ModelFile> keep(Map<String, Path> files) {
        return files.entrySet().stream()
                .map(file -> new ModelFile(file.getKey(), artifacts.put(WORKSPACE, file.getValue())))
                .toList();
    }

    private static RequestSpecification as(String role) {
        return given().auth().oauth2(TestLogins.token("ann", WORKSPACE, role)).contentType("application/json");
    }
}
