package dev.gyre.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// The five services as anybody reaches them: HTTP, JSON, and a login.
public final class Services implements AutoCloseable {

    public static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Map<String, URI> addresses;
    private final Logins logins;
    private final Patience patience;

    /// @param addresses of the services by name
    public Services(Map<String, URI> addresses, Logins logins) {
        this(addresses, logins, Patience.USUAL);
    }

    public Services(Map<String, URI> addresses, Logins logins, Patience patience) {
        this.addresses = Map.copyOf(addresses);
        this.logins = logins;
        this.patience = patience;
    }

    /// How long a client goes on with one request.
    ///
    /// @param answer how long it waits for an answer
    /// @param outage how long it tries again, from the first time that nobody answered
    /// @param again answers after which it tries again
    public record Patience(Duration answer, Duration outage, Set<Integer> again) {

        /// A service may be busy for a moment.
        public static final Patience USUAL = new Patience(Duration.ofMinutes(5), Duration.ofSeconds(8), Set.of(503));

        /// Anything may be away at any moment, and comes back.
        public static final Patience STUBBORN =
                new Patience(Duration.ofSeconds(30), Duration.ofMinutes(3), Set.of(500, 502, 503, 504));

        public Patience {
            again = Set.copyOf(again);
        }
    }

    /// A service and a path, as seen by an account.
    public record Call(String account, String service, String path) {}

    public JsonNode get(Call call) {
        return find(call).orElseThrow(() -> new ServiceFailure(call, "GET", 404, "is not there"));
    }

    /// Nothing where the service says that there is no such thing.
    public Optional<JsonNode> find(Call call) {
        var answer = send(call, "GET", BodyPublishers.noBody(), BodyHandlers.ofString());
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(json(call, "GET", answer));
    }

    public JsonNode post(Call call, Object body) {
        return json(call, "POST", send(call, "POST", BodyPublishers.ofString(text(body)), BodyHandlers.ofString()));
    }

    public JsonNode put(Call call, Object body) {
        return json(call, "PUT", send(call, "PUT", BodyPublishers.ofString(text(body)), BodyHandlers.ofString()));
    }

    /// Posts; nothing where the service does not know (yet) what is spoken of.
    public Optional<JsonNode> offer(Call call, Object body) {
        var answer = send(call, "POST", BodyPublishers.ofString(text(body)), BodyHandlers.ofString());
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(json(call, "POST", answer));
    }

    /// Streams a file.
    public JsonNode send(Call call, String method, Path file) {
        try {
            var body = BodyPublishers.ofFile(file);
            return json(call, method, send(call, method, body, BodyHandlers.ofString()));
        } catch (FileNotFoundException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// The lines of an answer, streamed.
    public List<String> lines(Call call) {
        var answer = send(call, "GET", BodyPublishers.noBody(), BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            var read = lines.filter(line -> !line.isBlank()).toList();
            if (answer.statusCode() / 100 != 2) {
                throw new ServiceFailure(call, "GET", answer.statusCode(), String.join(" ", read));
            }
            return read;
        }
    }

    /// Lines of JSON.
    public List<JsonNode> rows(Call call) {
        return lines(call).stream().map(Services::parse).toList();
    }

    /// The bytes of an answer into a file.
    public HttpResponse<Path> download(Call call, Path file) {
        var answer = send(call, "GET", BodyPublishers.noBody(), BodyHandlers.ofFile(file));
        if (answer.statusCode() != 200) {
            throw new ServiceFailure(call, "GET", answer.statusCode(), "gives no file");
        }
        return answer;
    }

    /// Sends again where the service is not there or busy, and once more with a fresh login where the old one has
    /// expired. Every attempt carries the same key, so that a request whose answer was lost makes nothing twice.
    private <T> HttpResponse<T> send(Call call, String method, BodyPublisher body, BodyHandler<T> handler) {
        var key = UUID.randomUUID().toString();
        var renewed = false;
        var deadline = Long.MAX_VALUE;
        for (int attempt = 1; ; attempt++) {
            HttpResponse<T> answer = null;
            IOException away = null;
            try {
                answer = http.send(request(call, method, body, key), handler);
            } catch (IOException failure) {
                away = failure;
            } catch (UncheckedIOException noLogin) {
                away = noLogin.getCause();
            } catch (InterruptedException stopped) {
                throw interrupted(stopped);
            }
            if (answer != null && answer.statusCode() == 401 && !renewed) {
                logins.forget(call.account());
                renewed = true;
                continue;
            }
            if (answer != null && !patience.again().contains(answer.statusCode())) {
                return answer;
            }
            var now = System.nanoTime();
            if (deadline == Long.MAX_VALUE) {
                deadline = now + patience.outage().toNanos();
            } else if (now > deadline) {
                if (answer != null) {
                    return answer;
                }
                throw new ServiceFailure(call, method, 0, "does not answer: " + away);
            }
            pause(Math.min(LONGEST_PAUSE.toMillis(), 250L * attempt));
        }
    }

    private HttpRequest request(Call call, String method, BodyPublisher body, String key) {
        var address = addresses.get(call.service());
        if (address == null) {
            throw new IllegalArgumentException(
                    "no service '%s'; there are %s".formatted(call.service(), addresses.keySet()));
        }
        return HttpRequest.newBuilder(address.resolve(call.path()))
                .timeout(patience.answer())
                .header("Authorization", "Bearer " + logins.token(call.account()))
                .header("Content-Type", body.contentLength() < 0 ? "application/octet-stream" : "application/json")
                .header("Idempotency-Key", key)
                .method(method, body)
                .build();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            throw interrupted(stopped);
        }
    }

    private static IllegalStateException interrupted(InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("stopped while waiting for a service", stopped);
    }

    private static JsonNode json(Call call, String method, HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new ServiceFailure(call, method, answer.statusCode(), detail(answer.body()));
        }
        return answer.body().isBlank() ? MissingNode.getInstance() : parse(answer.body());
    }

    /// The `detail` of problem+json, or the whole answer.
    private static String detail(String body) {
        try {
            return JSON.readTree(body).path("detail").asText(body);
        } catch (IOException plain) {
            return body.substring(0, Math.min(body.length(), 500));
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException broken) {
            throw new UncheckedIOException("a service answered what is no JSON: " + text, broken);
        }
    }

    private static String text(Object body) {
        try {
            return body instanceof String text ? text : JSON.writeValueAsString(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
