package dev.gyre.cli.bench;

import dev.gyre.platform.Platform;
import dev.gyre.platform.ProcessId;
import dev.gyre.platform.State.Part;
import dev.gyre.platform.State.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Kills one part after the other with SIGKILL, at random moments, and waits until the supervisor has it up again.
///
/// The parts come in shuffled rounds, so that each gets its share; the same seed gives the same order and pauses.
final class Killer implements Runnable {

    /// Logins come from Keycloak, which keeps nothing of the circle; it is left alone.
    static final List<String> VICTIMS =
            List.of("ingest", "annotation", "trainer", "eval", "registry", "kafka", "postgres", "s3");

    private static final Duration COMES_BACK = Duration.ofMinutes(3);
    private static final int SHORTEST_PAUSE = 200;
    private static final int LONGEST_PAUSE = 2500;

    private final Platform platform;
    private final int kills;
    private final Random random;
    private final Consumer<Kill> listener;
    private final List<Kill> done = new CopyOnWriteArrayList<>();
    private final List<String> stayedDown = new CopyOnWriteArrayList<>();

    Killer(Platform platform, int kills, long seed, Consumer<Kill> listener) {
        this.platform = platform;
        this.kills = kills;
        this.random = new Random(seed);
        this.listener = listener;
    }

    /// @param number from 1
    /// @param down from the kill until the part was ready again
    record Kill(int number, String part, Duration down) {}

    List<Kill> done() {
        return List.copyOf(done);
    }

    /// Parts that did not come back within three minutes.
    List<String> stayedDown() {
        return List.copyOf(stayedDown);
    }

    @Override
    public void run() {
        try {
            var next = new ArrayList<String>();
            for (int number = 1; number <= kills; number++) {
                Thread.sleep(random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE));
                if (next.isEmpty()) {
                    next.addAll(VICTIMS);
                    Collections.shuffle(next, random);
                }
                var kill = kill(number, next.removeLast());
                done.add(kill);
                listener.accept(kill);
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private Kill kill(int number, String name) throws InterruptedException {
        var victim = Objects.requireNonNull(await(name, null).process());
        var began = System.nanoTime();
        ProcessHandle.of(victim.pid()).ifPresent(ProcessHandle::destroyForcibly);
        await(name, victim);
        return new Kill(number, name, Duration.ofNanos(System.nanoTime() - began));
    }

    /// The part once it is ready, in another process than this one.
    private Part await(String name, @org.jspecify.annotations.Nullable ProcessId gone) throws InterruptedException {
        var deadline = System.nanoTime() + COMES_BACK.toNanos();
        while (true) {
            var part = platform.state().part(name).orElseThrow();
            if (part.status() == Status.READY
                    && part.process() != null
                    && !part.process().equals(gone)) {
                return part;
            }
            if (System.nanoTime() > deadline) {
                stayedDown.add(name);
                throw new IllegalStateException("%s did not come back within %d s; its log is %s"
                        .formatted(name, COMES_BACK.toSeconds(), part.log()));
            }
            Thread.sleep(50);
        }
    }
}
