package dev.gyre.ingest.interaction;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.gyre.edge.Roles;
import dev.gyre.events.InteractionEvent.FeedbackGiven;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import dev.gyre.events.ModelVersion;
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
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class InteractionFlowTest {

    private static final String APP = TestLogins.token("app", "demo", Roles.SERVICE);
    private static final String ENGINEER = TestLogins.token("eve", "demo", Roles.ENGINEER);
    private static final String STRANGER = TestLogins.token("sam", "elsewhere", Roles.SERVICE, Roles.ENGINEER);

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector kafka;

    @Test
    void trafficAndItsFeedbackAreKeptAndTold() {
        var said =
                "{\"id\":\"chat-1\",\"model\":\"assistant@3\",\"prompt\":\"Hi\",\"answer\":\"Ho\",\"subject\":\"p7\"}";

        post(APP, "/api/interactions", said).statusCode(201).body("id", equalTo("chat-1"));
        post(APP, "/api/interactions", said).statusCode(200).body("id", equalTo("chat-1"));
        post(APP, "/api/interactions/chat-1/feedback", "{\"rating\":-1,\"comment\":\"odd\",\"correction\":\"Hello\"}")
                .statusCode(201);

        given().auth()
                .oauth2(ENGINEER)
                .get("/api/interactions/chat-1")
                .then()
                .statusCode(200)
                .body("interaction.model", equalTo("assistant@3"))
                .body("content.completion", equalTo("Ho"))
                .body("feedback", hasSize(1))
                .body("feedback[0].correction", equalTo("Hello"));
        await().untilAsserted(() -> {
            var recorded = TestFacts.told(kafka.sink("facts"), InteractionRecorded.class).stream()
                    .filter(fact -> fact.interaction().equals("chat-1"))
                    .toList();
            assertThat(recorded).hasSize(1);
            assertThat(recorded.getFirst().model()).isEqualTo(new ModelVersion("assistant", 3));
            assertThat(recorded.getFirst().subject()).isEqualTo("p7");
            var given = TestFacts.told(kafka.sink("facts"), FeedbackGiven.class);
            assertThat(given).hasSize(1);
            assertThat(given.getFirst().rating()).isEqualTo(-1);
            assertThat(given.getFirst().comment()).isNotNull();
        });
    }

    @Test
    void feedbackSentAgainUnderItsIdIsKeptOnce() {
        post(APP, "/api/interactions", interaction("chat-2")).statusCode(201);
        var feedback = "{\"id\":\"0d9c4b0e-6d7e-4d0c-9f0a-1c2d3e4f5a6b\",\"correction\":\"Hello\"}";

        post(APP, "/api/interactions/chat-2/feedback", feedback).statusCode(201);
        post(APP, "/api/interactions/chat-2/feedback", feedback).statusCode(200);

        given().auth().oauth2(APP).get("/api/interactions/chat-2").then().body("feedback", hasSize(1));
    }

    @Test
    void nonsenseIsRefusedWithTheRemedy() {
        post(APP, "/api/interactions", interaction("chat-3")).statusCode(201);

        post(
                        APP,
                        "/api/interactions",
                        "{\"id\":\"chat-3\",\"model\":\"assistant@3\",\"prompt\":\"Hi\",\"answer\":\"No\"}")
                .statusCode(409);
        post(APP, "/api/interactions", "{\"model\":\"assistant\",\"prompt\":\"Hi\",\"answer\":\"No\"}")
                .statusCode(400)
                .body("detail", containsString("assistant@3"));
        post(APP, "/api/interactions", "{\"model\":\"assistant@3\",\"prompt\":\"Hi\"}")
                .statusCode(400)
                .body("detail", containsString("answer is missing"));
        post(APP, "/api/interactions", "").statusCode(400);
        post(APP, "/api/interactions/chat-3/feedback", "{}").statusCode(400);
        post(APP, "/api/interactions/chat-3/feedback", "{\"rating\":5}")
                .statusCode(400)
                .body("detail", containsString("rating is 5"));
    }

    @Test
    void nobodyElseComesIn() {
        post(APP, "/api/interactions", interaction("chat-4")).statusCode(201);

        given().get("/api/interactions/chat-4").then().statusCode(401);
        given().auth().oauth2(STRANGER).get("/api/interactions/chat-4").then().statusCode(404);
        post(STRANGER, "/api/interactions/chat-4/feedback", "{\"rating\":1}").statusCode(404);
        given().auth().oauth2(STRANGER).get("/api/interactions").then().body("items", hasSize(0));
        given().auth().oauth2(APP).get("/api/interactions").then().statusCode(403);
        post(TestLogins.token("ann", "demo", Roles.ANNOTATOR), "/api/interactions", interaction("chat-5"))
                .statusCode(403);
    }

    private static String interaction(String id) {
        return "{\"id\":\"%s\",\"model\":\"assistant@3\",\"prompt\":\"Hi\",\"answer\":\"Ho\"}".formatted(id);
    }

    private static ValidatableResponse post(String token, String path, String body) {
        return given().auth()
                .oauth2(token)
                .contentType(ContentType.JSON)
                .body(body)
                .post(path)
                .then();
    }
}
