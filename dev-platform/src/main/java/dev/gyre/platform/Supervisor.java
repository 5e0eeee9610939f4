package dev.gyre.platform;

import dev.gyre.platform.State.Phase;
import dev.gyre.platform.process.Running;
import dev.gyre.platform.server.Checkout;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.LogManager;

/// Keeps the processes of one instance running until it is told to end; then ends them, services first, servers last.
///
/// It is a process of its own, so that the platform outlives the command that started it. What dies is started again,
/// after a pause that doubles as long as it does not stay up. What does not even start once stops everything, and
/// `state.json` says why.
public final class Supervisor {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /// Who was ready for so long did not fail to start.
    private static final Duration STAYED = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int UNWELL_LOOKS = 6;
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Home home;
    private final List<Unit> units;
    private final Board board;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> ready = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean stopping;

    private Supervisor(Home home, List<Unit> units, Board board) {
        this.home = home;
        this.units = units;
        this.board = board;
        units.forEach(unit -> ready.put(unit.name(), new CompletableFuture<>()));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        wakeLogging();
        var home = new Home(Path.of(arguments[0]));
        boolean withServices = Boolean.parseBoolean(arguments[1]);
        Files.createDirectories(home.lock().getParent());
        try (var channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (channel.tryLock() == null) {
                throw new IllegalStateException("another supervisor already runs in " + home.folder());
            }
            Leftovers.end(home);
            putAwayLogs(home);
            var units = plan(home, withServices, arguments[2]);
            for (var unit : units) {
                Files.deleteIfExists(home.held(unit.name()));
            }
            new Supervisor(home, units, new Board(home, units)).run();
        }
    }

    /// Where Quarkus is on the class path, as in tests, two threads that log for the first time at once lock each
    /// other.
    private static void wakeLogging() {
        if (System.getLogger("dev.gyre").isLoggable(Level.ERROR)) {
            LogManager.getLogManager();
        }
    }

    private static List<Unit> plan(Home home, boolean withServices, String device) {
        try {
            return new Blueprint(home, Checkout.find(), device).units(withServices);
        } catch (RuntimeException cause) {
            new Board(home, List.of())
                    .fail("cannot plan the start: " + rootOf(cause).getMessage());
            throw cause;
        }
    }

    private static Throwable rootOf(Throwable failure) {
        return failure.getCause() == null ? failure : rootOf(failure.getCause());
    }

    private void run() throws InterruptedException, IOException {
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.countDown();
            awaitQuietly(ended);
        }));
        var keepers = units.stream()
                .map(unit -> Thread.ofPlatform().daemon().name(unit.name()).start(() -> keep(unit)))
                .toList();
        Thread.ofPlatform().daemon().start(this::announce);
        end.await();
        stopAll();
        for (var keeper : keepers) {
            keeper.join(GRACE);
        }
        if (!board.failed()) {
            Files.deleteIfExists(home.state());
        }
        ended.countDown();
    }

    private void announce() {
        CompletableFuture.allOf(ready.values().toArray(CompletableFuture[]::new))
                .join();
        board.phase(Phase.READY);
    }

    /// The life of one unit: start, stay, and start again when it dies.
    private void keep(Unit unit) {
        var pause = SHORTEST_PAUSE;
        while (needsAreReady(unit) && !stopping) {
            if (Files.exists(home.held(unit.name()))) {
                sleep(SHORTEST_PAUSE);
                continue;
            }
            var stayed = live(unit);
            if (stopping) {
                return;
            }
            board.restarting(unit);
            pause = stayed.compareTo(STAYED) > 0 ? SHORTEST_PAUSE : pause;
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /// @return for how long it was ready
    private Duration live(Unit unit) {
        try {
            board.starting(unit, null);
            var process = unit.launch().get();
            running.put(unit.name(), process);
            if (stopping) {
                process.stop(GRACE);
                return Duration.ZERO;
            }
            var id = ProcessId.of(process.pid());
            board.starting(unit, id);
            unit.awaitReady().accept(process);
            board.ready(unit, id);
            long since = System.nanoTime();
            System.err.println("ready: " + unit.name());
            readiness(unit.name()).complete(null);
            stay(unit, process);
            System.err.println("ended: " + unit.name());
            var stayed = Duration.ofNanos(System.nanoTime() - since);
            process.stop(GRACE);
            return stayed;
        } catch (RuntimeException failure) {
            System.err.println("failed: " + unit.name() + ": " + failure);
            endWhatIsLeftOf(unit);
            if (!stopping && !readiness(unit.name()).isDone()) {
                board.fail(explain(unit, failure));
                end.countDown();
            }
            return Duration.ZERO;
        }
    }

    /// Returns when the process has ended, or was made to because it said for half a minute that it is unwell.
    private void stay(Unit unit, Running process) {
        for (int unwell = 0; !process.ended().isDone(); ) {
            try {
                process.ended().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException running) {
                unwell = unit.isWell().getAsBoolean() ? 0 : unwell + 1;
                if (unwell == UNWELL_LOOKS && !stopping) {
                    System.err.println("unwell: " + unit.name());
                    process.stop(GRACE);
                }
            } catch (ExecutionException ended) {
                return;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String explain(Unit unit, RuntimeException failure) {
        var root = rootOf(failure);
        return unit.name() + " does not start: " + failure.getMessage()
                + (failure.getCause() == null ? "" : "\ncause: " + root)
                + "\nall it said is in " + unit.log() + "; everything else was stopped again";
    }

    private void endWhatIsLeftOf(Unit unit) {
        var process = running.get(unit.name());
        if (process != null && !process.ended().isDone()) {
            process.stop(GRACE);
        }
    }

    private CompletableFuture<Void> readiness(String unit) {
        return Objects.requireNonNull(ready.get(unit), unit);
    }

    private boolean becomesReady(String unit) {
        try {
            readiness(unit).join();
            return true;
        } catch (CancellationException ending) {
            return false;
        }
    }

    /// Whether everything the unit needs came up, and the end did not come first.
    private boolean needsAreReady(Unit unit) {
        return unit.needs().stream().allMatch(this::becomesReady);
    }

    /// Those that need others first; within one rank all at once.
    private void stopAll() {
        stopping = true;
        board.phase(Phase.STOPPING);
        ready.values().forEach(awaited -> awaited.cancel(false));
        stop(units.stream().filter(unit -> !unit.needs().isEmpty()).toList());
        stop(units.stream().filter(unit -> unit.needs().isEmpty()).toList());
    }

    private void stop(List<Unit> rank) {
        var stops = rank.stream()
                .map(unit -> Thread.ofPlatform().daemon().start(() -> {
                    var process = running.get(unit.name());
                    if (process != null) {
                        process.stop(GRACE);
                    }
                }))
                .toList();
        for (var stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Each start has its own logs; those of the start before stay beside them.
    private static void putAwayLogs(Home home) throws IOException {
        var logs = home.log("x").getParent();
        Files.createDirectories(logs);
        try (var files = Files.newDirectoryStream(logs, "*.log")) {
            for (var log : files) {
                var name = log.getFileName().toString();
                if (!name.equals("supervisor.log") && !name.equals("build.log") && !name.equals("test.log")) {
                    Files.move(log, log.resolveSibling(name + ".1"), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private void sleep(Duration pause) {
        try {
            if (end.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                stopping = true;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
