package dev.gyre.pipeline;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.cli.Gyre;
import dev.gyre.platform.Home;
import dev.gyre.platform.Platform;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// The whole system, started once for all tests of this module, with the shipped scenario turned.
final class Circle {

    static final Path HOME = Checkout.ROOT.resolve("pipeline-tests/target/circle");
    private static final Path REPORT = Checkout.ROOT.resolve("pipeline-tests/target/report.json");

    private final Platform platform;
    private final int exit;
    private final JsonNode report;

    private Circle(Platform platform, int exit, JsonNode report) {
        this.platform = platform;
        this.exit = exit;
        this.report = report;
    }

    private static @Nullable Circle shared;

    /// The one of this test run; it is stopped when the tests are over.
    static synchronized Circle shared() throws IOException {
        if (shared == null) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> gyre("down", "--home", HOME.toString(), "--wipe")));
            shared = turn();
        }
        return shared;
    }

    /// Runs `gyre up` and `gyre demo`, as a person would.
    private static Circle turn() throws IOException {
        gyre("down", "--home", HOME.toString(), "--wipe");
        if (gyre("up", "--home", HOME.toString()) != 0) {
            throw new IllegalStateException("the platform did not start; its logs are in " + HOME.resolve("logs"));
        }
        var exit = gyre("demo", "--home", HOME.toString(), "--report", REPORT.toString());
        return new Circle(
                Platform.running(new Home(HOME)).orElseThrow(), exit, new ObjectMapper().readTree(REPORT.toFile()));
    }

    static int gyre(String... arguments) {
        return new CommandLine(new Gyre()).execute(arguments);
    }

    int exit() {
        return exit;
    }

    JsonNode report() {
        return report;
    }

    Platform platform() {
        return platform;
    }

    String address(String part) {
        return platform.address(part).toString();
    }

    String password(String account) {
        return platform.credentials().password(account);
    }

    /// A request with a real login.
    RequestSpecification as(String account) {
        return given().auth().oauth2(token(account));
    }

    /// Makes an account with one role in one workspace, through Keycloak's own API.
    ///
    /// @return a token of it
    String newAccount(String role, String workspace) {
        var account = "only-%s-of-%s".formatted(role, workspace);
        var password = UUID.randomUUID().toString();
        var admin = given().auth().oauth2(given().formParam("grant_type", "client_credentials")
                .formParam("client_id", "gyre-accounts")
                .formParam("client_secret", platform.credentials().secret("client:gyre-accounts"))
                .post(address("keycloak") + "/realms/gyre/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .<String>path("access_token"));
        var users = address("keycloak") + "/admin/realms/gyre/users";
        var place = given().spec(admin)
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "username",
                        account,
                        "enabled",
                        true,
                        "emailVerified",
                        true,
                        "attributes",
                        Map.of("workspaces", List.of(workspace)),
                        "credentials",
                        List.of(Map.of("type", "password", "value", password, "temporary", false))))
                .post(users)
                .then()
                .statusCode(201)
                .extract()
                .header("Location");
        var wanted = given().spec(admin)
                .get(address("keycloak") + "/admin/realms/gyre/roles/" + role)
                .then()
                .statusCode(200)
                .extract()
                .<Map<String, Object>>path("$");
        given().spec(admin)
                .contentType(ContentType.JSON)
                .body(List.of(wanted))
                .post(place + "/role-mappings/realm")
                .then()
                .statusCode(204);
        return token(account, password);
    }

    private String token(String account) {
        return token(account, password(account));
    }

    private String token(String account, String password) {
        return given().formParam("grant_type", "password")
                .formParam("client_id", "gyre")
                .formParam("client_secret", platform.credentials().secret("client:gyre"))
                .formParam("scope", "openid")
                .formParam("username", account)
                .formParam("password", password)
                .post(address("keycloak") + "/realms/gyre/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }
}
