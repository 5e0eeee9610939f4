package dev.gyre.llm.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.PromptCompletion;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.training.Pretraining;
import dev.gyre.llm.training.PretrainingJob;
import dev.gyre.llm.training.Training;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingListener;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReinforcingTest {

    private static final String PROMPTS = """
            {"prompt":"the cat"}
            {"prompt":"the dog ran"}
            {"prompt":"the mat"}
            """;

    private static final String DEMONSTRATIONS = """
            {"prompt":"the cat","completion":" sat on the mat"}
            {"prompt":"the dog","completion":" ran to the cat"}
            """;

    /// The share of an answer's letters that are t.
    private static final Reward LETTER = (_, completion) -> completion.isEmpty()
            ? 0
            : completion.chars().filter(letter -> letter == 't').count() / (double) completion.length();

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;

    private static Path teacher;

    @BeforeAll
    static void makeModels() {
        base = made("base", 10, 7);
        teacher = made("teacher", 60, 8);
    }

    private static Path made(String name, int steps, long seed) {
        var documents = Collections.nCopies(8, "the cat sat on the mat and the dog ran to the cat");
        var job = new PretrainingJob(
                documents,
                LlamaConfig.of(290, 32, 64, 1, 4, 2, 48),
                Regime.pretraining(1e-2, steps, 4),
                seed,
                shared.resolve(name),
                "cpu");
        return ((TrainingOutcome.Completed) Pretraining.run(job, _ -> {})).huggingFace();
    }

    @ParameterizedTest
    @CsvSource({"grpo,1", "grpo,2", "rloo,1", "ppo,4"})
    void whatIsRewardedIsWrittenMore(String method, String updates) throws IOException {
        var settings = Map.of(
                "steps", "20", "learningRate", "1e-2", "group", "8", "updates", updates, "beta", "0.01");
        var rewards = new ArrayList<Double>();

        var outcome = Reinforcing.run(
                job(method, "none", settings, PROMPTS, "work"),
                LETTER,
                progress -> rewards.add(progress.metrics().get("reward")));

        assertThat(outcome).isInstanceOf(TrainingOutcome.Completed.class);
        assertThat(mean(rewards.subList(15, 20))).isGreaterThan(2 * mean(rewards.subList(0, 2)));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(each -> each).average().orElseThrow();
    }

    @Test
    void answersThatAreWorthTheSameTeachNothing() throws IOException {
        for (var method : List.of("grpo", "rloo")) {
            var outcome = (TrainingOutcome.Completed) Reinforcing.run(
                    job(method, "none", Map.of("steps", "1", "beta", "0"), PROMPTS, method), (_, _) -> 3, _ -> {});

            assertThat(outcome.metrics()).containsEntry("reward", 3.0).containsEntry("rewardDeviation", 0.0);
            assertThat(outcome.metrics().get("gradientNorm")).isCloseTo(0, within(1e-6));
        }
    }

    @Test
    void answersOfAGroupDiffer() throws IOException {
        var seen = new ArrayList<PromptCompletion>();

        Reinforcing.run(
                job("grpo", "none", Map.of("steps", "1", "batch", "1", "group", "6"), PROMPTS, "work"),
                (prompt, completion) -> {
                    seen.add(new PromptCompletion(prompt, completion));
                    return 0;
                },
                _ -> {});

        assertThat(seen).hasSize(6);
        assertThat(seen.stream().map(PromptCompletion::completion).distinct().count())
                .isGreaterThan(2);
    }

    @ParameterizedTest
    @CsvSource({"grpo,lora", "rloo,none", "ppo,none", "distill,lora"})
    void stoppedAndResumedGivesTheSameBytes(String method, String adapter) throws IOException {
        var settings = Map.of("steps", "5", "batch", "2", "checkpointSteps", "2", "learningRate", "1e-3");
        var rows = method.equals("distill") ? DEMONSTRATIONS : PROMPTS;
        var straight = (TrainingOutcome.Completed) run(job(method, adapter, settings, rows, "straight"), 0);

        assertThatThrownBy(() -> run(job(method, adapter, settings, rows, "resumed"), 3))
                .hasMessage("power cut");
        var resumed = (TrainingOutcome.Completed) run(job(method, adapter, settings, rows, "resumed"), 0);

        assertThat(resumed.huggingFace().resolve("model.safetensors"))
                .hasSameBinaryContentAs(straight.huggingFace().resolve("model.safetensors"));
        assertThat(resumed.tokens()).isEqualTo(straight.tokens());
    }

    private static TrainingOutcome run(TrainingJob job, int dying) {
        TrainingListener listener = progress -> {
            if (progress.step() == dying) {
                throw new IllegalStateException("power cut");
            }
        };
        return job.recipe() instanceof Recipe.Distillation
                ? Distilling.run(job, teacher, listener)
                : Reinforcing.run(job, LETTER, listener);
    }

    @Test
    void aRewardModelMayGiveTheRewards() throws IOException {
        var pairs = "{\"prompt\":\"the cat\",\"chosen\":\" sat\",\"rejected\":\" ran\"}\n";
        var recipe = Recipe.of("reward", "none", Map.of("steps", "2"));
        var file = Files.writeString(folder.resolve("pairs.jsonl"), pairs);
        var judge = (TrainingOutcome.Completed)
                Training.run(new TrainingJob(base, file, recipe, 3, folder.resolve("judge"), "cpu"), _ -> {});

        var outcome = Reinforcing.run(
                job("grpo", "lora", Map.of("steps", "2"), PROMPTS, "work"), judge.huggingFace(), _ -> {});

        assertThat(outcome)
                .isInstanceOfSatisfying(TrainingOutcome.Completed.class, done -> assertThat(done.metrics())
                        .containsKeys("reward", "rewardDeviation", "clipped"));
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void theStudentComesNearerToItsTeacher(String lambda) throws IOException {
        var settings = Map.of("steps", "40", "learningRate", "1e-2", "lambda", lambda, "temperature", "1");
        var favourite = List.of(new PromptCompletion("the cat", " sat on the mat and the dog"));

        var outcome = (TrainingOutcome.Completed)
                Distilling.run(job("distill", "none", settings, DEMONSTRATIONS, "work"), teacher, _ -> {});

        assertThat(outcome.metrics().get("loss"))
                .isLessThan(0.6 * outcome.metrics().getOrDefault("firstLoss", 0.0));
        assertThat(score(outcome.huggingFace(), favourite)).isGreaterThan(score(base, favourite) + 1);
    }

    private static double score(Path model, List<PromptCompletion> rows) {
        try (var opened = LanguageModel.open(model, "cpu")) {
            return opened.score(rows).getFirst().logProbability();
        }
    }

    @Test
    void whatCannotBeLearnedIsRefused() throws IOException {
        assertThat(Reinforcing.run(
                        job("grpo", "none", Map.of(), PROMPTS + "{\"completion\":\"x\"}\n{\"prompt\":1}\n", "a"),
                        LETTER,
                        _ -> {}))
                .isEqualTo(new TrainingOutcome.Refused(List.of(
                        "row 4: prompt is missing, must be a text", "row 5: prompt is NUMBER, must be a text")));
        assertThatThrownBy(() -> Reinforcing.run(
                        job("grpo", "none", Map.of("maxNewTokens", "48"), PROMPTS, "b"), LETTER, _ -> {}))
                .hasMessageStartingWith("setting maxNewTokens is 48");
        assertThatThrownBy(() -> Training.run(job("grpo", "none", Map.of(), PROMPTS, "c"), _ -> {}))
                .hasMessageContaining("write while they learn");
        assertThatThrownBy(() -> Reinforcing.run(
                        job("grpo", "none", Map.of(), PROMPTS, "d"), (_, _) -> Double.NaN, _ -> {}))
                .hasMessageContaining("must be a finite number");
        assertThatThrownBy(() -> Recipe.of("grpo", "lora", Map.of("group", "1")))
                .hasMessage("setting group is 1, must be a whole number of 2 or more");
        assertThatThrownBy(() -> Recipe.of("distill", "lora", Map.of("lambda", "1.5")))
                .hasMessage("setting lambda is 1.5, must be a number from 0 up to 1");
        assertThatThrownBy(() -> Recipe.of("ppo", "lora", Map.of("clipAbove", "0.3")))
                .hasMessageStartingWith("setting clipAbove is 0.3, but this recipe has no such setting");
    }

    private TrainingJob job(String method, String adapter, Map<String, String> settings, String rows, String work)
            throws IOException {
        var all = new TreeMap<>(settings);
        all.putIfAbsent("warmup", "0");
        all.putIfAbsent("schedule", "constant");
        all.putIfAbsent("maxNewTokens", "8");
        var file = Files.writeString(folder.resolve(work + ".jsonl"), rows);
        return new TrainingJob(base, file, Recipe.of(method, adapter, all), 5, folder.resolve(work), "cpu");
    }
}
