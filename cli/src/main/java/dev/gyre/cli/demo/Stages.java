package dev.gyre.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// What is going on, for a person: on a terminal one line that changes, elsewhere a line now and then.
final class Stages {

    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(400);

    private final PrintWriter out;
    private final boolean terminal;
    private final List<Report.Stage> done = new ArrayList<>();
    private String name = "";
    private long began;
    private long spoke;

    Stages(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// A stage ran; its last words stay on the screen.
    <T> T run(String stage, Supplier<Told<T>> work) {
        name = stage;
        began = System.nanoTime();
        spoke = began;
        tell("…");
        var told = work.get();
        var seconds = seconds();
        synchronized (this) {
            done.add(new Report.Stage(stage, Math.round(seconds * 1000) / 1000.0, told.words()));
            clear();
            out.printf(Locale.ROOT, "✓ %-22s %6.1f s  %s%n", stage, seconds, told.words());
            out.flush();
        }
        return told.value();
    }

    /// What a stage yields, and what it says at its end.
    record Told<T>(T value, String words) {}

    /// Says how far the stage is.
    synchronized void tell(String words) {
        if (terminal) {
            clear();
            out.printf(Locale.ROOT, "… %-22s %6.1f s  %s", name, seconds(), words);
            out.flush();
        } else if (System.nanoTime() - spoke > QUIET.toNanos()) {
            spoke = System.nanoTime();
            out.printf(Locale.ROOT, "  %-22s %6.1f s  %s%n", name, seconds(), words);
            out.flush();
        }
    }

    /// Looks again and again until it is there.
    ///
    /// @param what for the message where it never comes
    <T> T await(String what, Duration patience, Supplier<Optional<T>> look) {
        var deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalArgumentException("%s: waited %d s for %s; the logs of the services say why"
                        .formatted(name, patience.toSeconds(), what));
            }
            pause();
        }
    }

    List<Report.Stage> done() {
        return List.copyOf(done);
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    private void clear() {
        if (terminal) {
            out.print("\r\u001b[2K");
        }
    }

    static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting", stopped);
        }
    }
}
