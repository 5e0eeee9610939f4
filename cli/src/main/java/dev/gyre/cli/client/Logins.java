package dev.gyre.cli.client;

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
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Real logins at Keycloak, renewed shortly before they expire.
public final class Logins {

    private static final Duration MARGIN = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Token(String value, Instant until) {}

    private final URI tokens;
    private final Credentials credentials;
    private final Map<String, Token> held = new ConcurrentHashMap<>();

    /// @param keycloak where Keycloak listens
    public Logins(URI keycloak, Credentials credentials) {
        tokens = keycloak.resolve("/realms/gyre/protocol/openid-connect/token");
        this.credentials = credentials;
    }

    /// A bearer token of the account, good for at least half a minute.
    public String token(String account) {
        return held.compute(
                        account,
                        (name, token) -> token != null && Instant.now().isBefore(token.until()) ? token : logIn(name))
                .value();
    }

    public void forget(String account) {
        held.remove(account);
    }

    private Token logIn(String account) {
        var form = Map.of(
                "grant_type",
                "password",
                "client_id",
                "gyre",
                "client_secret",
                credentials.secret("client:gyre"),
                "scope",
                "openid",
                "username",
                account,
                "password",
                credentials.password(account));
        var request = HttpRequest.newBuilder(tokens)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(form)))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofString());
            var json = JSON.readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new IllegalArgumentException(
                        "Keycloak does not let '%s' in: %s; its password is in credentials.json"
                                .formatted(
                                        account, json.path("error_description").asText(answer.body())));
            }
            return new Token(
                    json.path("access_token").asText(),
                    Instant.now().plusSeconds(json.path("expires_in").asLong()).minus(MARGIN));
        } catch (IOException away) {
            throw new UncheckedIOException("Keycloak does not answer at " + tokens, away);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while logging in", stopped);
        }
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
