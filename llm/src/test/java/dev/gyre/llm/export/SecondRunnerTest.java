package dev.gyre.llm.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.translate.TranslateException;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.BytePairTrainer;
import dev.gyre.llm.training.Training;
import dev.gyre.llm.training.TrainingJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The engine can be exchanged: what DJL's libtorch computes, bytedeco's computes too, from the same archives.
///
/// Both are libtorch 2.7.1, DJL's built with MKL, bytedeco's with OpenBLAS, so that sums are taken in another order.
/// They have the same names for the loader, so bytedeco's runs in a process of its own.
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "bytedeco's libtorch is on the class path for linux-x86_64 only")
class SecondRunnerTest {

    static final int STEPS = 3;

    /// Sums of some hundred fp32 numbers in another order, each off by 6e-8 at most.
    private static final double NEAR = 2e-6;

    /// AdamW divides a gradient by its own size: one that is nothing but rounding still moves a weight.
    private static final double MOVED = 1e-5;

    private static final long[] IDS = {1, 104, 101, 108, 108, 111, 32, 7, 255, 3};

    @TempDir
    Path folder;

    @Test
    void anotherLibtorchGivesTheSameLogitsAndLearnsTheSame()
            throws IOException, InterruptedException, ModelNotFoundException, MalformedModelException,
                    TranslateException {
        var base = base();
        TorchScriptModel.write(base, folder.resolve("model.pt"));
        var wanted = new ArrayList<float[]>(List.of(logits(folder.resolve("model.pt"))));
        for (var adapter : List.of("none", "lora")) {
            Training.export(job(base, adapter, "export"), folder.resolve(adapter + ".pt"));
            wanted.addAll(learned(job(base, adapter, "run")));
        }

        var found = secondRunner("model.pt", "none.pt", "lora.pt");

        assertThat(found).hasSameSizeAs(wanted);
        for (int line = 0; line < wanted.size(); line++) {
            boolean moved = line > 0 && (line - 1) % STEPS > 0;
            assertNear(found.get(line), wanted.get(line), moved ? MOVED : NEAR);
        }
        assertThat(found.get(STEPS)[0]).isLessThan(found.get(1)[0] - 0.1f);
        assertThat(found.get(2 * STEPS)[0]).isLessThan(found.get(1 + STEPS)[0]);
    }

    private Path base() throws IOException {
        var config = LlamaConfig.of(512, 64, 128, 2, 4, 2, 64);
        BytePairTrainer.train(List.of(), BytePairTrainer.LEAST, folder, config.context());
        JsonFile.write(folder.resolve("config.json"), config.json(ElementType.F32));
        FirstWeights.write(folder.resolve("model.safetensors"), config, ElementType.F32, 0);
        return folder;
    }

    private TrainingJob job(Path base, String adapter, String work) throws IOException {
        var rows = IntStream.range(0, 4)
                .mapToObj("{\"prompt\":\"Say %d.\",\"completion\":\" The cat %<d sat on the mat.\"}"::formatted)
                .toList();
        Files.write(folder.resolve("rows.jsonl"), rows);
        var settings = Map.of(
                "batch", Integer.toString(rows.size()),
                "steps", Integer.toString(STEPS),
                "schedule", "constant",
                "warmup", "0",
                "learningRate", "2e-3",
                "precision", "fp32");
        var recipe = Recipe.of("supervised", adapter, settings);
        return new TrainingJob(base, folder.resolve("rows.jsonl"), recipe, 3, folder.resolve(work + adapter), "cpu");
    }

    /// Loss and gradient norm of each step; every step has all rows.
    private static List<float[]> learned(TrainingJob job) {
        var numbers = new ArrayList<float[]>();
        Training.run(
                job,
                progress -> numbers.add(new float[] {
                    (float) progress.loss(),
                    progress.metrics().getOrDefault("gradientNorm", Double.NaN).floatValue()
                }));
        return numbers;
    }

    private static float[] logits(Path archive)
            throws IOException, ModelNotFoundException, MalformedModelException, TranslateException {
        var criteria = Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optEngine("PyTorch")
                .optModelPath(archive)
                .build();
        try (var model = criteria.loadModel();
                var predictor = model.newPredictor();
                var manager = model.getNDManager().newSubManager()) {
            var ids = manager.create(IDS, new Shape(1, IDS.length));
            return predictor.predict(new NDList(ids)).singletonOrThrow().toFloatArray();
        }
    }

    private List<float[]> secondRunner(String... archives) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.cachedir="
                        + Path.of("target", "javacpp").toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                SecondRunner.class.getName(),
                String.join(",", Arrays.stream(IDS).mapToObj(Long::toString).toList())));
        Arrays.stream(archives).map(folder::resolve).map(Path::toString).forEach(command::add);
        var errors = folder.resolve("errors.txt");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        List<String> lines;
        try (var out = process.inputReader(UTF_8)) {
            lines = out.lines().toList();
        }
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return lines.stream().map(SecondRunnerTest::numbers).toList();
    }

    private static float[] numbers(String line) {
        var words = line.split(" ", -1);
        var numbers = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }

    /// Within a share of the largest number: logits near 0 are sums of such as are not.
    private static void assertNear(float[] found, float[] wanted, double share) {
        assertThat(found).hasSameSizeAs(wanted);
        double largest = IntStream.range(0, wanted.length)
                .mapToDouble(i -> Math.abs(wanted[i]))
                .max()
                .orElseThrow();
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) found[i]).isCloseTo(wanted[i], within(share * largest));
        }
    }
}
