package dev.gyre.platform.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.platform.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {

    private final int port = Ports.free();

    @TempDir
    Path folder;

    /// As on a disk that is full for a while: whatever kept the server from starting, the next try begins afresh.
    @Test
    void startThatFailedDoesNotHinderTheNextOne() throws IOException {
        start().stop(Duration.ofSeconds(20));

        try (var ignored = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(Integer.toString(port));
        }

        var server = start();
        try {
            assertThat(server.ended()).isNotDone();
        } finally {
            server.stop(Duration.ofSeconds(20));
        }
    }

    private PostgresServer start() {
        return PostgresServer.start(
                folder.resolve("data"), port, "any", Map.of(), folder.resolve("logs").resolve("postgres.log"));
    }
}
