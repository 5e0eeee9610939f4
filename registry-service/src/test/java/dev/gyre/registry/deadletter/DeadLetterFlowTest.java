package dev.gyre.registry.deadletter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = PostgresTestResource.class, initArgs = @ResourceArg(name = "schema", value = "registry"))
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class DeadLetterFlowTest {

    private static final byte[] POISON = "not \0 JSON".getBytes(StandardCharsets.UTF_8);

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    Jdbi jdbi;

    @BeforeEach
    void bury() {
        jdbi.useHandle(handle -> handle.execute("delete from dead_letter"));
        broker.sink("facts").clear();
    }

    @Test
    void lettersAreGroupedByTheKindOfTheirReason() {
        dies("s-1", "samples/0/1", "row 1 is too long: 812 characters");
        dies("s-2", "samples/0/2", "row 7 is too long: 900 characters");
        dies("s-2", "samples/0/2", "row 7 is too long: 900 characters");
        dies("s-3", "samples/0/3", "not a SampleEvent");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> as("ada", "demo", "operator")
                .get("/api/dead-letters")
                .then()
                .statusCode(200)
                .body("groups", hasSize(2))
                .body(
                        "groups.find { it.kind == 'row … is too long: … characters' }.letters.key",
                        equalTo(List.of("s-2", "s-1")))
                .body("groups.find { it.kind == 'not a SampleEvent' }.waiting", equalTo(1)));
    }

    @Test
    void letterGoesBackToItsTopicOnceWithItsHeadersAndTheConsumerThatFailed() {
        dies("s-4", "samples/0/4", "not a SampleEvent");
        int id = waiting();

        for (int time = 0; time < 2; time++) {
            as("ada", "demo", "operator")
                    .post("/api/dead-letters/%d/redrive".formatted(id))
                    .then()
                    .statusCode(200)
                    .body("redrivenBy", equalTo("ada"));
        }

        await().untilAsserted(() -> assertThat(broker.sink("facts").received()).hasSize(1));
        Message<?> sent = broker.sink("facts").received().getFirst();
        assertThat(sent.getPayload()).isEqualTo(POISON);
        var metadata = sent.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
        assertThat(metadata.getTopic()).isEqualTo("samples");
        assertThat(metadata.getKey()).isEqualTo("s-4");
        assertThat(header(metadata, "ce_id")).isEqualTo("event-s-4");
        assertThat(header(metadata, "dead-consumer")).isEqualTo("tasks");
        assertThat(metadata.getHeaders().lastHeader("dead-reason")).isNull();
        as("ada", "demo", "operator").get("/api/dead-letters").then().body("groups", hasSize(0));
    }

    @Test
    void groupGoesBackInTheOrderInWhichItDied() {
        dies("s-5", "samples/0/5", "row 5 is odd");
        dies("s-6", "samples/0/6", "row 6 is odd");
        dies("s-7", "samples/0/7", "even");

        await().untilAsserted(() -> as("ada", "demo", "operator")
                .get("/api/dead-letters")
                .then()
                .body("groups.collect { it.waiting }.sum()", equalTo(3)));
        as("ada", "demo", "operator")
                .contentType(ContentType.JSON)
                .body(Map.of("topic", "samples", "consumer", "tasks", "kind", "row … is odd"))
                .post("/api/dead-letters/redrive")
                .then()
                .statusCode(200)
                .body("redriven", equalTo(2));

        await().untilAsserted(() -> assertThat(broker.sink("facts").received())
                .extracting(sent -> sent.getMetadata(OutgoingKafkaRecordMetadata.class)
                        .orElseThrow()
                        .getKey())
                .isEqualTo(List.of("s-5", "s-6")));
    }

    @Test
    void lettersAreForOperatorsOfTheirWorkspace() {
        dies("s-8", "samples/0/8", "odd");
        int id = waiting();

        as("eve", "demo", "engineer").get("/api/dead-letters").then().statusCode(403);
        as("sam", "elsewhere", "operator").get("/api/dead-letters").then().body("groups", hasSize(0));
        as("sam", "elsewhere", "operator")
                .post("/api/dead-letters/%d/redrive".formatted(id))
                .then()
                .statusCode(404);
    }

    private int waiting() {
        await().untilAsserted(() -> as("ada", "demo", "operator")
                .get("/api/dead-letters")
                .then()
                .body("groups", hasSize(1)));
        return as("ada", "demo", "operator").get("/api/dead-letters").path("groups[0].letters[0].id");
    }

    private void dies(String key, String origin, String reason) {
        var letter = TestFacts.message("samples.dead", key, "SampleAccepted", POISON, "event-" + key, "story");
        var headers = letter.getPayload().headers();
        Map.of("ce_workspace", "demo", "dead-consumer", "tasks", "dead-from", origin, "dead-reason", reason)
                .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        broker.source("dead-letters").send(letter);
    }

    private static String header(OutgoingKafkaRecordMetadata<?> metadata, String name) {
        return new String(metadata.getHeaders().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static RequestSpecification as(String name, String workspace, String role) {
        return given().auth().oauth2(TestLogins.token(name, workspace, role));
    }
}
