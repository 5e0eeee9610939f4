package dev.gyre.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.gyre.events.ArtifactRef;
import dev.gyre.platform.process.Ports;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@WithTestResource(S3TestResource.class)
class ArtifactFlowTest {

    @Inject
    ArtifactStore artifacts;

    @TempDir
    Path folder;

    @Test
    void sameBytesAreOneObject() {
        var first = artifacts.put("demo", "a text");
        var second = artifacts.put("demo", new ByteArrayInputStream("a text".getBytes(StandardCharsets.UTF_8)));

        assertThat(second).isEqualTo(first);
        assertThat(artifacts.readText(first)).isEqualTo("a text");
        assertThat(first.location().getPath()).startsWith("/demo/").endsWith(first.sha256());
    }

    @Test
    void manyMegabytesStreamInAndOut() throws IOException {
        var bytes = new byte[40 << 20];
        new Random(7).nextBytes(bytes);

        var ref = artifacts.put("demo", new ByteArrayInputStream(bytes));
        artifacts.fetch(ref, folder.resolve("copy"));

        assertThat(ref.bytes()).isEqualTo(bytes.length);
        assertThat(Files.readAllBytes(folder.resolve("copy"))).isEqualTo(bytes);
    }

    @Test
    void rangeGivesJustItsBytes() throws IOException {
        var ref = artifacts.put("demo", "0123456789");

        try (var part = artifacts.open(ref, 3, 4)) {
            assertThat(new String(part.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("3456");
        }
    }

    @Test
    void bytesThatAreNotThePromisedOnesAreNeverDelivered() {
        var ref = artifacts.put("demo", "what is there");
        var lie = new ArtifactRef(ref.location(), "0".repeat(64), ref.bytes());

        assertThatThrownBy(() -> artifacts.read(lie))
                .isInstanceOf(UncheckedIOException.class)
                .hasStackTraceContaining("the store lost or changed bytes");
        assertThatThrownBy(() -> artifacts.fetch(lie, folder.resolve("lie"))).isInstanceOf(UncheckedIOException.class);
        assertThat(folder.resolve("lie")).doesNotExist();
    }

    @Test
    void deletedArtifactIsGone() {
        var ref = artifacts.put("demo", "to be forgotten");

        artifacts.delete(ref);

        assertThat(artifacts.exists(ref)).isFalse();
        assertThatThrownBy(() -> artifacts.read(ref)).hasMessageContaining(ref.sha256());
    }

    @Test
    void storeThatIsAwayIsAnOutageWhateverIsAsked() {
        var away = new ArtifactStore(nobodyListens());
        var ref = artifacts.put("demo", "is elsewhere");

        assertThatThrownBy(() -> away.put("demo", "text")).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> away.read(ref)).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> away.open(ref, 0, 1)).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> away.exists(ref)).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> away.delete(ref)).isInstanceOf(UncheckedIOException.class);
    }

    /// As MinIO answers when its disks are full.
    @Test
    void fullStoreIsAnOutageThatSaysSo() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", request -> {
            request.getRequestBody().readAllBytes();
            var isWrite = request.getRequestMethod().equals("PUT")
                    && !request.getRequestURI().getPath().matches("/gyre/?");
            var answer = isWrite
                    ? "<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold.</Message></Error>"
                            .getBytes(StandardCharsets.UTF_8)
                    : new byte[0];
            request.getResponseHeaders().add("Content-Type", "application/xml");
            request.sendResponseHeaders(isWrite ? 507 : 200, answer.length == 0 ? -1 : answer.length);
            request.getResponseBody().write(answer);
            request.close();
        });
        server.start();
        try {
            var full = new ArtifactStore(at("http://127.0.0.1:" + server.getAddress().getPort()));

            assertThatThrownBy(() -> full.put("demo", "no room for this"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot write artifact s3://gyre/demo/")
                    .hasMessageContaining("minimum free drive threshold");
        } finally {
            server.stop(0);
        }
    }

    private static ArtifactConfig nobodyListens() {
        return at("http://127.0.0.1:" + Ports.free());
    }

    private static ArtifactConfig at(String endpoint) {
        return new ArtifactConfig() {
            @Override
            public String endpoint() {
                return endpoint;
            }

            @Override
            public String accessKey() {
                return "key";
            }

            @Override
            public String secretKey() {
                return "secret";
            }

            @Override
            public String bucket() {
                return "gyre";
            }

            @Override
            public String region() {
                return "us-east-1";
            }

            @Override
            public Duration connectTimeout() {
                return Duration.ofSeconds(1);
            }

            @Override
            public Duration answerTimeout() {
                return Duration.ofSeconds(1);
            }
        };
    }

    @Test
    void workspaceThatCouldLeaveItsFolderIsRefused() {
        assertThatThrownBy(() -> artifacts.put("../other", "x")).hasMessageContaining("workspace '../other'");
    }
}
