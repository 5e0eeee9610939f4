package dev.gyre.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@QuarkusTest
@WithTestResource(LoginTestResource.class)
class EdgeFlowTest {

    @Path("/api/probe")
    static class ProbeResource {

        private final Caller caller;
        private final RequestKey key;

        ProbeResource(Caller caller, RequestKey key) {
            this.caller = caller;
            this.key = key;
        }

        record Seen(String workspace, String name, String kind) {}

        record Size(int size) {}

        @GET
        @RolesAllowed(Roles.ANNOTATOR)
        public Seen seen() {
            return new Seen(caller.workspace(), caller.name(), caller.kind());
        }

        @POST
        @RolesAllowed(Roles.ANNOTATOR)
        public Size size(Size size) {
            if (size.size() < 1) {
                throw new IllegalArgumentException("size is %d, must be 1 or more".formatted(size.size()));
            }
            return size;
        }

        @POST
        @Path("/made")
        @RolesAllowed(Roles.ANNOTATOR)
        public String made() {
            return key.id();
        }

        @GET
        @Path("/broken")
        @RolesAllowed(Roles.ANNOTATOR)
        public String broken() {
            throw new IllegalStateException("a secret of ours");
        }

        /// Writes to a device that is always full.
        @GET
        @Path("/full")
        @RolesAllowed(Roles.ANNOTATOR)
        public String full() {
            try {
                Files.writeString(java.nio.file.Path.of("/dev/full"), "no room for this");
                return "written";
            } catch (IOException full) {
                throw new UncheckedIOException("cannot spool the upload", full);
            }
        }

        @GET
        @Path("/full-database")
        @RolesAllowed(Roles.ANNOTATOR)
        public String fullDatabase() {
            throw new IllegalStateException(
                    "insert failed", new SQLException("could not extend file: No space left on device", "53100"));
        }

        @GET
        @Path("/open")
        public String nobodySaidWhoMay() {
            return "open";
        }
    }

    private static final String ANN = TestLogins.token("ann", "demo", Roles.ANNOTATOR);

    @Test
    void callerIsKnownByNameWorkspaceAndKind() {
        given().auth()
                .oauth2(ANN)
                .get("/api/probe")
                .then()
                .statusCode(200)
                .body("workspace", equalTo("demo"))
                .body("name", equalTo("ann"))
                .body("kind", equalTo("HUMAN"));
    }

    @Test
    void sameKeyOfTheSameCallerNamesTheSameThing() {
        var first = made(ANN, "k-1");

        assertThat(made(ANN, "k-1")).isEqualTo(first);
        assertThat(made(ANN, "k-2")).isNotEqualTo(first);
        assertThat(made(TestLogins.token("bob", "demo", Roles.ANNOTATOR), "k-1"))
                .isNotEqualTo(first);
    }

    @Test
    void keyThatIsTooLongSaysSo() {
        given().auth()
                .oauth2(ANN)
                .header(RequestKey.HEADER, "k".repeat(201))
                .post("/api/probe/made")
                .then()
                .statusCode(400)
                .body("detail", equalTo("Idempotency-Key has 201 characters, must have 1 to 200"));
    }

