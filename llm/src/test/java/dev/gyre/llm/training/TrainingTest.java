package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.PromptCompletion;
import dev.gyre.llm.model.Sampling;
import dev.gyre.llm.recipe.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingTest {

    private static final TrainingListener SILENT = _ -> {};

    private static final Path STATUS = Path.of("/proc/self/status");

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;

    @BeforeAll
    static void makeBase() {
        base = TinyDecoder.write(shared.resolve("base"), 80);
    }

    @Test
    void aModelMadeFromTextsWritesLikeThem() {
        try (var model = LanguageModel.open(base, "cpu")) {
            var scores = model.score(List.of(
                    new PromptCompletion("the cat 3", " sat on the mat"),
                    new PromptCompletion("the cat 3", " mat the on sat")));
            assertThat(scores.get(0).logProbability())
                    .isGreaterThan(scores.get(1).logProbability() + 2);
            assertThat(model.generate("the cat", Sampling.greedy(12))).isNotEmpty();
        }
    }

    @Test
    void supervisedLearningMakesTheCompletionsLikely() {
        var rows = List.of(new PromptCompletion("Q: colour?\n", "blue"), new PromptCompletion("Q: animal?\n", "dog"));
        var before = scores(base, rows);

        var outcome =
                completed(run("supervised", "lora", Map.of("epochs", "30", "learningRate", "1e-2"), supervised(), "a"));

        assertThat(scores(outcome.huggingFace(), rows)).isGreaterThan(before + 5);
        assertThat(outcome.metrics().get("loss")).isLessThan(outcome.metrics().get("firstLoss"));
        assertThat(outcome.rows()).isEqualTo(4);
    }

    /// What every step leaves behind would add up: one token's activations of this model in every step make 20 MiB here.
    @Test
    void aLongTrainingHoldsNoMoreMemoryThanAShortOne() throws IOException {
        assumeTrue(Files.exists(STATUS), "the system does not tell how much memory a process holds");
        var rows = folder.resolve("uneven.jsonl");
        Files.write(
                rows,
                IntStream.range(0, 64)
                        .mapToObj(i -> "{\"prompt\":\"the cat %s\",\"completion\":\" sat %d\"}"
                                .formatted("x".repeat(i % 17), i))
                        .toList());
        var held = new ArrayList<Long>();
        var recipe = Recipe.of("supervised", "lora", Map.of("steps", "1500", "batch", "4"));

        Training.run(new TrainingJob(base, rows, recipe, 1, folder.resolve("long"), "cpu"), progress -> {
            if (progress.step() % 500 == 0) {
                held.add(heldMiB());
            }
        });

        assertThat(held).hasSize(3);
        assertThat(held.getLast() - held.getFirst()).isLessThan(32);
    }

    private static long heldMiB() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    / 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theAdapterFolderAndTheMergedFolderAreTheSameModel() {
        var outcome =
                completed(run("supervised", "lora", Map.of("steps", "5", "learningRate", "1e-2"), supervised(), "a"));
        var rows = List.of(new PromptCompletion("Q: colour?\n", "blue"));

        assertThat(outcome.adapter()).isNotNull().isDirectory();
        try (var merged = LanguageModel.open(outcome.huggingFace(), "cpu");
                var adapted = LanguageModel.open(base, outcome.adapter(), "cpu")) {
            assertThat(adapted.score(rows)).isEqualTo(merged.score(rows));
        }
    }

    @Test
    void preferenceLearningMovesProbabilityFromTheRejectedToTheChosen() {
        var settings = Map.of("epochs", "10", "learningRate", "5e-3", "beta", "0.1");

        var outcome = completed(run("dpo", "lora", settings, preferences(), "a"));

        assertThat(outcome.metrics().get("firstLoss")).isCloseTo(Math.log(2), within(1e-4));
        assertThat(outcome.metrics().get("accuracy")).isEqualTo(1);
        assertThat(outcome.metrics().get("margin")).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "ipo,adamw,linear",
        "hinge,adam,cosine_with_restarts",
        "apo_zero,sgd,polynomial",
        "cpo,adamw,inverse_sqrt",
        "simpo,adafactor,warmup_stable_decay",
        "orpo,lion,cosine_with_min_lr",
        "kto,adamw,constant",
        "bco,adafactor,cosine",
    })
    void everyObjectiveOptimizerAndScheduleTeachesTheChosen(String loss, String optimizer, String schedule) {
        double rate = Map.of("lion", 1e-3, "sgd", 2.0).getOrDefault(optimizer, 1e-2);
        var settings = Map.of(
                "epochs",
                "25",
                "loss",
                loss,
                "optimizer",
                optimizer,
                "schedule",
                schedule,
                "learningRate",
                Double.toString(rate));

        var outcome = completed(run("dpo", "none", settings, preferences(), "a"));

        assertThat(outcome.metrics().get("margin")).isPositive();
        assertThat(outcome.metrics().get("loss")).isLessThan(outcome.metrics().get("firstLoss"));
        assertThat(outcome.metrics().get("accuracy")).isEqualTo(1);
        assertThat(lead(outcome.huggingFace())).isGreaterThan(lead(base) + 1);
    }

    /// By how much the chosen answer to a question is likelier than the rejected one, in nats.
    private static double lead(Path model) {
        return scores(model, List.of(new PromptCompletion("Q: colour?\n", "blue")))
                - scores(model, List.of(new PromptCompletion("Q: colour?\n", "cat")));
    }

    @Test
    void answersJudgedOneByOneTeachToo() {
        var rows = lines("judged.jsonl", """
                {"prompt":"Q: colour?\\n","completion":"blue","desirable":true}
                {"prompt":"Q: animal?\\n","completion":"the mat","desirable":false}
                {"prompt":"Q: which?\\n","completion":"the dog","desirable":true}
                """);
        var settings = Map.of("epochs", "20", "loss", "kto", "learningRate", "1e-2");

        var outcome = completed(run("dpo", "lora", settings, rows, "a"));

        assertThat(outcome.metrics().get("margin")).isPositive();
        var broken = lines("broken.jsonl", "{\"prompt\":\"Q\",\"completion\":\"a\",\"desirable\":1}\n");
        assertThat(run("dpo", "lora", settings, broken, "b"))
                .isEqualTo(new TrainingOutcome.Refused(List.of("row 1: desirable is 1, must be true or false")));
    }

    @ParameterizedTest
    @CsvSource({"bco,sgd", "kto,lion", "orpo,adafactor"})
    void whatObjectiveAndOptimizerRememberSurvivesAPause(String loss, String optimizer) throws IOException {
        var settings = Map.of(
                "steps",
                "7",
                "batch",
                "2",
                "checkpointSteps",
                "2",
                "loss",
                loss,
                "optimizer",
                optimizer,
                "learningRate",
                "1e-3");
        var straight = completed(run("dpo", "none", settings, preferences(), "straight"));

        assertThatThrownBy(() -> Training.run(job("dpo", "none", settings, preferences(), "resumed"), dyingAt(5)))
                .hasMessage("power cut");
        var resumed = completed(run("dpo", "none", settings, preferences(), "resumed"));

        assertThat(files(resumed.huggingFace())).isEqualTo(files(straight.huggingFace()));
    }

    @ParameterizedTest
    @CsvSource({"supervised,lora", "supervised,none", "dpo,lora", "dpo,none"})
    void aTrainingStoppedAndResumedGivesTheSameBytesAsAStraightOne(String method, String adapter) throws IOException {
        var rows = method.equals("dpo") ? preferences() : supervised();
        var settings = Map.of("steps", "7", "batch", "2", "learningRate", "1e-3", "checkpointSteps", "2");
        var straight = completed(run(method, adapter, settings, rows, "straight"));

        assertThatThrownBy(() -> Training.run(job(method, adapter, settings, rows, "resumed"), dyingAt(5)))
                .hasMessage("power cut");
        assertThat(Training.run(job(method, adapter, settings, rows, "resumed"), stoppingAt(6)))
                .isEqualTo(new TrainingOutcome.Cancelled(6));
        var resumed = completed(run(method, adapter, settings, rows, "resumed"));

        assertThat(files(resumed.huggingFace())).isEqualTo(files(straight.huggingFace()));
        assertThat(resumed.tokens()).isEqualTo(straight.tokens());
        if (adapter.equals("lora")) {
            assertThat(files(folder.resolve("resumed/adapter"))).isEqualTo(files(folder.resolve("straight/adapter")));
        }
    }

    @Test
    void halfPrecisionLearnsToo() {
        var settings = Map.of("epochs", "20", "learningRate", "1e-2", "precision", "bf16");

        for (var adapter : List.of("lora", "none")) {
            var outcome = completed(run("supervised", adapter, settings, supervised(), adapter));
            assertThat(outcome.metrics().get("loss"))
                    .isLessThan(0.8 * outcome.metrics().getOrDefault("firstLoss", 0.0));
        }
    }

    @Test
    void manyThreadsGetTheAnswersOfOne() throws Exception {
        var rows = List.of(new PromptCompletion("the cat 3", " sat on the mat"), new PromptCompletion("the", " dog"));
        try (var model = LanguageModel.open(base, "cpu");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var scores = model.score(rows);
            var text = model.generate("the cat", Sampling.drawn(8, 0.7, 5));
            var answers = new ArrayList<Future<?>>();
            for (int i = 0; i < 16; i++) {
                answers.add(threads.submit(() -> assertThat(model.score(rows)).isEqualTo(scores)));
                answers.add(threads.submit(() -> assertThat(model.generate("the cat", Sampling.drawn(8, 0.7, 5)))
                        .isEqualTo(text)));
            }
            for (var answer : answers) {
                answer.get();
            }
        }
    }

    @Test
    void anotherSeedGivesAnotherModelTheSameSeedTheSame() throws IOException {
        var settings = Map.of("steps", "3");
        var one = Training.run(
                new TrainingJob(
                        base, supervised(), recipe("supervised", "lora", settings), 1, folder.resolve("1"), "cpu"),
                SILENT);
        var same = Training.run(
                new TrainingJob(
                        base, supervised(), recipe("supervised", "lora", settings), 1, folder.resolve("2"), "cpu"),
                SILENT);
        var other = Training.run(
                new TrainingJob(
                        base, supervised(), recipe("supervised", "lora", settings), 2, folder.resolve("3"), "cpu"),
                SILENT);

        var bytes = files(completed(one).huggingFace());
        assertThat(files(completed(same).huggingFace())).isEqualTo(bytes);
        assertThat(files(completed(other).huggingFace())).isNotEqualTo(bytes);
    }

    @Test
    void aWorkFolderOfAnotherJobIsNotResumed() {
        run("supervised", "lora", Map.of("steps", "2"), supervised(), "a");

        assertThatThrownBy(() -> run("supervised", "lora", Map.of("steps", "3"), supervised(), "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("work folder of its own");
    }

    @Test
    void rowsBeyondTheContextAreLeftOutOrCutAndCounted() throws IOException {
        var rows = Files.writeString(folder.resolve("long.jsonl"), """
                {"prompt":"a","completion":"b"}
                {"prompt":"a","completion":"%s"}
                {"prompt":"%s","completion":"b"}
                """.formatted("zq".repeat(100), "zq".repeat(100)));

        var refused = completed(run("supervised", "lora", Map.of("steps", "1"), rows, "a"));
        var cut = completed(run("supervised", "lora", Map.of("steps", "1", "tooLong", "cut"), rows, "b"));

        assertThat(refused.metrics()).containsEntry("rowsLeftOut", 2.0).containsEntry("rowsCut", 0.0);
        assertThat(cut.metrics()).containsEntry("rowsLeftOut", 1.0).containsEntry("rowsCut", 1.0);
    }

    @Test
    void rowsThatCannotBeReadRefuseTheTrainingAndAreNamed() throws IOException {
        var rows = Files.writeString(folder.resolve("bad.jsonl"), """
                {"prompt":"a","completion":"b"}
                {"prompt":"a"}
                nonsense
                """);

        var outcome = run("supervised", "lora", Map.of(), rows, "a");

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TrainingOutcome.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .satisfiesExactly(
                                        reason -> assertThat(reason)
                                                .isEqualTo("row 2: completion is missing, must be a text"),
                                        reason -> assertThat(reason).startsWith("row 3 is not JSON")));
    }

    private TrainingOutcome run(String method, String adapter, Map<String, String> settings, Path rows, String work) {
        return Training.run(job(method, adapter, settings, rows, work), SILENT);
    }

    private TrainingJob job(String method, String adapter, Map<String, String> settings, Path rows, String work) {
        return new TrainingJob(base, rows, recipe(method, adapter, settings), 11, folder.resolve(work), "cpu");
    }

    private static Recipe recipe(String method, String adapter, Map<String, String> settings) {
        var all = new TreeMap<>(settings);
        all.putIfAbsent("warmup", "0");
        if (adapter.equals("lora")) {
            all.putIfAbsent("rank", "4");
        }
        return Recipe.of(method, adapter, all);
    }

    private Path supervised() {
        return lines("supervised.jsonl", """
                {"prompt":"Q: colour?\\n","completion":"blue","slice":"x"}
                {"prompt":"Q: animal?\\n","completion":"dog"}
                {"prompt":"Q: which animal?\\n","completion":"the dog"}
                {"prompt":"Q: where?\\n","completion":"on the mat and so on"}
                """);
    }

    private Path preferences() {
        return lines("preferences.jsonl", """
                {"prompt":"Q: colour?\\n","chosen":"blue","rejected":"cat"}
                {"prompt":"Q: animal?\\n","chosen":"dog","rejected":"the mat"}
                {"prompt":"Q: which?\\n","chosen":"the dog","rejected":"blue or red"}
                """);
    }

    private Path lines(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static TrainingListener dyingAt(int step) {
        return progress -> {
            if (progress.step() == step) {
                throw new IllegalStateException("power cut");
            }
        };
    }

    private static TrainingListener stoppingAt(int step) {
        return new TrainingListener() {
            private int now;

            @Override
            public void progressed(Progress progress) {
                now = progress.step();
            }

            @Override
            public boolean cancelled() {
                return now == step;
            }
        };
    }

    private static TrainingOutcome.Completed completed(TrainingOutcome outcome) {
        assertThat(outcome).isInstanceOf(TrainingOutcome.Completed.class);
        return (TrainingOutcome.Completed) outcome;
    }

    private static double scores(Path model, List<PromptCompletion> rows) {
        try (var opened = LanguageModel.open(model, "cpu")) {
            return opened.score(rows).stream()
                    .mapToDouble(score -> score.logProbability())
                    .sum();
        }
    }

    private static Map<String, String> files(Path folder) throws IOException {
        var all = new TreeMap<String, String>();
        try (var children = Files.list(folder)) {
            for (var child : children.toList()) {
                all.put(child.getFileName().toString(), java.util.HexFormat.of().formatHex(Files.readAllBytes(child)));
            }
        }
        return all;
    }
}
