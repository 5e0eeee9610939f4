package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.model.PromptCompletion;
import dev.gyre.llm.model.RewardModel;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.recipe.Regime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewardTest {

    private static final String PAIRS = """
            {"prompt":"the cat","chosen":" sat on the mat","rejected":" ran"}
            {"prompt":"the dog","chosen":" sat","rejected":" ran to the cat"}
            {"prompt":"the mat","chosen":" sat on the cat","rejected":" ran to the dog"}
            """;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;

    @BeforeAll
    static void makeBase() {
        var documents = Collections.nCopies(8, "the cat sat on the mat and the dog ran to the cat");
        var job = new PretrainingJob(
                documents,
                LlamaConfig.of(290, 32, 64, 2, 4, 2, 48),
                Regime.pretraining(1e-2, 4, 4),
                7,
                shared.resolve("base"),
                "cpu");
        base = ((TrainingOutcome.Completed) Pretraining.run(job, _ -> {})).huggingFace();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lora", "dora"})
    void theChosenAnswerGetsTheGreaterScore(String adapter) throws IOException {
        var done = train(adapter, Map.of("steps", "25", "learningRate", "1e-2"), PAIRS, "work");

        assertThat(done.metrics().get("accuracy")).isEqualTo(1);
        try (var model = RewardModel.open(done.huggingFace(), "cpu")) {
            var scores = model.score(List.of(
                    new PromptCompletion("the cat", " ran"),
                    new PromptCompletion("the cat", " sat on the mat"),
                    new PromptCompletion("the dog", " ran to the cat"),
                    new PromptCompletion("the dog", " sat")));
            assertThat(scores.get(1)).isGreaterThan(scores.get(0) + 1);
            assertThat(scores.get(3)).isGreaterThan(scores.get(2) + 1);
        }
    }

    @Test
    void theFolderIsOneForSequenceClassificationWithOneLabel() throws IOException {
        var done = train("lora", Map.of("steps", "1"), PAIRS, "work");

        var json = JsonFile.read(done.huggingFace().resolve("config.json"));
        assertThat(json.path("architectures").path(0).asText()).isEqualTo("LlamaForSequenceClassification");
        assertThat(json.path("id2label").size()).isEqualTo(1);
        assertThat(json.path("pad_token_id").asInt()).isEqualTo(1);
        var adapter = JsonFile.read(folder.resolve("work/adapter").resolve("adapter_config.json"));
        assertThat(adapter.path("task_type").asText()).isEqualTo("SEQ_CLS");
        assertThat(adapter.path("modules_to_save").path(0).asText()).isEqualTo("score");
        assertThatThrownBy(() -> RewardModel.open(base, "cpu")).hasMessageContaining("train one by the method reward");
    }

    @Test
    void aMarginMakesTheFirstLossGreaterByTheFormula() throws IOException {
        var row = "{\"prompt\":\"the cat\",\"chosen\":\" sat\",\"rejected\":\" ran\"%s}\n";
        var plain = train("none", Map.of("steps", "1"), row.formatted(""), "plain").metrics();
        var ahead = train("none", Map.of("steps", "1"), row.formatted(",\"margin\":2"), "ahead").metrics();

        double lead = plain.getOrDefault("margin", Double.NaN);
        assertThat(plain.get("firstLoss")).isCloseTo(Math.log1p(Math.exp(-lead)), within(1e-5));
        assertThat(ahead.get("firstLoss")).isCloseTo(Math.log1p(Math.exp(2 - lead)), within(1e-5));
    }

    @Test
    void stoppedAndResumedGivesTheSameBytes() throws IOException {
        var settings = Map.of("steps", "6", "batch", "2", "checkpointSteps", "2", "learningRate", "1e-3");
        var straight = train("lora", settings, PAIRS, "straight");

        assertThatThrownBy(() -> Training.run(job("lora", settings, PAIRS, "resumed"), progress -> {
                    if (progress.step() == 3) {
                        throw new IllegalStateException("power cut");
                    }
                }))
                .hasMessage("power cut");
        var resumed = train("lora", settings, PAIRS, "resumed");

        assertThat(resumed.huggingFace().resolve("model.safetensors"))
                .hasSameBinaryContentAs(straight.huggingFace().resolve("model.safetensors"));
    }

    @Test
    void whatCannotBeLearnedIsRefused() throws IOException {
        assertThat(Training.run(
                        job("none", Map.of(), PAIRS + "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\",\"margin\":\"x\"}", "a"),
                        _ -> {}))
                .isEqualTo(new TrainingOutcome.Refused(List.of("row 4: margin is \"x\", must be a number")));
        assertThatThrownBy(() -> Recipe.of("reward", "prompt", Map.of()))
                .hasMessageContaining("cannot carry the head of a reward model");
        assertThatThrownBy(() -> Recipe.of("reward", "lora", Map.of("centering", "-1")))
                .hasMessage("setting centering is -1, must be a number from 0");
    }

    private TrainingOutcome.Completed train(String adapter, Map<String, String> settings, String rows, String work)
            throws IOException {
        return (TrainingOutcome.Completed) Training.run(job(adapter, settings, rows, work), _ -> {});
    }

    private TrainingJob job(String adapter, Map<String, String> settings, String rows, String work)
            throws IOException {
        var all = new TreeMap<>(settings);
        all.putIfAbsent("warmup", "0");
        var file = Files.writeString(folder.resolve(work + ".jsonl"), rows);
        return new TrainingJob(base, file, Recipe.of("reward", adapter, all), 5, folder.resolve(work), "cpu");
    }
}
