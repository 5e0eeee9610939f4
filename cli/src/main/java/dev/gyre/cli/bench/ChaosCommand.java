package dev.gyre.cli.bench;

import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.Logins;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Patience;
import dev.gyre.platform.Home;
import dev.gyre.platform.Options;
import dev.gyre.platform.Platform;
import dev.gyre.platform.server.Checkout;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Turns the circle again and again while its parts are killed, then counts by itself what is lost or doubled.
@Command(
        name = "chaos",
        description = {
            "Turn the circle while services, Kafka, PostgreSQL and the S3 store are killed at random moments (SIGKILL),",
            "then count: exit code 0 if nothing that was submitted is lost or doubled, 1 otherwise."
        },
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {

    private static final int LOST = 1;
    private static final List<String> STATE = List.of("data", "run", "logs", "credentials.json", "sent");

    @Option(
            names = "--kills",
            defaultValue = "30",
            paramLabel = "N",
            description = "How often to kill ($${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "S",
            description = "The same seed kills the same parts after the same pauses ($${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "Print one line of JSON; everything else goes to the standard error.")
    private boolean json;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Folder for a fresh instance (.gyre/chaos); what an earlier bench left there is deleted.")
    private @Nullable Path given;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Ledger ledger = new Ledger();
    private int turns;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (kills < 1) {
            throw new IllegalArgumentException("--kills is %d, must be 1 or more".formatted(kills));
        }
        var out = spec.commandLine().getOut();
        var talk = json ? spec.commandLine().getErr() : out;
        var home = new Home(given == null ? Checkout.find().root().resolve(".gyre/chaos") : given);
        begin(home);
        var stop = new Thread(() -> Platform.at(home).stop(), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            var report = bench(home, talk);
            talk.print(report.summary());
            talk.flush();
            if (json) {
                out.println(report.json());
                out.flush();
            }
            return report.passed() ? 0 : LOST;
        } finally {
            Platform.at(home).stop();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private ChaosReport bench(Home home, PrintWriter talk) throws InterruptedException {
        say(talk, "starts everything in " + home.folder());
        var platform = Platform.start(new Options(home, true, "cpu"), state -> {});
        var logins = new Logins(platform.address("keycloak"), platform.credentials());
        var samples = Checkout.find().root().resolve("samples");
        var trouble = new ArrayList<String>();
        try (var services = new Services(platform.addresses(), logins, Patience.STUBBORN)) {
            FirstModel.bringIn(services, samples.resolve("base"));
            var began = System.nanoTime();
            var killer = new Killer(platform, kills, seed, kill -> say(talk, words(kill)));
            var killing = Thread.ofPlatform().name("killer").daemon().unstarted(killer);
            killing.setUncaughtExceptionHandler((thread, failure) -> trouble.add(String.valueOf(failure.getMessage())));
            killing.start();
            turnUntilDone(services, home, killing, talk, trouble);
            killing.interrupt();
            killing.join(Duration.ofSeconds(10));
            say(talk, "counts");
            var books = count(services, trouble);
            return new ChaosReport(
                    seed, killer.done(), turns, ledger.submitted(), books, (System.nanoTime() - began) / 1e9, trouble);
        }
    }

    /// Turns go on as long as there are kills to come; the last one ends in peace.
    private void turnUntilDone(Services services, Home home, Thread killing, PrintWriter talk, List<String> trouble) {
        var texts = Texts.read(Checkout.find().root().resolve("samples"));
        try {
            do {
                turns++;
                var number = turns;
                new Turn(
                                services,
                                ledger,
                                texts,
                                home.folder().resolve("sent"),
                                number,
                                words -> say(talk, "turn %d %s".formatted(number, words)))
                        .turn();
            } while (killing.isAlive());
        } catch (IllegalArgumentException refused) {
            trouble.add("turn %d: %s".formatted(turns, refused.getMessage()));
        }
    }

    private Books count(Services services, List<String> trouble) {
        try {
            return new Count(services, ledger).everything();
        } catch (IllegalArgumentException refused) {
            trouble.add("cannot count: " + refused.getMessage());
            return new Books();
        }
    }

    private String words(Killer.Kill kill) {
        return String.format(
                Locale.ROOT,
                "kill %d of %d: %s, back after %.1f s",
                kill.number(),
                kills,
                kill.part(),
                kill.down().toMillis() / 1000.0);
    }

    private String said = "";

    /// Says everything once.
    private synchronized void say(PrintWriter talk, String words) {
        if (!words.equals(said)) {
            said = words;
            talk.println(words);
            talk.flush();
        }
    }

    private static void begin(Home home) throws IOException {
        Platform.at(home).stop();
        for (var made : STATE) {
            var folder = home.folder().resolve(made);
            if (Files.exists(folder)) {
                try (var files = Files.walk(folder)) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }
}
