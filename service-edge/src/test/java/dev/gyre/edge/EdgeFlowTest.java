package dev.gyre.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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
