package dev.gyre.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gyre.cli.client.Services.Call;
import dev.gyre.platform.Credentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServicesTest {

    private static final Credentials CREDENTIALS =
            new Credentials(Map.of("client:gyre", "secret", "person:ada", "word"));

    private final AtomicInteger logins = new AtomicInteger();
    private HttpServer server = created();
    private Services services = services();

    @BeforeEach
    void start() {
        server.createContext("/realms/gyre/protocol/openid-connect/token", exchange -> {
            var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var known = form.contains("username=ada") && form.contains("password=word");
            answer(
                    exchange,
                    known ? 200 : 401,
                    known
                            ? "{\"access_token\":\"t%d\",\"expires_in\":3600}".formatted(logins.incrementAndGet())
                            : "{\"error_description\":\"Invalid user credentials\"}");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        services.close();
        server.stop(0);
    }

    @Test
    void renewsALoginThatHasExpired() {
        server.createContext("/api/thing", exchange -> {
            var fresh = "Bearer t2".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, fresh ? 200 : 401, "{\"name\":\"thing\"}");
        });

        assertThat(services.get(call("/api/thing")).path("name").asText()).isEqualTo("thing");
        assertThat(logins).hasValue(2);
    }

    @Test
    void triesAgainWhereAServiceIsBusy() {
        var calls = new AtomicInteger();
        server.createContext("/api/busy", exchange -> answer(exchange, calls.incrementAndGet() < 2 ? 503 : 200, "{}"));

        services.get(call("/api/busy"));

        assertThat(calls).hasValue(2);
    }

    @Test
    void repeatsWhatTheServiceSaidWasWrong() {
        server.createContext("/api/wrong", exchange -> answer(exchange, 400, "{\"detail\":\"name is blank\"}"));

        assertThatThrownBy(() -> services.get(call("/api/wrong")))
                .isInstanceOf(ServiceFailure.class)
                .hasMessage("ingest, asked by ada for GET /api/wrong, says 400: name is blank");
    }

    @Test
    void whatIsNotThereIsNothing() {
        server.createContext("/api/none", exchange -> answer(exchange, 404, "{}"));

        assertThat(services.find(call("/api/none"))).isEmpty();
    }

    private static Call call(String path) {
        return new Call("ada", "ingest", path);
    }

    private Services services() {
        var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new Services(Map.of("ingest", address), new Logins(address, CREDENTIALS));
    }

    private static HttpServer created() {
        try {
            return HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
