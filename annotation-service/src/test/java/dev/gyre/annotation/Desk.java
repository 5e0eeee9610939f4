package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleEvent.SampleAccepted;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.restassured.http.ContentType;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// Somebody who brings samples, makes projects and judges over HTTP.
record Desk(
        InMemoryConnector broker, ArtifactStore artifacts, ObjectMapper json, String source, AtomicInteger arrived) {

    static final String EVERY_TYPE = """
            [{"name": "order", "type": "RANKING"},
             {"name": "help", "type": "RATING", "from": 0, "to": 4, "each": true},
             {"name": "care", "type": "RATING"},
             {"name": "tone", "type": "LABEL", "labels": ["kind", "rude"]},
             {"name": "why", "type": "TEXT", "when": {"question": "tone", "is": ["rude"]}},
             {"name": "topics", "type": "LABELS", "labels": ["a", "b", "c"]},
             {"name": "names", "type": "SPANS", "labels": ["person"]},
             {"name": "edit", "type": "EDIT", "required": false},
             {"name": "own", "type": "DEMONSTRATION", "required": false},
             {"name": "turns", "type": "TURNS", "labels": ["good", "bad"], "required": false}]""";

    static final String EVERY_ANSWER = """
            {"order": {"ranking": [["B"], ["A", "C"]]},
             "help": {"ratings": {"A": 1, "B": 4, "C": 0}},
             "care": {"rating": 5},
             "tone": {"label": "rude"},
             "why": {"text": "It shouts."},
             "topics": {"labels": ["c", "a"]},
             "names": {"spans": [{"start": 0, "end": 4, "label": "person"}]},
             "edit": {"candidate": "B", "text": "two, gladly"},
             "own": {"text": "Me."},
             "turns": {"turns": [{"turn": 1, "label": "bad", "rewrite": "Hello!"}]}}""";

    Desk(InMemoryConnector broker, ArtifactStore artifacts, ObjectMapper json) {
        this(broker, artifacts, json, UUID.randomUUID().toString(), new AtomicInteger());
    }

    static String manager() {
        return TestLogins.token("max", "demo", "manager");
    }

    static String annotator(String name) {
        return TestLogins.token(name, "demo", "annotator");
    }

    ArtifactRef arrives(String externalId, SampleDocument document) {
        var content = artifacts.put("demo", text(document));
        var fact = new SampleAccepted(
                "demo", UUID.randomUUID().toString(), source, externalId, "talk", content, null);
        broker.source(fact.topic()).send(TestFacts.message(fact));
        arrived.incrementAndGet();
        return content;
    }

    String project(String questions, int answersPerItem) {
        return given().auth()
                .oauth2(manager())
                .contentType(ContentType.JSON)
                .body("{\"name\": \"asks\", \"source\": \"%s\", \"questions\": %s, \"answersPerItem\": %d}"
                        .formatted(source, questions, answersPerItem))
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /// So many tasks for somebody, as soon as they are there.
    JsonNode next(String person, String project, int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            var progress = parsed(given().auth()
                    .oauth2(manager())
                    .get("/api/projects/" + project + "/progress")
                    .asString());
            return progress.path("samples").asInt() >= arrived.get()
                    && progress.path("preparing").asInt() == 0;
        });
        return parsed(given().auth()
                .oauth2(annotator(person))
                .post("/api/projects/" + project + "/tasks/next?count=" + count)
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    void judge(String person, JsonNode task, String answers) {
        given().auth()
                .oauth2(annotator(person))
                .contentType(ContentType.JSON)
                .body("{\"lease\": \"%s\", \"answers\": %s, \"activeMillis\": 1500, \"comment\": \"sure\"}"
                        .formatted(task.path("lease").asText(), answers))
                .post("/api/tasks/" + task.path("task").asText() + "/judgements")
                .then()
                .statusCode(201);
    }

    JsonNode parsed(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(text, broken);
        }
    }

    private String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
