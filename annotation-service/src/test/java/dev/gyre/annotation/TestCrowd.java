package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.Fact;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleEvent.SampleAccepted;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.restassured.common.mapper.TypeRef;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/// Samples, projects and people who judge, through the same doors as everybody.
@Singleton
class TestCrowd {

    static final String WORKSPACE = "pages";
    static final String LABEL = "{\"type\":\"LABEL\",\"labels\":[\"ham\",\"spam\"]}";
    static final String PAIRWISE = "{\"type\":\"PAIRWISE\"}";

    private final InMemoryConnector broker;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;

    TestCrowd(@Connector("smallrye-in-memory") InMemoryConnector broker, ArtifactStore artifacts, ObjectMapper json) {
        this.broker = broker;
        this.artifacts = artifacts;
        this.json = json;
    }

    /// A task in somebody's hands.
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Lent(String task, String lease, String externalId, String prompt) {}

    static RequestSpecification as(String person, String... roles) {
        return given().auth()
                .oauth2(TestLogins.token(person, WORKSPACE, roles))
                .contentType(ContentType.JSON);
    }

    static RequestSpecification manager() {
        return as("max", "manager");
    }

    static RequestSpecification reviewer() {
        return as("rita", "reviewer");
    }

    static SampleDocument text(String prompt) {
        return new SampleDocument(prompt, null, List.of(), Map.of());
    }

    /// Samples `s0`, `s1`… of a new source.
    ///
    /// @return the source
    String arrive(List<SampleDocument> documents) {
        var source = UUID.randomUUID().toString();
        for (int sample = 0; sample < documents.size(); sample++) {
            arrive(source, "s" + sample, documents.get(sample));
        }
        return source;
    }

    void arrive(String source, String externalId, SampleDocument document) {
        try {
            var content = artifacts.put(WORKSPACE, json.writeValueAsBytes(document));
            Fact fact = new SampleAccepted(
                    WORKSPACE, UUID.randomUUID().toString(), source, externalId, "talk", content, null);
            broker.source(fact.topic()).send(TestFacts.message(fact));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// @param more fields of the project, each after a comma
    String project(String source, String question, int answersPerItem, String more) {
        return manager()
                .body("{\"name\":\"%s\",\"source\":\"%s\",\"question\":%s,\"answersPerItem\":%d%s}"
                        .formatted(UUID.randomUUID(), source, question, answersPerItem, more))
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    static void awaitOpen(String project, int tasks) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> manager()
                        .get("/api/projects/" + project + "/progress")
                        .then()
                        .body("open", equalTo(tasks)));
    }

    static List<Lent> next(String person, String project, int count) {
        return as(person, "annotator")
                .post("/api/projects/" + project + "/tasks/next?count=" + count)
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
    }

    /// @param answer fields of the answer, as JSON without braces
    static ValidatableResponse judge(String person, Lent task, String answer) {
        return as(person, "annotator")
                .body("{\"lease\":\"%s\",%s}".formatted(task.lease(), answer))
                .post("/api/tasks/" + task.task() + "/judgements")
                .then();
    }

    static ValidatableResponse label(String person, Lent task, String label) {
        return judge(person, task, "\"label\":\"%s\"".formatted(label));
    }

    /// The pseudonym of somebody who has taken a task.
    static String pseudonym(String person, String project) {
        return as(person, "annotator")
                .get("/api/projects/" + project + "/annotators/me")
                .then()
                .statusCode(200)
                .extract()
                .path("annotator");
    }

    <F extends Fact> List<F> told(Class<F> type, String project) {
        return TestFacts.told(broker.sink("facts"), type).stream()
                .filter(fact -> json.valueToTree(fact).path("project").asText().equals(project))
                .toList();
    }
}
