package dev.gyre.cli.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.platform.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/// Accounts of annotators, made in Keycloak by its administrator as an operator would make them.
final class Accounts {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI keycloak;
    private final Credentials credentials;

    Accounts(URI keycloak, Credentials credentials) {
        this.keycloak = keycloak;
        this.credentials = credentials;
    }

    /// Makes annotators of the workspace `demo` whose names begin alike.
    ///
    /// @return the credentials of the instance and theirs
    Credentials make(String prefix, int count) throws IOException, InterruptedException {
        var secrets = new TreeMap<>(credentials.secrets());
        var names =
                IntStream.rangeClosed(1, count).mapToObj(number -> prefix + number).toList();
        names.forEach(name -> secrets.put("person:" + name, UUID.randomUUID().toString()));
        var users = names.stream()
                .map(name -> Map.of(
                        "username",
                        name,
                        "enabled",
                        true,
                        "attributes",
                        Map.of("workspaces", List.of("demo"), "annotator_kind", List.of("SIMULATED")),
                        "realmRoles",
                        List.of("annotator"),
                        "credentials",
                        List.of(Map.of("type", "password", "value", secrets.get("person:" + name)))))
                .toList();
        try (var http = HttpClient.newHttpClient()) {
            var token = sent(
                            http,
                            "/realms/master/protocol/openid-connect/token",
                            "application/x-www-form-urlencoded",
                            "grant_type=password&client_id=admin-cli&username=admin&password="
                                    + URLEncoder.encode(credentials.secret("keycloak:admin"), StandardCharsets.UTF_8),
                            "")
                    .path("access_token")
                    .asText();
            sent(
                    http,
                    "/admin/realms/gyre/partialImport",
                    "application/json",
                    JSON.writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", users)),
                    token);
        }
        return new Credentials(secrets);
    }

    private JsonNode sent(HttpClient http, String path, String type, String body, String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(keycloak.resolve(path))
                .timeout(Duration.ofMinutes(5))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
        var answer = http.send(
                token.isEmpty()
                        ? request.build()
                        : request.header("Authorization", "Bearer " + token).build(),
                BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new UncheckedIOException(new IOException(
                    "Keycloak refuses %s: %d %s".formatted(path, answer.statusCode(), answer.body())));
        }
        return JSON.readTree(answer.body());
    }
}
