package dev.gyre.llm.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GroupTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void valuesAreAddedInTheOrderOfRanks() throws IOException {
        var found = all(3, group -> {
            var values = new float[100_000];
            for (int i = 0; i < values.length; i++) {
                values[i] = List.of(1e8f, -1e8f, 1f).get(group.rank()); // another order would lose the 1
            }
            group.sum(values);
            return List.of(values[0], values[99_999]);
        });

        assertThat(found).containsOnly(List.of(1f, 1f));
    }

    @Test
    void oneThatSaysYesIsEnough() throws IOException {
        assertThat(all(2, group -> group.any(group.rank() == 1))).containsOnly(true);
        assertThat(all(2, group -> group.any(false))).containsOnly(false);
        assertThat(Group.alone().any(true)).isTrue();
    }

    @Test
    void workersThatDoDifferentThingsAreTold() throws IOException {
        var told = all(2, group -> {
            try {
                group.agree("job " + group.rank());
                return "";
            } catch (IllegalArgumentException e) {
                return String.valueOf(e.getMessage());
            }
        });

        assertThat(told)
                .first()
                .asString()
                .isEqualTo(
                        "worker 1 of 2 does not do what worker 0 does (job 0); give all the same job at the same step");
        assertThat(told).last().asString().startsWith("worker 0 of 2 does not do what worker 1 does (job 1)");
    }

    @Test
    void aWorkerThatLeavesIsMissed() throws IOException {
        var told = all(2, group -> {
            if (group.rank() == 1) {
                group.close();
                return "";
            }
            try {
                group.sum(new float[1]);
                return "";
            } catch (IllegalStateException e) {
                return String.valueOf(e.getMessage());
            }
        });

        assertThat(told.getFirst()).startsWith("worker 1 of 2 is gone");
    }

    @Test
    void aWorkerThatNeverComesIsNotWaitedForWithoutEnd() throws IOException {
        int port = freePort();

        assertThatThrownBy(() -> Group.join(0, 2, address(port), Duration.ofMillis(50)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("worker 0 of 2 did not meet the others");
        assertThatThrownBy(() -> Group.join(1, 2, address(port), Duration.ofMillis(50)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("worker 1 of 2 did not meet the others");
        assertThatThrownBy(() -> Group.join(2, 2, address(port), PATIENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rank is 2 of 2 workers");
    }

    private static <T> List<T> all(int size, Function<Group, T> work) throws IOException {
        int port = freePort();
        var answers = new ArrayList<CompletableFuture<T>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int rank = 0; rank < size; rank++) {
                int own = rank;
                answers.add(CompletableFuture.supplyAsync(
                        () -> {
                            try (var group = Group.join(own, size, address(port), PATIENCE)) {
                                return work.apply(group);
                            }
                        },
                        threads));
            }
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
