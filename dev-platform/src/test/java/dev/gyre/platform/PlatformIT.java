package dev.gyre.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The four servers as `./gyre up` starts them.
class PlatformIT {

    @TempDir
    private Path folder;

    @Test
    void theServersWorkAreRestartedAndLeaveNothingRunning() throws Exception {
        var home = new Home(folder);
        var platform = Platform.start(new Options(home, false, "cpu"), state -> {});
        var processes = processes(platform);
        try {
            everyServiceHasASchemaThatIsItsOwn(platform);
            everyDeclaredTopicCarriesRecords(platform);
            theStoreKeepsWhatItIsGiven(platform);
            peopleLogInWithTheirRolesAndWorkspaces(platform);
            secretsAreForTheirOwnerOnly(home);
            whatWasCommittedOutlivesAKill(platform);
            whatDiesIsStartedAgain(platform);
            processes = processes(platform);
        } finally {
            platform.stop();
        }

        assertThat(processes).hasSize(5).noneMatch(ProcessId::alive);
        assertThat(Platform.running(home)).isEmpty();
    }

    private static List<ProcessId> processes(Platform platform) {
        var state = platform.state();
        return Stream.concat(
                        Stream.of(state.supervisor()), state.parts().stream().map(State.Part::process))
                .toList();
    }

    private static void everyServiceHasASchemaThatIsItsOwn(Platform platform) throws Exception {
        var url = "jdbc:" + platform.address("postgres");
        try (var connection = DriverManager.getConnection(
                        url + "?currentSchema=ingest",
                        "ingest",
                        platform.credentials().secret("database:ingest"));
                var statement = connection.createStatement()) {
            statement.execute("create table proof as select 1 as one");

            SoftAssertions.assertSoftly(softly -> {
                softly.assertThat(schemaOf(connection)).isEqualTo("ingest");
                softly.assertThatThrownBy(() -> statement.execute("create table registry.intruder (one int)"))
                        .hasMessageContaining("permission denied for schema registry");
            });
        }
    }

    private static String schemaOf(Connection connection) {
        try {
            return connection.getSchema();
        } catch (SQLException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private static void everyDeclaredTopicCarriesRecords(Platform platform) throws Exception {
        var servers = platform.address("kafka").getAuthority();
        try (var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer());
                var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", servers, "group.id", "proof", "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            producer.send(new ProducerRecord<>("judgements", "task", "B over A"))
                    .get();
            consumer.subscribe(List.of("judgements"));

            assertThat(consumer.listTopics().keySet()).contains("samples", "samples.dead", "erasures", "erasures.dead");
            assertThat(consumer.poll(Duration.ofSeconds(60)))
                    .extracting("value")
                    .containsExactly("B over A");
        }
    }

    private static void theStoreKeepsWhatItIsGiven(Platform platform) throws Exception {
        var credentials = platform.credentials();
        try (var store = MinioClient.builder()
                .endpoint(platform.address("s3").toString())
                .credentials(credentials.secret("s3:access"), credentials.secret("s3:secret"))
                .build()) {
            store.makeBucket(MakeBucketArgs.builder().bucket("proof").build());
            store.putObject(PutObjectArgs.builder().bucket("proof").object("a/b").stream(
                            new ByteArrayInputStream("bytes".getBytes(StandardCharsets.UTF_8)), 5L, -1L)
                    .build());

            try (var object = store.getObject(
                    GetObjectArgs.builder().bucket("proof").object("a/b").build())) {
                assertThat(object).hasContent("bytes");
            }
        }
    }

    private static void peopleLogInWithTheirRolesAndWorkspaces(Platform platform) throws Exception {
        var credentials = platform.credentials();
        var form = "grant_type=password&client_id=gyre&username=sim-1&client_secret=%s&password=%s"
                .formatted(credentials.secret("client:gyre"), encode(credentials.password("sim-1")));
        var request = HttpRequest.newBuilder(
                        URI.create(platform.address("keycloak") + "/realms/gyre/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var token = Documents.JSON.readTree(
                    client.send(request, BodyHandlers.ofString()).body());
            var claims = Documents.JSON.readTree(Base64.getUrlDecoder()
                    .decode(token.path("access_token").asText().split("\\.", -1)[1]));

            assertThat(claims.at("/realm_access/roles")).hasToString("[\"annotator\"]");
            assertThat(claims.path("workspaces")).hasToString("[\"demo\"]");
            assertThat(claims.path("annotator_kind").asText()).isEqualTo("SIMULATED");
            assertThat(claims.path("preferred_username").asText()).isEqualTo("sim-1");
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void secretsAreForTheirOwnerOnly(Home home) throws Exception {
        for (var file : List.of(home.credentials(), home.state())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    /// Killed in the very moment after a commit, as often as it takes to be no accident.
    private static void whatWasCommittedOutlivesAKill(Platform platform) throws Exception {
        var url = "jdbc:" + platform.address("postgres") + "?currentSchema=ingest";
        var password = platform.credentials().secret("database:ingest");
        for (int kill = 1; kill <= 3; kill++) {
            var server = Objects.requireNonNull(
                    platform.state().part("postgres").orElseThrow().process());
            try (var connection = DriverManager.getConnection(url, "ingest", password);
                    var statement = connection.createStatement()) {
                statement.execute("insert into proof values (%d)".formatted(10 + kill));
                server.running().orElseThrow().destroyForcibly();
            } catch (SQLException closedUnderOurHands) {
                System.err.println("as expected: " + closedUnderOurHands.getMessage());
            }
            for (int wait = 0; wait < 600 && !replaced(platform, "postgres", server, kill); wait++) {
                Thread.sleep(100);
            }
        }
        try (var connection = DriverManager.getConnection(url, "ingest", password);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from proof where one > 10")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(3);
        }
    }

    private static void whatDiesIsStartedAgain(Platform platform) throws Exception {
        var store =
                Objects.requireNonNull(platform.state().part("s3").orElseThrow().process());
        store.running().orElseThrow().destroyForcibly();

        for (int wait = 0; wait < 600 && !replaced(platform, "s3", store, 1); wait++) {
            Thread.sleep(100);
        }

        assertThat(replaced(platform, "s3", store, 1)).isTrue();
    }

    private static boolean replaced(Platform platform, String name, ProcessId old, int restarts) {
        var part = platform.state().part(name).orElseThrow();
        return part.status() == State.Status.READY && !old.equals(part.process()) && part.restarts() == restarts;
    }
}
