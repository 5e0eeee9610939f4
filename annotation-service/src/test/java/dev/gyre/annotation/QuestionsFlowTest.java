package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.Fact;
import dev.gyre.events.JudgementEvent.AnswersRecorded;
import dev.gyre.events.JudgementEvent.PreferenceRecorded;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import dev.gyre.events.SampleEvent.SampleAccepted;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.Test;

/// Several questions about one task, and what becomes of the answers.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class QuestionsFlowTest {

    private static final String EVERY_TYPE = """
            [{"name": "order", "type": "RANKING"},
             {"name": "help", "type": "RATING", "from": 0, "to": 4, "each": true},
             {"name": "care", "type": "RATING"},
             {"name": "tone", "type": "LABEL", "labels": ["kind", "rude"]},
             {"name": "why", "type": "TEXT", "when": {"question": "tone", "is": ["rude"]}},
             {"name": "topics", "type": "LABELS", "labels": ["a", "b", "c"]},
             {"name": "names", "type": "SPANS", "labels": ["person"]},
             {"name": "edit", "type": "EDIT", "required": false},
             {"name": "own", "type": "DEMONSTRATION", "required": false},
             {"name": "turns", "type": "TURNS", "labels": ["good", "bad"]}]""";

    private static final String EVERY_ANSWER = """
            {"order": {"ranking": [["B"], ["A", "C"]]},
             "help": {"ratings": {"A": 1, "B": 4, "C": 0}},
             "care": {"rating": 5},
             "tone": {"label": "rude"},
             "why": {"text": "It shouts."},
             "topics": {"labels": ["c", "a"]},
             "names": {"spans": [{"start": 0, "end": 3, "label": "person"}]},
             "edit": {"candidate": "B", "text": "two, gladly"},
             "own": {"text": "Me."},
             "turns": {"turns": [{"turn": 1, "label": "bad", "rewrite": "Hello!"}]}}""";

    private final String source = UUID.randomUUID().toString();

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    ObjectMapper json;

    @Test
    void everyTypeIsAskedAnsweredToldAndFrozen() throws IOException {
        arrives(new SampleDocument(
                "Ann: hi",
                null,
                List.of("one", "two", "three"),
                Map.of("format", "markdown"),
                List.of(new Message("user", "hi"), new Message("assistant", "Hey."))));
        var project = project(EVERY_TYPE);
        var task = next("ann", project);
        assertThat(task.path("questions")).hasSize(10);
        assertThat(task.path("questions").path(4).path("when").path("question").asText()).isEqualTo("tone");
        assertThat(task.path("messages").path(1).path("content").asText()).isEqualTo("Hey.");
        assertThat(task.path("format").asText()).isEqualTo("markdown");

        String judgement =
                judge("ann", task, EVERY_ANSWER).statusCode(201).extract().path("judgement");
        String again = judge("ann", task, EVERY_ANSWER).statusCode(200).extract().path("judgement");

        assertThat(again).isEqualTo(judgement);
        await().untilAsserted(() -> assertThat(told(AnswersRecorded.class, project)).hasSize(1));
        var all = json.readTree(artifacts.read(told(AnswersRecorded.class, project).getFirst().answers()));
        assertThat(all).isEqualTo(json.readTree(EVERY_ANSWER.replace("[\"c\", \"a\"]", "[\"a\",\"c\"]")));
        var preference = told(PreferenceRecorded.class, project).getFirst();
        assertThat(preference.judgement()).isEqualTo(judgement);
        assertThat(preference.ranking()).containsExactly(List.of("B"), List.of("A", "C"));
        assertThat(artifacts.readText(Objects.requireNonNull(preference.edit()))).isEqualTo("two, gladly");

        assertThat(freeze(project, "PREFERENCE").extract().asString()).contains("\"train\":3");
        var pairs = rows(freeze(project, "PREFERENCE").extract().path("dataset"));
        assertThat(pairs)
                .contains("\"chosen\":\"two\",\"rejected\":\"one\"")
                .contains("\"chosen\":\"two\",\"rejected\":\"three\"")
                .contains("\"chosen\":\"two, gladly\",\"rejected\":\"two\"");
        assertThat(rows(freeze(project, "SUPERVISED").extract().path("dataset")))
                .contains("\"completion\":\"two, gladly\"");
        given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"kind\": \"LABEL\"}")
                .post("/api/projects/" + project + "/datasets")
                .then()
                .statusCode(400)
                .body("detail", containsString("give [PREFERENCE, SUPERVISED]"));
    }

    @Test
    void answersAreTakenBackAndGivenAnew() {
        arrives(new SampleDocument("p", null, List.of("one", "two"), Map.of()));
        var project = project("[{\"name\": \"better\", \"type\": \"PAIRWISE\"}, {\"name\": \"why\", \"type\": \"TEXT\"}]");
        var task = next("ann", project);
        String judgement = judge("ann", task, "{\"better\": {\"choice\": \"A\"}, \"why\": {\"text\": \"shorter\"}}")
                .statusCode(201)
                .extract()
                .path("judgement");

        given().auth()
                .oauth2(annotator("ann"))
                .delete("/api/judgements/" + judgement + "?reason=undone")
                .then()
                .statusCode(204);
        var anew = next("ann", project);
        judge("ann", anew, "{\"better\": {\"choice\": \"B\"}, \"why\": {\"text\": \"truer\"}}").statusCode(201);

        var listed = given().auth()
                .oauth2(manager())
                .get("/api/projects/" + project + "/judgements")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(listed.lines()).hasSize(2);
        assertThat(listed.lines().toList().getLast())
                .contains("\"value\":\"B\"")
                .contains("\"question\":\"why\"")
                .contains("\"schemaVersion\":1");
    }

    @Test
    void answersKeepTheVersionTheyWereGivenUnder() throws IOException {
        arrives(new SampleDocument("first", null, List.of(), Map.of()));
        arrives(new SampleDocument("second", null, List.of(), Map.of()));
        var project = project("[{\"name\": \"tone\", \"type\": \"LABEL\", \"labels\": [\"kind\", \"rude\"]}]");
        var before = next("ann", project);

        change(project, "[{\"name\": \"tone\", \"type\": \"LABEL\", \"labels\": [\"kind\", \"rude\", \"odd\"]}]")
                .statusCode(200)
                .body("schemaVersion", equalTo(2))
                .body("guidelineVersion", equalTo(1));
        var after = next("ann", project);

        assertThat(before.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(after.path("schemaVersion").asInt()).isEqualTo(2);
        judge("ann", before, "{\"tone\": {\"label\": \"odd\"}}")
                .statusCode(400)
                .body("detail", containsString("label is 'odd', must be one of [kind, rude]"));
        judge("ann", before, "{\"tone\": {\"label\": \"rude\"}}").statusCode(201);
        judge("ann", after, "{\"tone\": {\"label\": \"odd\"}}").statusCode(201);

        change(project, "[{\"name\": \"tone\", \"type\": \"DEMONSTRATION\"}]")
                .statusCode(400)
                .body("detail", containsString("must stay 'tone' of type LABEL"));
        change(project, "[{\"name\": \"tone\", \"type\": \"LABEL\", \"labels\": [\"a\", \"b\"]}, {\"name\": \"e\", \"type\": \"EDIT\"}]")
                .statusCode(400)
                .body("detail", containsString("need 1 to 9 candidates, the tasks were made with 0 to 9"));
    }

    @Test
    void whatDoesNotFitTheQuestionsIsRefusedByName() {
        arrives(new SampleDocument("p", null, List.of("one", "two"), Map.of()));
        var project = project("[{\"name\": \"better\", \"type\": \"PAIRWISE\"}, {\"name\": \"why\", \"type\": \"TEXT\"}]");
        var task = next("ann", project);

        judge("ann", task, "{\"better\": {\"choice\": \"A\"}}")
                .statusCode(400)
                .body("detail", containsString("answers has no 'why'"));
        judge("ann", task, "{\"better\": {\"choice\": \"A\", \"text\": \"x\"}, \"why\": {\"text\": \"y\"}}")
                .statusCode(400)
                .body("detail", containsString("answer to 'better': text does not belong to a PAIRWISE question"));
    }

    private static ValidatableResponse change(String project, String questions) {
        return given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"questions\": " + questions + "}")
                .put("/api/projects/" + project + "/schema")
                .then();
    }

    private static ValidatableResponse freeze(String project, String kind) {
        return given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"kind\": \"" + kind + "\", \"heldOutShare\": 0}")
                .post("/api/projects/" + project + "/datasets")
                .then()
                .statusCode(201);
    }

    private static String rows(String dataset) {
        return given().auth()
                .oauth2(manager())
                .get("/api/datasets/" + dataset + "/rows?part=train")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private static String manager() {
        return TestLogins.token("max", "demo", "manager");
    }

    private static String annotator(String name) {
        return TestLogins.token(name, "demo", "annotator");
    }

    private void arrives(SampleDocument document) {
        try {
            var content = artifacts.put("demo", json.writeValueAsBytes(document));
            var fact = new SampleAccepted(
                    "demo", UUID.randomUUID().toString(), source, UUID.randomUUID().toString(), "talk", content, null);
            broker.source(fact.topic()).send(TestFacts.message(fact));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String project(String questions) {
        return given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"name\": \"asks\", \"source\": \"%s\", \"questions\": %s}".formatted(source, questions))
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /// The next task as soon as there is one.
    private JsonNode next(String person, String project) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> json.readTree(given().auth()
                                .oauth2(annotator(person))
                                .post("/api/projects/" + project + "/tasks/next")
                                .then()
                                .statusCode(200)
                                .extract()
                                .asString()),
                        tasks -> !tasks.isEmpty())
                .get(0);
    }

    private static ValidatableResponse judge(String person, JsonNode task, String answers) {
        return given().auth()
                .oauth2(annotator(person))
                .contentType(ContentType.JSON)
                .body("{\"lease\": \"%s\", \"answers\": %s}".formatted(task.path("lease").asText(), answers))
                .post("/api/tasks/" + task.path("task").asText() + "/judgements")
                .then();
    }

    private <F extends Fact> List<F> told(Class<F> type, String project) {
        return TestFacts.told(broker.sink("facts"), type).stream()
                .filter(fact -> json.valueToTree(fact).get("project").asText().equals(project))
                .toList();
    }
}
