package dev.gyre.cli;

import dev.gyre.platform.Home;
import dev.gyre.platform.State;
import dev.gyre.platform.State.Part;
import dev.gyre.platform.State.Phase;
import dev.gyre.platform.State.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Says what runs, where, since when, and with how much memory.
@Command(
        name = "status",
        description = "Say what runs. Exit code: 0 everything, 1 not everything, 3 nothing.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    private static final int DEGRADED = 1;
    private static final int NOTHING = 3;

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var state = State.of(home.home()).filter(found -> found.running() || found.failure() != null);
        if (json) {
            out.println(state.isPresent() ? raw(home.home()) : "{\"phase\":\"STOPPED\",\"parts\":[]}");
        } else {
            state.ifPresentOrElse(
                    found -> print(out, found), () -> out.println("nothing runs; start it with ./gyre up"));
        }
        out.flush();
        return exitCode(state);
    }

    private static int exitCode(Optional<State> state) {
        if (state.isEmpty() || state.get().phase() == Phase.FAILED) {
            return NOTHING;
        }
        boolean whole = state.get().parts().stream().allMatch(part -> part.status() == Status.READY);
        return whole && state.get().phase() == Phase.READY ? 0 : DEGRADED;
    }

    private static String raw(Home home) throws IOException {
        return Files.readString(home.folder().resolve("run/state.json"));
    }

    private static void print(PrintWriter out, State state) {
        if (state.failure() != null) {
            out.println(Terminal.red("✗ ") + state.failure());
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("part", "state", "address", "pid", "for", "memory", "restarts"));
        state.parts().forEach(part -> rows.add(row(part)));
        out.print(Terminal.table(rows));
    }

    private static List<String> row(Part part) {
        return List.of(
                part.name(),
                part.status().name().toLowerCase(Locale.ROOT),
                part.address().toString(),
                part.process() == null ? "" : Long.toString(part.process().pid()),
                Terminal.duration(Duration.between(part.since(), Instant.now())),
                part.process() == null ? "" : memory(part.process().pid()),
                part.restarts() == 0 ? "" : Integer.toString(part.restarts()));
    }

    /// Resident memory as the kernel counts it; unknown where there is no /proc.
    private static String memory(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
                    .findFirst()
                    .orElse("");
        } catch (IOException unknown) {
            return "";
        }
    }
}
