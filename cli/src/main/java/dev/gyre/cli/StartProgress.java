package dev.gyre.cli;

import dev.gyre.platform.ProgressListener;
import dev.gyre.platform.State;
import dev.gyre.platform.State.Part;
import dev.gyre.platform.State.Status;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// One line for each part that gets ready, and on a terminal one more that says what is still awaited.
final class StartProgress implements ProgressListener {

    private final PrintWriter out;
    private final Set<String> told = new HashSet<>();

    StartProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void changed(State state) {
        for (var part : state.parts()) {
            if (part.status() == Status.READY && told.add(part.name())) {
                clearLine();
                out.printf(
                        "%s %-11s %s%n",
                        Terminal.green("✓"),
                        part.name(),
                        Terminal.faint(Terminal.duration(Duration.between(state.since(), part.since()))));
            }
        }
        if (Terminal.interactive()) {
            showAwaited(state);
        }
        out.flush();
    }

    private void showAwaited(State state) {
        clearLine();
        var awaited = state.parts().stream()
                .filter(part -> part.status() == Status.STARTING || part.status() == Status.RESTARTING)
                .map(Part::name)
                .collect(Collectors.joining(", "));
        if (!awaited.isEmpty()) {
            var soFar = Terminal.duration(Duration.between(state.since(), Instant.now()));
            out.print(Terminal.faint("… " + awaited + "  " + soFar));
        }
    }

    private void clearLine() {
        if (Terminal.interactive()) {
            out.print("\r\u001b[2K");
        }
    }
}
