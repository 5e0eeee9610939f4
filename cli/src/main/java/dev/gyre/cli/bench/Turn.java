package dev.gyre.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.bench.Ledger.Kind;
import dev.gyre.cli.bench.Ledger.Text;
import dev.gyre.cli.bench.Ledger.Work;
import dev.gyre.cli.client.ServiceFailure;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One small turn of the circle, as clients drive it that do not give up: send, judge, freeze, train, be examined.
final class Turn {

    static final String MODEL = "desk";
    static final String STAFF = "ada";

    private static final int DEMONSTRATIONS = 40;
    private static final int PAIRS = 32;
    private static final int AT_ONCE = 8;
    /// Every so many judgements are sent twice, as by a browser that did not hear the answer.
    private static final int TWICE = 10;
    /// How long a person thinks, at most, in milliseconds.
    private static final int THINKS = 120;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CONFLICT = 409;

    private final Services services;
    private final Ledger ledger;
    private final Texts texts;
    private final Path folder;
    private final int number;
    private final Consumer<String> progress;
    private final Random random;

    /// @param folder for the files that are sent
    /// @param number from 1
    Turn(Services services, Ledger ledger, Texts texts, Path folder, int number, Consumer<String> progress) {
        this.services = services;
        this.ledger = ledger;
        this.texts = texts;
        this.folder = folder;
        this.number = number;
        this.progress = progress;
        this.random = new Random(number);
    }

    /// Returns when both runs of the turn have ended and what came of them is decided, or five minutes have passed for
    /// one of these: then the count says what is missing.
    void turn() {
        var works = List.of(
                open(Kind.DEMONSTRATION, texts.demonstrations(), DEMONSTRATIONS),
                open(Kind.PAIRWISE, texts.pairs(), PAIRS));
        progress.accept("sends files");
        works.forEach(this::send);
        works.forEach(this::ask);
        progress.accept("judges");
        atTheSameTime(works.stream()
                .flatMap(work -> work.kind().judges().stream().map(account -> (Runnable) () -> judge(work, account)))
                .toList());
        progress.accept("freezes");
        works.forEach(this::freeze);
        progress.accept("trains");
        var runs = works.stream().map(this::train).toList();
        runs.forEach(this::awaitDecision);
    }

    private Work open(Kind kind, List<Text> from, int count) {
        var name = "chaos-%d-%s".formatted(number, kind.name().toLowerCase(java.util.Locale.ROOT));
        return ledger.open(name, kind, Texts.slice(from, "t%d-".formatted(number), (number - 1) * count, count));
    }

    /// A file that was perhaps taken in is sent again: the source knows what it has.
    private void send(Work work) {
        var mapping = work.kind() == Kind.PAIRWISE
                ? Map.of("id", "id", "prompt", "prompt", "slice", "slice", "candidates", List.of("a", "b"))
                : Map.of("id", "id", "prompt", "prompt", "slice", "slice", "completion", "a");
        work.source(services.post(staff("ingest", "/api/sources"), Map.of("name", work.name(), "mapping", mapping))
                .path("id")
                .asText());
        services.send(
                staff(
                        "ingest",
                        "/api/sources/%s/uploads?format=jsonl&name=%s.jsonl".formatted(work.source(), work.name())),
                "POST",
                file(work));
    }

    private Path file(Work work) {
        try {
            Files.createDirectories(folder);
            var lines = new ArrayList<String>();
            for (var text : work.texts()) {
                var row = Services.JSON
                        .createObjectNode()
                        .put("id", text.id())
                        .put("slice", text.slice())
                        .put("prompt", text.prompt())
                        .put("a", text.answers().getFirst());
                if (text.answers().size() > 1) {
                    row.put("b", text.answers().getLast());
                }
                lines.add(Services.JSON.writeValueAsString(row));
            }
            return Files.write(folder.resolve(work.name() + ".jsonl"), lines);
        } catch (IOException full) {
            throw new UncheckedIOException("cannot write the rows of " + work.name(), full);
        }
    }

    private void ask(Work work) {
        var question = work.kind() == Kind.PAIRWISE ? "Which answer is better?" : "What should the desk say?";
        work.project(services.post(
                        staff("annotation", "/api/projects"),
                        Map.of(
                                "name",
                                work.name(),
                                "source",
                                work.source(),
                                "answersPerItem",
                                work.kind().judges().size(),
                                "question",
                                Map.of("type", work.kind().name(), "text", question)))
                .path("id")
                .asText());
    }

