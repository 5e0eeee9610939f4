package dev.gyre.pipeline;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.cli.Gyre;
import dev.gyre.platform.Home;
import dev.gyre.platform.Platform;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Path;
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

    /// Runs `gyre up` and `gyre demo`, as a person would.
    static Circle turn() throws IOException {
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

    private String token(String account) {
        return given().formParam("grant_type", "password")
                .formParam("client_id", "gyre")
                .formParam("client_secret", platform.credentials().secret("client:gyre"))
                .formParam("scope", "openid")
                .formParam("username", account)
                .formParam("password", password(account))
                .post(address("keycloak") + "/realms/gyre/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }
}
