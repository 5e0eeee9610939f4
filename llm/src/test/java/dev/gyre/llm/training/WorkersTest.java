package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.llm.model.Golden;
import dev.gyre.llm.parallel.Group;
import dev.gyre.llm.recipe.Recipe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final TrainingListener SILENT = _ -> {};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"supervised", "dpo"})
    void twoWorkersComeToTheWeightsOfOne(String method) throws Exception {
        int port = freePort();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> work(0, port, method, 1, folder.resolve("0")));
            var second = threads.submit(() -> work(1, port, method, 1, folder.resolve("1")));
            first.get();
            second.get();
        }
        try (var alone = Group.alone()) {
            lesson(method, 2, folder.resolve("alone")).run(SILENT, alone);
        }

        assertThat(weights("0")).isEqualTo(weights("1")).isEqualTo(weights("alone"));
    }

    @Test
    void aWorkerInAnotherProcessComesToTheSameWeights() throws Exception {
        int port = freePort();
        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkersTest.class.getName(),
                        Integer.toString(port),
                        folder.resolve("1").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            work(0, port, "supervised", 1, folder.resolve("0"));
            assertThat(other.waitFor()).as(() -> read(folder.resolve("log"))).isZero();
        } finally {
            other.destroyForcibly();
        }
        lesson("supervised", 2, folder.resolve("alone")).run(SILENT);

        assertThat(weights("0")).isEqualTo(weights("1")).isEqualTo(weights("alone"));
    }

    /// The second worker, as a process of its own.
    public static void main(String[] arguments) {
        work(1, Integer.parseInt(arguments[0]), "supervised", 1, Path.of(arguments[1]));
        System.exit(0);
    }

    @Test
    void oneThatIsToldToStopStopsAll() throws Exception {
        int port = freePort();
        var stopping = new TrainingListener() {
            private int now;

            @Override
            public void progressed(Progress progress) {
                now = progress.step();
            }

            @Override
            public boolean cancelled() {
                return now == 2;
            }
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> work(0, port, "supervised", 1, folder.resolve("0")));
            var second = threads.submit(() -> {
                try (var group = Group.join(1, 2, address(port), PATIENCE)) {
                    return lesson("supervised", 1, folder.resolve("1")).run(stopping, group);
                }
            });

            assertThat(first.get()).isEqualTo(new TrainingOutcome.Cancelled(2));
            assertThat(second.get()).isEqualTo(new TrainingOutcome.Cancelled(2));
        }
    }

    @Test
    void workersWithDifferentJobsDoNotBegin() throws Exception {
        int port = freePort();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first =
                    CompletableFuture.supplyAsync(() -> work(0, port, "supervised", 1, folder.resolve("0")), threads);
            var second =
                    CompletableFuture.supplyAsync(() -> work(1, port, "supervised", 2, folder.resolve("1")), threads);

            for (var each : List.of(first, second)) {
                assertThatThrownBy(each::join)
                        .isInstanceOf(CompletionException.class)
                        .cause()
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("give all the same job at the same step");
            }
        }
    }

    private static TrainingOutcome work(int rank, int port, String method, int accumulate, Path work) {
        try (var group = Group.join(rank, 2, address(port), PATIENCE)) {
            return lesson(method, accumulate, work).run(SILENT, group);
        }
    }

    private static Lesson lesson(String method, int accumulate, Path work) {
        var settings = new TreeMap<>(Map.of("batch", "2", "epochs", "2", "learningRate", "1e-2", "warmup", "0"));
        settings.put("accumulate", Integer.toString(accumulate));
        settings.put("gradientNorm", "0.5");
        settings.put("neftune", "5");
        var examples = method.equals("dpo") ? Rows.preferences() : Rows.demonstrations();
        return new Lesson(
                Golden.FOLDER.resolve("arch_llama_gqa"),
                examples.subList(0, 7), // the last step is smaller, one worker has nothing to do in it
                Recipe.of(method, "none", settings),
                7,
                work,
                "cpu",
                method + accumulate,
                Map.of());
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private byte[] weights(String worker) throws IOException {
        return Files.readAllBytes(folder.resolve(worker).resolve("huggingface/model.safetensors"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
