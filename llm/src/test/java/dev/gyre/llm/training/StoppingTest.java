package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppingTest {

    private static final Map<String, String> WATCHED = Map.of(
            "steps", "60", "batch", "6", "learningRate", "2e-2", "schedule", "constant", "warmup", "0", "holdOut",
            "0.4", "evaluateSteps", "1");

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;

    @BeforeAll
    static void makeBase() {
        base = TinyDecoder.write(shared.resolve("base"), 20);
    }

    /// What is learned by heart says nothing of the rows that are held out.
    @Test
    void trainingEndsWhenTheHeldOutLossIsNoBetterAndTheBestWeightsAreSaved() throws IOException {
        var seen = new ArrayList<Double>();

        var outcome = run("ended", Map.of("patience", "3"), progress -> seen.add(heldOut(progress)));

        int best = 1 + seen.indexOf(Collections.min(seen));
        assertThat(outcome.metrics()).containsEntry("bestStep", (double) best);
        assertThat(outcome.metrics().get("heldOutLoss")).isEqualTo((double) (float) (double) Collections.min(seen));
        assertThat(outcome.steps()).isEqualTo(best + 3).isEqualTo(seen.size()).isLessThan(60);
        assertThat(outcome.rows() + outcome.metrics().getOrDefault("rowsHeldOut", 0.0)).isEqualTo(10);
        var alone = run("alone", Map.of("steps", Integer.toString(best)), _ -> {});
        assertThat(weights(outcome.huggingFace().resolve("model.safetensors")))
                .isEqualTo(weights(alone.huggingFace().resolve("model.safetensors")))
                .isNotEqualTo(weights(folder.resolve(
                        "ended/checkpoint-%09d/weights.safetensors".formatted(outcome.steps()))));
    }

    @Test
    void averagesAreWhatIsEvaluatedAndSaved() throws IOException {
        var settings = Map.of("steps", "4", "ema", "0.5");

        var watched = run("watched", settings, _ -> {});
        var unwatched = run("unwatched", with(settings, Map.of("improvement", "1000")), _ -> {});

        assertThat(watched.metrics().get("bestStep")).isPositive();
        assertThat(unwatched.metrics()).containsEntry("bestStep", 1.0);
        assertThat(weights(watched.huggingFace().resolve("model.safetensors")))
                .isNotEqualTo(weights(unwatched.huggingFace().resolve("model.safetensors")));
    }

    @Test
    void rowsOfOnePromptStayTogether() {
        var examples = IntStream.range(0, 12)
                .mapToObj(row -> (Example) new Example.Demonstration(new Sequence(new long[] {1, row / 3, row, 9}, 2)))
                .toList();

        var split = Split.of(examples, 0.5, 3);

        assertThat(split.learned()).hasSize(6).doesNotContainAnyElementsOf(split.heldOut());
        assertThat(split.heldOut().stream().collect(Collectors.groupingBy(row -> row / 3)).values())
                .allSatisfy(rows -> assertThat(rows).hasSize(3));
        assertThat(Split.of(examples, 0.5, 3)).isEqualTo(split);
        assertThat(Split.of(examples, 0.01, 3).heldOut()).hasSize(3);
        assertThatThrownBy(() -> Split.of(examples.subList(0, 3), 0.5, 3)).hasMessageContaining("setting holdOut is 0.5");
    }

    @Test
    void patienceWithoutHeldOutRowsIsRefused() {
        assertThatThrownBy(() -> Recipe.of("supervised", "none", Map.of("patience", "2")))
                .hasMessageContaining("holdOut is 0, must be above 0");
        assertThatThrownBy(() -> Recipe.of("supervised", "none", Map.of("holdOut", "0.6")))
                .hasMessageContaining("setting holdOut is 0.6");
    }

    private static double heldOut(Progress progress) {
        return progress.metrics().getOrDefault("heldOutLoss", Double.NaN);
    }

    private TrainingOutcome.Completed run(String work, Map<String, String> settings, TrainingListener listener)
            throws IOException {
        var rows = folder.resolve("rows.jsonl");
        Files.write(
                rows,
                IntStream.range(0, 10)
                        .mapToObj(row -> "{\"prompt\":\"the cat %d\",\"completion\":\" %s\"}"
                                .formatted(row * 7, Integer.toString(row * 7919 % 1000, 2)))
                        .toList());
        var recipe = Recipe.of("supervised", "none", with(WATCHED, settings));
        var job = new TrainingJob(base, rows, recipe, 5, folder.resolve(work), "cpu");
        return (TrainingOutcome.Completed) Training.run(job, listener);
    }

    private static Map<String, String> with(Map<String, String> settings, Map<String, String> others) {
        var all = new TreeMap<>(settings);
        all.putAll(others);
        return all;
    }

    private static Map<String, List<Byte>> weights(Path path) {
        try (var file = TensorFile.open(path)) {
            var all = new HashMap<String, List<Byte>>();
            file.entries().forEach((name, entry) -> {
                var bytes = file.bytes(entry);
                var values = new ArrayList<Byte>();
                while (bytes.hasRemaining()) {
                    values.add(bytes.get());
                }
                all.put(name, values);
            });
            return all;
        }
    }
}
