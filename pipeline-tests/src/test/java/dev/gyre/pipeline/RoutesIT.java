package dev.gyre.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Every route × every role × two workspaces, on the running system: who may, may; nobody else does.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesIT {

    private static final List<String> ROLES =
            List.of("annotator", "reviewer", "manager", "engineer", "publisher", "operator", "service");
    private static final String NOTHING = "no-such-thing";
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int BROKEN = 500;

    private final List<Route> routes = Route.all();
    private final Map<String, String> tokens = new HashMap<>();
    private Circle circle;

    /// An account for each role in each of two workspaces, made for this test.
    @BeforeAll
    void makeAccounts() throws IOException {
        circle = Circle.shared();
        for (var role : ROLES) {
            for (var workspace : List.of("demo", "other")) {
                tokens.put(role + " of " + workspace, circle.newAccount(role, workspace));
            }
        }
    }

    @Test
    void everyRouteSaysWhoMayUseIt() {
        assertThat(routes).hasSizeGreaterThan(50);
        assertThat(routes.stream().filter(Route::isApi))
                .allSatisfy(route -> assertThat(route.roles()).as("%s", route).isNotEmpty());
        assertThat(ROLES).containsAll(routes.stream().flatMap(route -> route.roles().stream()).toList());
    }

    @Test
    void nobodyEntersWithoutALogin() {
        var entered = new ArrayList<String>();
        for (var route : routes) {
            var status = given().redirects()
                    .follow(false)
                    .contentType(ContentType.JSON)
                    .body("{}")
                    .request(route.verb(), url(route, name -> NOTHING))
                    .statusCode();
            // Pages send people to the login.
            if (status != UNAUTHORIZED && status != 302) {
                entered.add("%s: %d".formatted(route, status));
            }
        }
        assertThat(entered).isEmpty();
    }

    @Test
    void aRoleThatIsNotNamedIsForbiddenAndOneThatIsIsNot() {
        var wrong = new ArrayList<String>();
        for (var route : routes) {
            if (!route.isApi()) {
                continue;
            }
            for (var role : ROLES) {
                var status = send(route, role + " of demo", name -> NOTHING).statusCode();
                var may = route.roles().contains(role);
                if (may ? status == UNAUTHORIZED || status == FORBIDDEN || status >= BROKEN : status != FORBIDDEN) {
                    wrong.add("%s as %s: %d".formatted(route, role, status));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /// Takes what one workspace really has, route by route, and asks for it from the other.
    @Test
    void whatIsThereInOneWorkspaceIsNotThereInTheOther() {
        var wrong = new ArrayList<String>();
        var seen = 0;
        for (var route : routes) {
            if (!route.isApi() || !route.verb().equals("GET") || !route.hasParameters()) {
                continue;
            }
            for (var role : route.roles()) {
                UnaryOperator<String> real = name -> real(route, name);
                if (send(route, role + " of demo", real).statusCode() != 200) {
                    continue;
                }
                seen++;
                var status = send(route, role + " of other", real).statusCode();
                if (status != 404) {
                    wrong.add("%s as %s: %d".formatted(route, role, status));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(30);
    }

    private Response send(Route route, String account, UnaryOperator<String> values) {
        var request = given().redirects().follow(false).auth().oauth2(tokens.getOrDefault(account, ""));
        if (!route.verb().equals("GET") && !route.verb().equals("HEAD")) {
            request.contentType(ContentType.JSON).body("{}");
        }
        return request.request(route.verb(), url(route, values));
    }

    private String url(Route route, UnaryOperator<String> values) {
        return circle.address(route.service()) + route.filled(values);
    }

    /// A value of this parameter that the workspace `demo` has: the first of the collection before it.
    private String real(Route route, String name) {
        var model = circle.report().path("models").path(0).path("name").asText();
        return switch (name) {
            case "workspace" -> "demo";
            case "model", "name" -> model;
            case "number" -> "1";
            case "concern" -> "input";
            case "revision" -> "main";
            case "folder" -> "adapter";
            case "path" -> "config.json";
            default -> first(route, name);
        };
    }

    private String first(Route route, String name) {
        var collection = route.path().substring(0, route.path().indexOf("/{" + name));
        if (collection.contains("{")) {
            return NOTHING;
        }
        var service = route.service().equals("registry") && collection.endsWith("/runs") ? "trainer" : route.service();
        if (collection.endsWith("/uploads")) {
            return upload();
        }
        if (collection.endsWith("/judgements")) {
            return judgement();
        }
        var found = as("ada", service, collection);
        var item = found.isArray() ? found.path(0) : found.path("items").path(0);
        for (var field : List.of("id", name, "run", "dataset", "suite", "campaign")) {
            if (item.path(field).isTextual()) {
                return item.path(field).asText();
            }
        }
        return NOTHING;
    }

    private String upload() {
        return as("ada", "ingest", "/api/samples").path("items").path(0).path("upload").asText(NOTHING);
    }

    private String judgement() {
        var dataset = circle.report().path("datasets").path(0).path("id").asText();
        return circle.as("ada")
                .get(circle.address("annotation") + "/api/datasets/%s/judgements".formatted(dataset))
                .asString()
                .lines()
                .findFirst()
                .orElse(NOTHING);
    }

    private JsonNode as(String account, String service, String path) {
        var response = circle.as(account).get(circle.address(service) + path);
        return response.statusCode() == 200
                ? response.as(JsonNode.class)
                : com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