    private static void atTheSameTime(List<Runnable> people) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var working = new ArrayList<Future<?>>();
            people.forEach(person -> working.add(threads.submit(person)));
            for (var person : working) {
                person.get();
            }
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while judging", stopped);
        }
    }

    /// A person takes tasks until every row is judged. Tasks that were lent in an answer which never came are found
    /// among those held.
    private void judge(Work work, String account) {
        var held = new Call(account, "annotation", "/api/projects/%s/tasks/held".formatted(work.project()));
        var next = new Call(
                account, "annotation", "/api/projects/%s/tasks/next?count=%d".formatted(work.project(), AT_ONCE));
        var judged = new HashSet<String>();
        await(() -> {
            var tasks = services.get(held);
            if (tasks.isEmpty()) {
                tasks = services.post(next, Map.of());
            }
            tasks.forEach(task -> judge(work, account, task, judged));
            return judged.size() >= work.texts().size();
        });
    }

    private void judge(Work work, String account, JsonNode task, Set<String> judged) {
        pause(random.nextInt(THINKS));
        var text = work.text(task.path("externalId").asText());
        var call = new Call(
                account,
                "annotation",
                "/api/tasks/%s/judgements".formatted(task.path("task").asText()));
        var judgement =
                Services.JSON.createObjectNode().put("lease", task.path("lease").asText());
        if (work.kind() == Kind.PAIRWISE) {
            judgement.put("choice", candidate(task, text.chosen())).put("strength", 2);
        } else {
            judgement.put("text", text.said());
        }
        try {
            var receipt = services.post(call, judgement).path("judgement").asText();
            var again = random.nextInt(TWICE) == 0
                    ? services.post(call, judgement).path("judgement").asText()
                    : receipt;
            work.judged(receipt);
            if (!again.equals(receipt)) {
                work.judged(again);
            }
            judged.add(text.id());
        } catch (ServiceFailure refused) {
            if (refused.status() != CONFLICT) {
                throw refused;
            }
        }
    }

    private static String candidate(JsonNode task, int original) {
        for (var candidate : task.path("candidates")) {
            if (candidate.path("original").asInt() == original) {
                return candidate.path("id").asText();
            }
        }
        throw new IllegalArgumentException(
                "task %s shows no candidate %d".formatted(task.path("task").asText(), original));
    }

    private void freeze(Work work) {
        work.dataset(services.post(
                        staff("annotation", "/api/projects/%s/datasets".formatted(work.project())),
                        Map.of("name", work.name(), "heldOutShare", 0.2, "seed", number))
                .path("dataset")
                .asText());
        await(() -> services.find(staff("trainer", "/api/datasets/" + work.dataset()))
                .isPresent());
    }

    private String train(Work work) {
        await(() -> services.find(staff("trainer", "/api/models/" + MODEL))
                .filter(model -> model.path("champion").asInt() > 0)
                .isPresent());
        var recipe = Map.of(
                "method",
                work.kind().method(),
                "adapter",
                "lora",
                "settings",
                Map.of("steps", "12", "batch", "4", "rank", "4", "learningRate", "0.001", "checkpointSteps", "4"));
        var run = services.post(
                        staff("trainer", "/api/runs"),
                        Map.of(
                                "model",
                                MODEL,
                                "base",
                                MODEL + "@champion",
                                "dataset",
                                work.dataset(),
                                "recipe",
                                recipe,
                                "seed",
                                number,
                                "tooLong",
                                "cut"))
                .path("run")
                .asText();
        ledger.asked(run);
        return run;
    }

    /// The run has ended; if it came to something, the version is examined.
    private void awaitDecision(String run) {
        await(() -> {
            var state = services.get(staff("trainer", "/api/runs/" + run))
                    .path("state")
                    .asText();
            return state.equals("FAILED") || (state.equals("COMPLETED") && isExamined(run));
        });
    }

    private boolean isExamined(String run) {
        progress.accept("awaits the verdict");
        for (var version :
                services.get(staff("registry", "/api/registry/models/" + MODEL)).path("versions")) {
            if (version.path("run").asText().equals(run)) {
                return !version.path("evaluations").isEmpty();
            }
        }
        return false;
    }

    private static void await(BooleanSupplier there) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!there.getAsBoolean() && System.nanoTime() < deadline) {
            pause(300);
        }
    }

    static Call staff(String service, String path) {
        return new Call(STAFF, service, path);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting", stopped);
        }
    }
}
