package dev.gyre.cli;

import dev.gyre.platform.Options;
import dev.gyre.platform.Platform;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts everything and says where it is.
@Command(
        name = "up",
        description = "Start Kafka, PostgreSQL, S3, Keycloak and the five services, and say where they are.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--servers-only", description = "Start the four servers, without the services.")
    private boolean serversOnly;

    @Option(
            names = "--device",
            defaultValue = "auto",
            paramLabel = "auto|cpu|cuda:N",
            description = "Where models run (${DEFAULT-VALUE}).")
    private String device = "auto";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var started = Instant.now();
        boolean joined = Platform.running(home.home()).isPresent();
        var platform = Platform.start(new Options(home.home(), !serversOnly, device), new StartProgress(out));
        var took = Terminal.duration(Duration.between(started, Instant.now()));
        out.println(Terminal.green("✓ ") + (joined ? "Gyre already runs" : "Gyre is up after " + took));
        out.println();
        out.print(addresses(platform));
        out.println();
        printLogins(out, platform);
        return 0;
    }

    private static String addresses(Platform platform) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("part", "address"));
        platform.state()
                .parts()
                .forEach(part -> rows.add(List.of(part.name(), part.address().toString())));
        return Terminal.table(rows);
    }

    private static void printLogins(PrintWriter out, Platform platform) {
        var credentials = platform.credentials();
        out.print(Terminal.table(List.of(
                List.of("log in as", "password", "who is"),
                List.of("ada", credentials.password("ada"), "manager, engineer, publisher, operator"),
                List.of("ann", credentials.password("ann"), "annotator"),
                List.of("app", credentials.password("app"), "a downstream application"),
                List.of("admin", credentials.secret("keycloak:admin"), "administrator of Keycloak"))));
        out.println(
                Terminal.faint("  all logins are in " + platform.home().folder().resolve("credentials.json")));
        out.flush();
    }
}