    private static String made(String token, String key) {
        return given().auth()
                .oauth2(token)
                .header(RequestKey.HEADER, key)
                .post("/api/probe/made")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void missingAndExpiredLoginsSayWhatToDo() {
        var expired = TestLogins.token("ann", "demo", "HUMAN", Instant.now().minusSeconds(600), Roles.ANNOTATOR);

        given().get("/api/probe")
                .then()
                .statusCode(401)
                .contentType(containsString("problem+json"))
                .body("detail", containsString("fresh token"));
        given().auth()
                .oauth2(expired)
                .get("/api/probe")
                .then()
                .statusCode(401)
                .body("detail", containsString("expired"));
    }

    @Test
    void otherRolesAndOtherWorkspacesAreRefused() {
        var manager = TestLogins.token("max", "demo", Roles.MANAGER);

        given().auth().oauth2(manager).get("/api/probe").then().statusCode(403).body("detail", containsString("role"));
        given().auth()
                .oauth2(ANN)
                .header(Caller.WORKSPACE_HEADER, "other")
                .get("/api/probe")
                .then()
                .statusCode(404)
                .body("detail", containsString("no workspace 'other'"));
    }

    @Test
    void callerWhoAsksTooOftenIsToldWhenToComeBack() {
        var eager = TestLogins.token("eager", "demo", Roles.ANNOTATOR);

        var refused = IntStream.range(0, 200)
                .mapToObj(request -> given().auth().oauth2(eager).get("/api/probe"))
                .filter(answer -> answer.statusCode() != 200)
                .findFirst()
                .orElseThrow();

        refused.then()
                .statusCode(429)
                .contentType(containsString("problem+json"))
                .header("Retry-After", Integer::parseInt, greaterThan(0))
                .body("detail", containsString("gyre.requests.per-second"));
        given().auth().oauth2(ANN).get("/api/probe").then().statusCode(200);
        given().get("/q/health").then().statusCode(200);
    }

    /// One says how much comes, the other does not.
    @Test
    void bodyThatIsTooLargeIsRefusedWithTheLimitAndItsSetting() throws IOException, InterruptedException {
        var body = ("{\"size\":1,\"more\":\"" + "x".repeat(3_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        for (var publisher : List.of(
                BodyPublishers.ofByteArray(body),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            try (var http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()) {
                var answer = http.send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/api/probe"))
                                .header("Authorization", "Bearer " + ANN)
                                .header("Content-Type", "application/json")
                                .expectContinue(true)
                                .POST(publisher)
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(413);
                assertThat(answer.headers().firstValue("Content-Type"))
                        .hasValueSatisfying(type -> assertThat(type).contains("problem+json"));
                assertThat(answer.body()).contains("2097152 bytes", "gyre.requests.largest");
            }
        }
    }

    @Test
    void limitsAreGenerousWhereNobodySaysOtherwise() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(RequestConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .build();

        var limits = config.getConfigMapping(RequestConfig.class);

        assertThat(limits.perSecond()).isEqualTo(200);
        assertThat(limits.burst()).isEqualTo(2000);
        assertThat(limits.largest().asLongValue()).isEqualTo(10 << 20);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void fullDiskSaysWhatToDo() {
        given().auth()
                .oauth2(ANN)
                .get("/api/probe/full")
                .then()
                .statusCode(503)
                .contentType(containsString("problem+json"))
                .body("detail", containsString("No space left on device; make room"));
        given().auth()
                .oauth2(ANN)
                .get("/api/probe/full-database")
                .then()
                .statusCode(503)
                .body("detail", containsString("the database takes nothing: could not extend file"))
                .body("detail", containsString("make room"));
    }

    @Test
    void resourceThatNamesNoRoleIsClosed() {
        given().auth().oauth2(ANN).get("/api/probe/open").then().statusCode(403);
    }

    @Test
    void everythingButHealthWantsALogin() {
        given().redirects().follow(false).get("/anything").then().statusCode(401);
        given().get("/q/health").then().statusCode(200);
    }

    @Test
    void badInputNamesWhatAndWhere() {
        given().auth()
                .oauth2(ANN)
                .contentType(ContentType.JSON)
                .body("{\"size\":0}")
                .post("/api/probe")
                .then()
                .statusCode(400)
                .body("detail", equalTo("size is 0, must be 1 or more"));
        given().auth()
                .oauth2(ANN)
                .contentType(ContentType.JSON)
                .body("{\"size\":\"many\"}")
                .post("/api/probe")
                .then()
                .statusCode(400)
                .body("detail", containsString("at 'size'"));
        given().auth()
                .oauth2(ANN)
                .contentType(ContentType.JSON)
                .body("{\"size\":")
                .post("/api/probe")
                .then()
                .statusCode(400)
                .contentType(containsString("problem+json"));
    }

    @Test
    void ourOwnFailuresTellNoSecrets() {
        given().auth()
                .oauth2(ANN)
                .get("/api/probe/broken")
                .then()
                .statusCode(500)
                .body("detail", containsString("the log has it under"))
                .body("detail", org.hamcrest.Matchers.not(containsString("secret")));
    }
}
