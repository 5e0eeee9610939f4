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
    void portThatWasGivenOutIsNotGivenAgainBeforeAnybodyListens() {
        var wanted = Ports.free();

        assertThat(Ports.freeOr(wanted)).isEqualTo(wanted);
        assertThat(Ports.freeOr(wanted)).isNotEqualTo(wanted);
    }
}
