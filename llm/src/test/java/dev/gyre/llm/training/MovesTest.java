package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.recipe.Regime;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MovesTest {

    private static final String LOWER = "model.layers.0.mlp.up_proj.weight";
    private static final String UPPER = "model.layers.1.mlp.up_proj.weight";
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;
    private static Path rows;

    @BeforeAll
    static void makeBase() throws IOException {
        var job = new PretrainingJob(
                List.of("the cat sat on the mat", "the dog ran to the cat"),
                LlamaConfig.of(300, 16, 32, 2, 2, 2, 32),
                Regime.pretraining(1e-2, 2, 2),
                7,
                shared.resolve("base"),
                "cpu");
        base = ((TrainingOutcome.Completed) Pretraining.run(job, _ -> {})).huggingFace();
        rows = Files.writeString(shared.resolve("rows.jsonl"), """
                {"prompt":"the cat","completion":" sat"}
                {"prompt":"the dog","completion":" ran"}
                {"prompt":"the mat","completion":" ran to the cat"}
                """);
    }

    @Test
    void aPatternsFactorScalesTheStepOfItsWeightsAlone() {
        var plain = moved(Map.of());
        var scaled = moved(Map.of("rates", "*.0.mlp.*=0.25; *.mlp.*=3"));

        assertThat(largest(of(plain, LOWER))).isPositive();
        plain.forEach((name, change) -> {
            double factor = !name.contains(".mlp.") ? 1 : name.contains(".0.") ? 0.25 : 3;
            isTimes(of(scaled, name), factor, change);
        });
    }

    @Test
    void layersBelowTheTopStepLessByTheirDecay() {
        var plain = moved(Map.of());
        var decayed = moved(Map.of("layerDecay", "0.5"));

        isTimes(of(decayed, "model.norm.weight"), 1, of(plain, "model.norm.weight"));
        isTimes(of(decayed, UPPER), 0.5, of(plain, UPPER));
        isTimes(of(decayed, LOWER), 0.25, of(plain, LOWER));
        isTimes(of(decayed, EMBEDDING), 0.125, of(plain, EMBEDDING));
    }

    @Test
    void onlyTheWeightsThatTrainMeetsMove() {
        var changes = moved(Map.of("train", "model.layers.1.*;model.norm.*"));

        changes.forEach((name, change) -> assertThat(largest(change) > 0)
                .as(name)
                .isEqualTo(name.startsWith("model.layers.1.") || name.startsWith("model.norm.")));
    }

    @Test
    void aPatternThatMeetsNothingIsRefusedWithTheNearestNames() {
        assertThatThrownBy(() -> moved(Map.of("train", "model.layers.0.mlp.up_prj.weight")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("setting train")
                .hasMessageContaining("the nearest are " + LOWER);
        assertThatThrownBy(() -> moved(Map.of("rates", "layers.0=0.5"))).hasMessageContaining("setting rates");
        assertThatThrownBy(() -> moved(Map.of("rates", "*=0"))).hasMessageContaining("must be pattern=factor");
    }

    @Test
    void runningAverageIsWhatIsSaved() {
        var expected = weights(base);
        for (var steps = 1; steps <= 3; steps++) {
            var now = weights(ended(steps, Map.of()));
            expected.forEach((name, average) -> {
                for (int i = 0; i < average.length; i++) {
                    average[i] = 0.75f * average[i] + 0.25f * of(now, name)[i];
                }
            });
        }

        var averaged = weights(ended(3, Map.of("ema", "0.75")));

        assertThat(averaged.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, average) -> isTimes(of(averaged, name), 1, average));
        assertThat(of(averaged, UPPER)).isNotEqualTo(of(weights(ended(3, Map.of())), UPPER));
    }

    private Path ended(int steps, Map<String, String> settings) {
        var all = new TreeMap<>(settings);
        all.putAll(Map.of(
                "steps", Integer.toString(steps), "batch", "3", "learningRate", "1e-2", "schedule", "constant"));
        var work = "ended-%d-%d".formatted(steps, settings.hashCode());
        run("none", all, work, _ -> {});
        return folder.resolve(work).resolve("huggingface");
    }

    @ParameterizedTest
    @CsvSource({
        "none,adamw",
        "none,adam",
        "none,sgd",
        "none,adafactor",
        "none,lion",
        "adalora,adamw",
        "vera,lion",
        "bottleneck,adam",
        "prefix,sgd"
    })
    void everyOptimizerGoesOnFromItsCheckpointWithTheSameBytes(String adapter, String optimizer) throws IOException {
        var settings = new TreeMap<>(Map.of(
                "steps", "6", "batch", "2", "optimizer", optimizer, "learningRate", "1e-2", "checkpointSteps", "2"));
        settings.put("weightDecay", "0.1");
        settings.put("rates", "*=0.5");
        settings.put("ema", optimizer.equals("adamw") ? "0.5" : "0");
        settings.put("holdOut", optimizer.startsWith("adam") ? "0.3" : "0");

        run(adapter, settings, "straight", _ -> {});
        assertThatThrownBy(() -> run(adapter, settings, "resumed", progress -> {
                    if (progress.step() == 5) {
                        throw new IllegalStateException("power cut");
                    }
                }))
                .hasMessage("power cut");
        assertThat(folder.resolve("resumed/checkpoint-000000004")).isDirectory();
        run(adapter, settings, "resumed", _ -> {});

        var straight = files(folder.resolve("straight"));
        assertThat(straight)
                .containsKeys("huggingface/model.safetensors", "checkpoint-000000006/optimizer.safetensors");
        assertThat(files(folder.resolve("resumed"))).isEqualTo(straight);
    }

    /// How one step of plain descent changes each weight.
    private Map<String, float[]> moved(Map<String, String> settings) {
        var all = new TreeMap<>(settings);
        all.putAll(Map.of("steps", "1", "batch", "3", "optimizer", "sgd", "learningRate", "0.5", "gradientNorm", "0"));
        var work = "moved-" + settings.hashCode();
        run("none", all, work, _ -> {});
        var before = weights(base);
        var after = weights(folder.resolve(work).resolve("huggingface"));
        var changes = new LinkedHashMap<String, float[]>();
        before.forEach((name, values) -> {
            var change = after.getOrDefault(name, new float[0]).clone();
            for (int i = 0; i < values.length; i++) {
                change[i] -= values[i];
            }
            changes.put(name, change);
        });
        return changes;
    }

    private void run(String adapter, Map<String, String> settings, String work, TrainingListener listener) {
        var all = new TreeMap<>(settings);
        all.put("warmup", "0");
        if (adapter.equals("adalora") || adapter.equals("vera")) {
            all.put("rank", "4");
        }
        var recipe = Recipe.of("supervised", adapter, all);
        assertThat(Training.run(new TrainingJob(base, rows, recipe, 11, folder.resolve(work), "cpu"), listener))
                .isInstanceOf(TrainingOutcome.Completed.class);
    }

    private static float[] of(Map<String, float[]> changes, String name) {
        return changes.getOrDefault(name, new float[0]);
    }

    private static void isTimes(float[] scaled, double factor, float[] plain) {
        assertThat(scaled).isNotEmpty().hasSameSizeAs(plain);
        for (int i = 0; i < plain.length; i++) {
            assertThat((double) scaled[i]).isCloseTo(factor * plain[i], within(1e-6));
        }
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static Map<String, float[]> weights(Path model) {
        try (var file = TensorFile.open(model.resolve("model.safetensors"))) {
            var all = new LinkedHashMap<String, float[]>();
            file.entries().forEach((name, entry) -> {
                var floats = file.bytes(entry).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
                var values = new float[floats.remaining()];
                floats.get(values);
                all.put(name, values);
            });
            return all;
        }
    }

    /// Every file below a work folder, but for the state, which tells the seconds that passed.
    private static Map<String, String> files(Path work) throws IOException {
        var all = new TreeMap<String, String>();
        try (var paths = Files.walk(work)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                if (!path.endsWith("state.json")) {
                    all.put(work.relativize(path).toString(), HexFormat.of().formatHex(Files.readAllBytes(path)));
                }
            }
        }
        return all;
    }
}
