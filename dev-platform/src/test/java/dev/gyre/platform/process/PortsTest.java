package dev.gyre.platform.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void portThatSomebodyListensOnIsReplaced() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.freeOr(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void portThatWasGivenOutIsNotGivenAgainBeforeAnybodyListens() throws IOException {
        var wanted = unused();

        assertThat(Ports.freeOr(wanted)).isEqualTo(wanted);
        assertThat(Ports.freeOr(wanted)).isNotEqualTo(wanted);
    }

    @Test
    void noPortIsOneThatOutgoingConnectionsAreLent() throws IOException {
        try (var lent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.free()).isLessThan(32_768);
            assertThat(Ports.freeOr(lent.getLocalPort())).isLessThan(32_768);
        }
    }

    private static int unused() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
