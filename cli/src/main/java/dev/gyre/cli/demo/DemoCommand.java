package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.SerializationFeature;
import dev.gyre.cli.client.Logins;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.scenario.ScenarioFile;
import dev.gyre.platform.Home;
import dev.gyre.platform.Options;
import dev.gyre.platform.Platform;
import dev.gyre.platform.State;
import dev.gyre.platform.server.Checkout;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts everything, turns the circle of a scenario, says what happened, and leaves nothing running.
@Command(
        name = "demo",
        description = "Turn the circle once: judgements in, a better model out. Exit code 0 if the scenario came true.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

    private static final int UNMET = 2;
    /// What the platform makes in its folder; its cache only makes the next start faster, and stays.
    private static final List<String> STATE =
            List.of("data/kafka", "data/postgres", "data/s3", "run", "logs", "pulled");
    /// Who may log in. It takes half a minute to make and says nothing of the circle, so it stays while the realm does.
    private static final List<String> LOGINS = List.of("data", "credentials.json");

    /// Stands in the folder once everything was ready with these logins.
    private static final String KEPT = "logins-kept";

    private static final Path REALM = Path.of("deploy/keycloak/gyre-realm.json");

    @Option(names = "--scenario", paramLabel = "FILE", description = "What to do (samples/scenarios/shipped.yaml).")
    private @Nullable Path scenario;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Fills $${KEY} of the scenario.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--keep", description = "Leave everything running afterwards.")
    private boolean keep;

    @Option(names = "--report", paramLabel = "FILE", description = "Write what happened as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Use the instance in this folder as it is, instead of a fresh one in .gyre/demo.")
    private @Nullable Path given;

    @Option(
            names = "--device",
            defaultValue = "auto",
            paramLabel = "auto|cpu|cuda:N",
            description = "Where models run ($${DEFAULT-VALUE}).")
    private String device = "auto";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var began = System.nanoTime();
        var out = spec.commandLine().getOut();
        var root = Checkout.find().root();
        var file = ScenarioFile.read(scenario == null ? root.resolve("samples/scenarios/shipped.yaml") : scenario, set);
        var home = new Home(given == null ? root.resolve(".gyre/demo") : given);
        var joined = given != null && Platform.running(home).isPresent();
        if (given == null) {
            begin(home);
        }
        var stages =
                new Stages(out, System.console() != null && System.console().isTerminal());
        var stop = new Thread(() -> Platform.at(home).stop(), "stop");
        if (!keep && !joined) {
            Runtime.getRuntime().addShutdownHook(stop);
        }
        try {
            var result = turn(file, home, stages, began);
            say(out, file, result);
            return result.passed() ? 0 : UNMET;
        } finally {
            finish(out, home, stop, joined);
        }
    }

    private Report turn(ScenarioFile file, Home home, Stages stages, long began) throws IOException {
        var platform = stages.run("start", () -> started(home, stages));
        Files.writeString(home.folder().resolve(KEPT), "made from " + REALM + System.lineSeparator());
        var logins = new Logins(platform.address("keycloak"), platform.credentials());
        try (var services = new Services(platform.addresses(), logins)) {
            var outcome = new Circle(file, services, stages).turn(home.folder());
            return new Reckoning(outcome, stages.done(), (System.nanoTime() - began) / 1e9).report();
        }
    }

    private Stages.Told<Platform> started(Home home, Stages stages) {
        var platform = Platform.start(new Options(home, true, device), state -> stages.tell(awaited(state)));
        return new Stages.Told<>(
                platform,
                "%d parts are ready".formatted(platform.state().parts().size()));
    }

    private static String awaited(State state) {
        var waiting = state.parts().stream()
                .filter(part -> part.status() != State.Status.READY)
                .map(State.Part::name)
                .toList();
        return waiting.isEmpty() ? "ready" : "waiting for " + String.join(", ", waiting);
    }

    private void say(PrintWriter out, ScenarioFile file, Report result) throws IOException {
        out.println();
        out.print(Summary.of(result, file.scenario().about()));
        if (report != null) {
            var folder = report.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Services.JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValue(report.toFile(), result);
            out.println("The report is in " + report);
        }
        out.flush();
    }

    private void finish(PrintWriter out, Home home, Thread stop, boolean joined) {
        if (keep || joined) {
            out.println(
                    "Everything is still running: ./gyre up --home %s says where and how to log in, ./gyre down --home %s stops it."
                            .formatted(home.folder(), home.folder()));
            out.flush();
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException interrupted) {
            return; // the hook is stopping everything already
        }
        Platform.at(home).stop();
    }

    /// A demo begins with nothing; what an earlier one left running is stopped first.
    private static void begin(Home home) throws IOException {
        Platform.at(home).stop();
        for (var made : STATE) {
            delete(home.folder().resolve(made));
        }
        if (!knowsTheRealm(home)) {
            for (var made : LOGINS) {
                delete(home.folder().resolve(made));
            }
        }
        Files.deleteIfExists(home.folder().resolve(KEPT));
    }

    /// Whether the logins of an earlier demo were made from the realm as it is now.
    private static boolean knowsTheRealm(Home home) throws IOException {
        var made = home.folder().resolve(KEPT);
        var realm = Path.of(System.getProperty("gyre.root", "")).resolve(REALM);
        return Files.exists(made)
                && Files.exists(realm)
                && Files.getLastModifiedTime(made).compareTo(Files.getLastModifiedTime(realm)) > 0;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
