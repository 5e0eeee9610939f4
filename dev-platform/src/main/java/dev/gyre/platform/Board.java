package dev.gyre.platform;

import dev.gyre.platform.State.Part;
import dev.gyre.platform.State.Phase;
import dev.gyre.platform.State.Status;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The supervisor's notice board: every change is on disk before the next one happens, where the disk takes it.
final class Board {

    private final Home home;
    private final ProcessId supervisor = ProcessId.of(ProcessHandle.current());
    private final Instant since = Instant.now();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private Phase phase = Phase.STARTING;
    private @Nullable String failure;

    Board(Home home, List<Unit> units) {
        this.home = home;
        for (var unit : units) {
            parts.put(
                    unit.name(),
                    new Part(unit.name(), Status.WAITING, unit.address(), null, Instant.now(), 0, unit.log()));
        }
        publish();
    }

    synchronized void phase(Phase next) {
        if (phase != Phase.FAILED) {
            phase = next;
            publish();
        }
    }

    /// The first failure is the one that counts; what follows is its consequence.
    synchronized void fail(String why) {
        if (failure == null) {
            failure = why;
            phase = Phase.FAILED;
            publish();
        }
    }

    synchronized boolean failed() {
        return failure != null;
    }

    synchronized void starting(Unit unit, @Nullable ProcessId process) {
        change(unit, Status.STARTING, process, 0);
    }

    synchronized void ready(Unit unit, ProcessId process) {
        change(unit, Status.READY, process, 0);
    }

    synchronized void restarting(Unit unit) {
        change(unit, Status.RESTARTING, null, 1);
    }

    synchronized List<Part> parts() {
        return new ArrayList<>(parts.values());
    }

    private void change(Unit unit, Status status, @Nullable ProcessId process, int moreRestarts) {
        parts.computeIfPresent(
                unit.name(),
                (name, part) -> new Part(
                        name,
                        status,
                        part.address(),
                        process,
                        Instant.now(),
                        part.restarts() + moreRestarts,
                        part.log()));
        publish();
    }

    /// A full disk keeps nothing from going on: the next change is published with all that went before it.
    private void publish() {
        try {
            Documents.write(home.state(), new State(phase, supervisor, since, List.copyOf(parts.values()), failure));
        } catch (UncheckedIOException full) {
            System.err.println("not published: " + full);
        }
    }
}
