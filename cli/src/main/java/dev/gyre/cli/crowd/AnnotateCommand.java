package dev.gyre.cli.crowd;

import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.Logins;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Many annotators at once on a fresh instance; what they sent is compared with what a frozen data set holds.
@Command(
        name = "annotate",
        description = {
            "Let many annotators work at once: real logins, real services, a few seconds of thought for each answer;",
            "then freeze and count: exit code 0 if nothing that was submitted is lost or doubled, 1 otherwise."
        },
        mixinStandardHelpOptions = true)
public final class AnnotateCommand implements Callable<Integer> {

    private static final int LOST = 1;
    private static final String STAFF = "ada";
    private static final int OVERLAP = 2;
    private static final int RAMP_SECONDS = 15;
    private static final Patience NONE = new Patience(Duration.ofSeconds(30), Duration.ZERO, Set.of());
    private static final Duration LONGEST_INTAKE = Duration.ofMinutes(10);

    @Option(names = "--annotators", defaultValue = "200", description = "How many people ($${DEFAULT-VALUE}).")
    private int annotators;

    @Option(names = "--seconds", defaultValue = "60", description = "How long they are measured ($${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--think", defaultValue = "2", description = "Seconds that an answer takes them ($${DEFAULT-VALUE}).")
    private double think;

    @Option(names = "--json", description = "Print one line of JSON; everything else goes to the standard error.")
    private boolean json;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Folder for a fresh instance (.gyre/annotate); what stands there is not touched.")
    private @Nullable Path given;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (annotators < 1 || seconds < 1 || think < 0.1 || think > 60) {
            throw new IllegalArgumentException(
                    "--annotators is %d and --seconds %d, must be 1 or more; --think %s, 0.1 to 60"
                            .formatted(annotators, seconds, think));
        }
        var home = new Home(
                given == null ? Checkout.find().root().resolve(".gyre/annotate-" + System.currentTimeMillis()) : given);
        if (Files.exists(home.folder())) {
            throw new IllegalArgumentException("%s is there already; name a new folder".formatted(home.folder()));
        }
        var out = spec.commandLine().getOut();
        var talk = json ? spec.commandLine().getErr() : out;
        say(talk, "starts everything in " + home.folder());
        var stop = new Thread(() -> Platform.at(home).stop(), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            var platform = Platform.start(new Options(home, true, "cpu"), state -> {});
            var report = work(platform, talk);
            say(out, json ? report.json() : report.summary());
            return report.lost() + report.duplicated() == 0 ? 0 : LOST;
        } finally {
            Platform.at(home).stop();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private CrowdReport work(Platform platform, PrintWriter talk) throws IOException, InterruptedException {
        var keycloak = platform.address("keycloak");
        say(talk, "makes %d accounts".formatted(annotators));
        var logins = new Logins(keycloak, new Accounts(keycloak, platform.credentials()).make("crowd-", annotators));
        try (var services = new Services(platform.addresses(), logins, NONE);
                var staff = new Services(platform.addresses(), logins)) {
            int tasks = (int) Math.ceil(1.2 * annotators * ((seconds + RAMP_SECONDS) / think + 4) / OVERLAP);
            say(talk, "sends %d pairs".formatted(tasks));
            var project = new Pairs(staff, STAFF).project(tasks, OVERLAP, LONGEST_INTAKE);
            say(talk, "logs %d people in".formatted(annotators));
            for (int person = 1; person <= annotators; person++) {
                logins.token("crowd-" + person);
            }
            say(talk, "%d people work for %d s, after %d s of ramp".formatted(annotators, seconds, RAMP_SECONDS));
            long begin = System.nanoTime() + Duration.ofSeconds(RAMP_SECONDS).toNanos();
            var record = new Person.Record(
                    new Person.Span(begin, begin + Duration.ofSeconds(seconds).toNanos()));
            everybody(services, project, record);
            say(talk, "freezes and counts");
            return count(staff, project, record);
        }
    }

    private void everybody(Services services, String project, Person.Record record) throws InterruptedException {
        var working = new ArrayList<Future<?>>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 1; number <= annotators; number++) {
                var random = new SplittableRandom(number);
                var person = new Person("crowd-" + number, project, (int) (1000 * think), services, record);
                working.add(people.submit(() -> {
                    Thread.sleep(random.nextInt(1000 * RAMP_SECONDS));
                    person.work(random);
                    return person;
                }));
            }
        }
        for (var person : working) {
            try {
                person.get();
            } catch (ExecutionException failure) {
                throw new IllegalStateException("a person of the crowd stopped working", failure.getCause());
            }
        }
    }

    private CrowdReport count(Services staff, String project, Person.Record record) {
        var dataset = staff.post(
                        new Call(STAFF, "annotation", "/api/projects/%s/datasets".formatted(project)),
                        Map.of("name", "crowd", "heldOutShare", 0.2))
                .path("dataset")
                .asText();
        var at = "/api/datasets/" + dataset;
        var rows = new ArrayList<String>();
        for (var part : List.of("train", "heldOut")) {
            for (var row : staff.rows(new Call(STAFF, "annotation", at + "/rows?part=" + part))) {
                row.path("judgements").forEach(judgement -> rows.add(judgement.asText()));
            }
        }
        var books = new Books();
        books.compare(
                "judgements of the data set",
                List.copyOf(record.receipts()),
                staff.lines(new Call(STAFF, "annotation", at + "/judgements")));
        books.compare("judgements in its rows", List.copyOf(record.receipts()), rows);
        return CrowdReport.of(annotators, seconds, record, books);
    }

    private static void say(PrintWriter talk, String words) {
        talk.println(words);
        talk.flush();
    }
}
