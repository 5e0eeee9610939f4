package dev.gyre.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import dev.gyre.cli.bench.Ledger.Kind;
import dev.gyre.cli.bench.Ledger.Text;
import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.Logins;
import dev.gyre.cli.client.Services;
import dev.gyre.platform.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The count, against services that hold what the test lets them hold.
class CountTest {

    private final Map<String, String> answers = new TreeMap<>();
    private final HttpServer server = created();
    private final Ledger ledger = new Ledger();

    @BeforeEach
    void allIsWell() {
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().toString();
            var body = path.startsWith("/realms")
                    ? "{\"access_token\":\"t\",\"expires_in\":3600}"
                    : answers.getOrDefault(path, "[]");
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        var work = ledger.open("w", Kind.DEMONSTRATION, List.of(new Text("t1", "a", "Hi?", List.of("Ho."), 0)));
        work.source("s");
        work.project("p");
        work.dataset("d");
        work.judged("j1");
        ledger.asked("r1");
        answers.put("/api/samples?source=s&after=0&limit=1000", "{\"items\":[{\"externalId\":\"t1\"}]}");
        answers.put("/api/projects", "[{\"id\":\"p\",\"source\":\"s\"}]");
        answers.put("/api/projects/p/judgements", "{\"judgement\":\"j1\",\"externalId\":\"t1\"}\n");
        answers.put("/api/datasets", "[{\"dataset\":\"d\",\"project\":\"p\"}]");
        answers.put("/api/datasets/d/judgements", "j1\n");
        answers.put(
                "/api/datasets/d/rows?part=train",
                "{\"prompt\":\"Hi?\",\"completion\":\"Ho.\",\"judgements\":[\"j1\"]}\n");
        answers.put("/api/datasets/d/rows?part=heldOut", "");
        answers.put("/api/runs?limit=1000", "[{\"run\":\"r1\",\"state\":\"COMPLETED\",\"endedAt\":\"now\"}]");
        answers.put(
                "/api/registry/models/desk",
                "{\"versions\":[{\"version\":1,\"state\":\"CHAMPION\"},{\"version\":2,\"state\":\"REJECTED\",\"run\":\"r1\",\"evaluations\":[{}]}]}");
        answers.put("/api/models/desk", "{\"champion\":1}");
        told("samples", "SampleAccepted", "{\"source\":\"s\",\"externalId\":\"t1\"}");
        told("judgements", "PreferenceRecorded");
        told("judgements", "DemonstrationRecorded", "{\"judgement\":\"j1\"}");
        told("datasets", "DatasetFrozen", "{\"dataset\":\"d\"}");
        told("trainings", "TrainingRequested", "{\"run\":\"r1\"}");
        told("trainings", "TrainingCompleted", "{\"run\":\"r1\"}");
        told("trainings", "TrainingFailed");
        told("trainings", "TrainingCancelled");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void nothingIsWrongWhereEverythingIsThereOnce() {
        var books = counted();

        assertThat(wrong(books)).isEmpty();
        assertThat(books.pages()).hasSizeGreaterThan(15);
    }

    @Test
    void judgementThatIsMissingInTheDataSetIsLostAndNamed() {
        answers.put("/api/datasets/d/judgements", "");

        assertThat(wrong(counted())).containsExactly("data set w, judgements: lost j1");
    }

    @Test
    void judgementThatTheDataSetHoldsTwiceIsDuplicated() {
        answers.put("/api/datasets/d/judgements", "j1\nj1\n");

        assertThat(wrong(counted())).containsExactly("data set w, judgements: too many j1");
    }

    @Test
    void textThatSaysSomethingElseInTheDataSetIsLost() {
        answers.put(
                "/api/datasets/d/rows?part=train",
                "{\"prompt\":\"Hi?\",\"completion\":\"No.\",\"judgements\":[\"j1\"]}\n");

        assertThat(wrong(counted()))
                .containsExactly("data set w, texts: lost Hi? Ho.", "data set w, texts: too many Hi? No.");
    }

    @Test
    void secondDataSetOfOneRequestIsDuplicated() {
        answers.put("/api/datasets", "[{\"dataset\":\"d\",\"project\":\"p\"},{\"dataset\":\"e\",\"project\":\"p\"}]");

        assertThat(wrong(counted())).containsExactly("annotation, data sets of w: too many e");
    }

    @Test
    void runThatNeverEndsIsLost() {
        answers.put("/api/runs?limit=1000", "[{\"run\":\"r1\",\"state\":\"RUNNING\",\"endedAt\":null}]");

        assertThat(wrong(counted()))
                .contains("trainer, runs that ended: lost r1", "trainer, runs that came to something: lost r1");
    }

    @Test
    void twoChampionsAreOneTooMany() {
        answers.put(
                "/api/registry/models/desk",
                "{\"versions\":[{\"version\":1,\"state\":\"CHAMPION\"},{\"version\":2,\"state\":\"CHAMPION\",\"run\":\"r1\",\"evaluations\":[{}]}]}");

        assertThat(wrong(counted())).containsExactly("registry, one champion: too many champion#2");
    }

    @Test
    void factHeardTwiceIsDuplicated() {
        told("datasets", "DatasetFrozen", "{\"dataset\":\"d\"}", "{\"dataset\":\"d\"}");

        assertThat(wrong(counted())).containsExactly("facts, data sets: too many d");
    }

    private Books counted() {
        var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        var addresses = new TreeMap<String, URI>();
        List.of("ingest", "annotation", "trainer", "eval", "registry").forEach(name -> addresses.put(name, address));
        var logins = new Logins(address, new Credentials(Map.of("client:gyre", "secret", "person:ada", "word")));
        try (var services = new Services(addresses, logins)) {
            return new Count(services, ledger, Duration.ofMillis(1)).everything();
        }
    }

    private static List<String> wrong(Books books) {
        return books.pages().stream()
                .flatMap(page -> page.examples().stream().map(example -> page.place() + ": " + example))
                .toList();
    }

    private void told(String topic, String type, String... payloads) {
        var items = new ArrayNode(JsonNodeFactory.instance);
        Stream.of(payloads).forEach(payload -> items.addObject().set("payload", parsed(payload)));
        answers.put(
                "/api/activity?topic=%s&type=%s&after=0&limit=5000".formatted(topic, type),
                "{\"items\":%s}".formatted(items));
    }

    private static com.fasterxml.jackson.databind.JsonNode parsed(String json) {
        try {
            return Services.JSON.readTree(json);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static HttpServer created() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
