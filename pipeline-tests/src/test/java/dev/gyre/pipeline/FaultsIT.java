package dev.gyre.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.bench.Trial;
import dev.gyre.cli.client.Logins;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import dev.gyre.platform.Home;
import dev.gyre.platform.Options;
import dev.gyre.platform.Platform;
import dev.gyre.platform.Platform.Instance;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Nothing is lost by poison, by a second instance of everything, by lines that are slow or silent, or when half of all
/// instances go at once; what everybody sent is counted after each. What was found is in `docs/chaos.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class FaultsIT {

    private static final Path HOME = Checkout.ROOT.resolve("pipeline-tests/target/faults");
    private static final Path DATA = HOME.resolve("data");
    private static final Path SAMPLES = Checkout.ROOT.resolve("samples");
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final byte[] POISON = "no fact \0 at all".getBytes(StandardCharsets.UTF_8);

    private final Map<String, Instance> second = new HashMap<>();
    private final Map<String, Line> both = new HashMap<>();
    private final SmallDisk disk = new SmallDisk(DATA);
    private Platform platform;
    private Logins logins;
    private Trial trial;
    private Line toDatabase;
    private Line toStore;

    /// The second instance of every service reaches database and S3 store over lines that can be disturbed, and gives
    /// up on a silent one sooner than usual, so that the test need not wait for minutes.
    @BeforeAll
    void start() {
        forget();
        Runtime.getRuntime().addShutdownHook(new Thread(this::forget));
        disk.mount();
        platform = Platform.start(new Options(new Home(HOME), true, "cpu"), state -> {});
        toDatabase = Line.to(platform.address("postgres"));
        toStore = Line.to(platform.address("s3"));
        logins = new Logins(platform.address("keycloak"), platform.credentials());
        trial = new Trial(logins, SAMPLES, HOME.resolve("sent"));
        Checkout.SERVICES.forEach(service -> second.put(service, beside(service)));
        second.values().forEach(Instance::await);
        second.forEach((service, instance) ->
                both.put(service, Line.to(platform.address(service), instance.address())));
        trial.begin(addresses(both, Line::address));
    }

    @AfterAll
    void stop() throws IOException {
        for (var instance : second.values()) {
            instance.process().stop(Duration.ofSeconds(10));
        }
        for (var line : List.copyOf(both.values())) {
            line.close();
        }
        toDatabase.close();
        toStore.close();
        forget();
    }

    private void forget() {
        Platform.at(new Home(HOME)).stop();
        disk.unmount();
        Circle.gyre("down", "--home", HOME.toString(), "--wipe");
    }

    private Instance beside(String service) {
        return platform.beside(
                service,
                service + "-2",
                Map.of(
                        "QUARKUS_DATASOURCE_JDBC_URL",
                        "jdbc:postgresql://127.0.0.1:%d/gyre?currentSchema=%s&socketTimeout=6&options=%s"
                                .formatted(toDatabase.port(), service, "-c%20idle_in_transaction_session_timeout=6000"),
                        "GYRE_S3_ENDPOINT",
                        toStore.address().toString(),
                        "GYRE_S3_ANSWER_TIMEOUT",
                        "6S",
                        "GYRE_TRAINER_WORK",
                        HOME.resolve("trainer-2").toString(),
                        "GYRE_MODELS_CACHE",
                        HOME.resolve("models-2").toString(),
                        "GYRE_DEVICE",
                        "cpu"));
    }

    @Test
    @Order(1)
    void twoInstancesOfEverythingAndPoisonOnEveryTopic() {
        var topics = poison();

        trial.turn(addresses(both, Line::address), words -> {});

        assertNothingIsWrong();
        assertThat(both).allSatisfy((service, line) -> assertThat(line.carried())
                .as(service)
                // A turn asks nothing of eval: it hears facts and tells them.
                .isGreaterThan(service.equals("eval") ? -1 : 1));
        await().atMost(LONG).untilAsserted(() -> assertThat(letters().map(letter -> letter.path("topic").asText()))
                .containsAll(topics));
        assertThat(letters())
                .isNotEmpty()
                .allSatisfy(letter -> assertThat(letter.path("reason").asText()).isNotBlank());
    }

    /// Poison stays poison: sent again, it dies again, as another letter that only its own consumer has touched.
    @Test
    @Order(2)
    void letterThatIsSentAgainReachesItsConsumer() {
        var letter = letters()
                .filter(found -> found.path("topic").asText().equals("datasets"))
                .findFirst()
                .orElseThrow();

        var sent = operator(services -> services.post(
                call("/api/dead-letters/%s/redrive".formatted(letter.path("id").asText())), Map.of()));

        assertThat(sent.path("redrivenBy").asText()).isEqualTo("ada");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(letters())
                        .anySatisfy(again -> {
                            assertThat(again.path("id").asLong())
                                    .isGreaterThan(letter.path("id").asLong());
                            assertThat(again.path("consumer")).isEqualTo(letter.path("consumer"));
                            assertThat(again.path("topic")).isEqualTo(letter.path("topic"));
                        }));
    }

    @Test
    @Order(3)
    void linesThatAreSlowAndThenSilentLoseNothing() {
        var seconds = addresses(second, Instance::address);

        trial.turn(
                seconds,
                once("judges", () -> disturb(toDatabase))
                        .andThen(once("trains", () -> disturb(toStore))));

        assertNothingIsWrong();
    }

    @Test
    @Order(4)
    void otherInstanceTakesOverWhenOneOfEachIsKilled() {
        trial.turn(
                addresses(both, Line::address),
                once("judges", () -> kill("ingest", "annotation"))
                        .andThen(once("trains", () -> kill("trainer", "eval", "registry"))));

        assertThat(second.values()).noneMatch(instance -> instance.process().alive());
        assertNothingIsWrong();
    }

    /// The second instances are gone by now, as they must be.
    @Test
    @Order(5)
    void trainerAndLineageAreTheSameAfterTheyWereToldEverythingAgain() {
        var learnedFrom = new Call("ada", "registry", "/api/registry/models/desk/versions/2/judgements");
        var judgement = operator(services -> services.rows(learnedFrom))
                .getFirst()
                .path("judgement")
                .asText();
        var routes = Map.of(
                "/api/datasets", "trainer",
                "/api/models/desk", "trainer",
                "/api/registry/models/desk", "registry",
                "/api/registry/judgements/%s/models".formatted(judgement), "registry");
        var before = answers(routes);
        assertThat(before.get("/api/datasets")).hasSizeGreaterThan(2);

        assertThat(Circle.gyre("replay", "annotation", "--home", HOME.toString())).isNotZero();
        assertThat(Circle.gyre("replay", "trainer", "--home", HOME.toString())).isZero();
        assertThat(Circle.gyre("replay", "registry", "--home", HOME.toString())).isZero();

        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> assertThat(answers(routes))
                .isEqualTo(before));
        assertNothingIsWrong();
    }

    /// Everything that the servers keep is on one small file system, and for a while there is no room on it at all.
    @Test
    @Order(6)
    void fullDiskLosesNothingAndNeedsNoHandOnceThereIsRoom() {
        assumeTrue(disk.isMounted(), "a small file system can only be mounted by root: mount -t tmpfs " + DATA);
        var filled = new AtomicBoolean();

        trial.turn(
                platform.addresses(),
                once("judges", () -> Thread.ofVirtual().start(() -> {
                    filled.set(disk.fill(Duration.ofSeconds(8)));
                })));

        assertThat(filled).isTrue();
        assertNothingIsWrong(platform.addresses());
    }

    @Test
    @Order(7)
    void everyServiceRefusesABodyThatIsTooLargeBeforeItComes() throws IOException {
        for (var service : Checkout.SERVICES) {
            var address = platform.address(service);
            try (var socket = new Socket(address.getHost(), address.getPort())) {
                socket.setSoTimeout((int) LONG.toMillis());
                socket.getOutputStream()
                        .write("POST /api/any HTTP/1.1\r\nHost: gyre\r\nContent-Length: %d\r\n\r\n"
                                .formatted(Long.MAX_VALUE)
                                .getBytes(StandardCharsets.US_ASCII));
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer)
                        .as(service)
                        .startsWith("HTTP/1.1 413")
                        .contains("problem+json", "gyre.requests.largest");
            }
        }
    }

    private Map<String, List<String>> answers(Map<String, String> routes) {
        return routes.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, route -> sorted(ask(route.getValue(), route.getKey()))));
    }

    /// Told again at once, things of one moment may come in another order.
    private static List<String> sorted(JsonNode answer) {
        return answer.valueStream().map(JsonNode::toString).sorted().toList();
    }

    private JsonNode ask(String service, String path) {
        return operator(services -> services.get(new Call("ada", service, path)));
    }

    private void assertNothingIsWrong() {
        assertNothingIsWrong(addresses(both, Line::address));
    }

    private void assertNothingIsWrong(Map<String, URI> addresses) {
        var books = trial.count(addresses);
        assertThat(books.pages())
                .hasSizeGreaterThan(20)
                .filteredOn(page -> page.lost() + page.duplicated() > 0)
                .isEmpty();
    }

    /// Slow for three seconds, then silent for eight, while the turn goes on.
    private static void disturb(Line line) {
        Thread.ofVirtual().start(() -> {
            line.slow(true);
            pause(Duration.ofSeconds(3));
            line.slow(false);
            line.silent(true);
            pause(Duration.ofSeconds(8));
            line.silent(false);
        });
    }

    private void kill(String... services) {
        Thread.ofVirtual().start(() -> {
            pause(Duration.ofSeconds(2));
            for (var service : services) {
                ProcessHandle.of(Objects.requireNonNull(second.get(service)).process().pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        });
    }

    private static Consumer<String> once(String word, Runnable what) {
        var done = new ArrayList<String>();
        return words -> {
            if (words.equals(word) && done.isEmpty()) {
                done.add(word);
                what.run();
            }
        };
    }

    /// Puts what is no fact on every partition of every topic, with and without headers.
    ///
    /// @return the topics
    private List<String> poison() {
        var settings = Map.<String, Object>of("bootstrap.servers", platform.address("kafka").getAuthority());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            var topics = Stream.of(
                            "samples", "interactions", "answers", "judgements", "campaigns", "datasets", "trainings",
                            "evaluations", "models", "drift", "erasures")
                    .toList();
            for (var topic : topics) {
                for (var partition : producer.partitionsFor(topic)) {
                    producer.send(new ProducerRecord<>(topic, partition.partition(), "poison", POISON));
                    var headed = new ProducerRecord<>(topic, partition.partition(), "poison\0", POISON);
                    headed.headers()
                            .add("ce_id", "poison-%s-%d".formatted(topic, partition.partition()).getBytes(StandardCharsets.UTF_8))
                            .add("ce_source", "/nobody".getBytes(StandardCharsets.UTF_8))
                            .add("ce_subject", null);
                    producer.send(headed);
                }
            }
            return topics;
        }
    }

    private Stream<JsonNode> letters() {
        return operator(services -> services.get(call("/api/dead-letters")))
                .path("groups")
                .valueStream()
                .flatMap(group -> group.path("letters").valueStream());
    }

    private <T> T operator(Function<Services, T> question) {
        try (var services = new Services(platform.addresses(), logins)) {
            return question.apply(services);
        }
    }

    private static Call call(String path) {
        return new Call("ada", "registry", path);
    }

    private static <T> Map<String, URI> addresses(Map<String, T> parts, Function<T, URI> address) {
        return parts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, part -> address.apply(part.getValue())));
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
