package dev.gyre.cli;

import dev.gyre.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Stops everything, and returns when nothing is left running.
@Command(
        name = "down",
        description = "Stop everything: the services first, the broker last.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--wipe", description = "Forget everything too: data, credentials, logs.")
    private boolean wipe;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var started = Instant.now();
        boolean ran = Platform.running(home.home()).isPresent();
        Platform.at(home.home()).stop();
        out.println(
                ran
                        ? Terminal.green("✓ ") + "stopped after "
                                + Terminal.duration(Duration.between(started, Instant.now()))
                        : "nothing was running");
        if (wipe) {
            wipe();
            out.println("wiped " + home.home().folder());
        }
        out.flush();
        return 0;
    }

    /// Only what the platform made itself: a folder named by mistake keeps what else is in it.
    private void wipe() throws IOException {
        for (var made : new String[] {"data", "run", "logs", "cache", "credentials.json"}) {
            delete(home.home().folder().resolve(made));
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
