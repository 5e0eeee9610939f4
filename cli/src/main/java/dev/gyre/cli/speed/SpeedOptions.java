package dev.gyre.cli.speed;

import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.training.Training;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the benches of speed have in common.
final class SpeedOptions {

    private static final Pattern LORA = Pattern.compile("lora:([1-9]\\d{0,3})");

    @Option(
            names = "--shape",
            defaultValue = "smollm2-135m",
            paramLabel = "SHAPE",
            description = "Sizes of the model: tiny, smollm2-135m or tinyllama-1.1b ($${DEFAULT-VALUE}).")
    private String shape = "";

    @Option(
            names = "--dtype",
            defaultValue = "bf16",
            paramLabel = "TYPE",
            description = "In what numbers it computes: bf16 or fp32, for writing also int8 ($${DEFAULT-VALUE}).")
    private String dtype = "";

    @Option(names = "--device", defaultValue = "cpu", description = "cpu, cuda:N or auto ($${DEFAULT-VALUE}).")
    private String device = "cpu";

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    /// A measurement in a folder that is there as long as it takes.
    interface Bench {
        Measured run(Path folder) throws IOException;
    }

    Shape shape() {
        return Shape.of(shape);
    }

    String device() {
        return device;
    }

    ElementType type() {
        return switch (dtype) {
            case "bf16" -> ElementType.BF16;
            case "fp32" -> ElementType.F32;
            default -> throw new IllegalArgumentException("--dtype is %s, must be bf16 or fp32".formatted(dtype));
        };
    }

    /// In what numbers a model that writes keeps its weights.
    ElementType kept() {
        return dtype.equals("int8") ? ElementType.I8 : type();
    }

    /// Trains on rows with a recipe and answers how fast each step was but the first.
    ///
    /// @param adapter `lora:RANK` or `none`
    Measured train(Path folder, Path rows, String method, String adapter, int batch, int steps) {
        return train(folder, rows, method, adapter, batch, steps, null);
    }

    /// @param export where the first step is written as an archive that runs without Gyre, if it is
    Measured train(
            Path folder, Path rows, String method, String adapter, int batch, int steps, @Nullable Path export) {
        var settings = new HashMap<>(Map.of(
                "batch", Integer.toString(batch),
                "steps", Integer.toString(steps),
                "precision", dtype,
                "checkpointSeconds", "0"));
        var lora = LORA.matcher(adapter);
        if (lora.matches()) {
            settings.put("rank", lora.group(1));
            settings.put("alpha", Integer.toString(2 * Integer.parseInt(lora.group(1))));
        } else if (!adapter.equals("none")) {
            throw new IllegalArgumentException("--adapter is %s, must be none or lora:RANK".formatted(adapter));
        }
        var recipe = Recipe.of(method, lora.matches() ? "lora" : "none", settings);
        var clock = new StepClock();
        var outcome = Training.run(new TrainingJob(folder, rows, recipe, 0, folder.resolve("work"), device), clock);
        if (outcome instanceof TrainingOutcome.Refused refused) {
            throw new IllegalArgumentException(String.join("; ", refused.reasons()));
        }
        var found = Measured.of(clock.rates());
        if (export != null) {
            Training.export(new TrainingJob(folder, rows, recipe, 0, folder.resolve("exported"), device), export);
        }
        return found;
    }

    void measure(PrintWriter out, Bench bench) throws IOException {
        var folder = Files.createTempDirectory("gyre-bench");
        try {
            var found = bench.run(folder);
            out.println(json ? found.json() : "%.1f tokens/s, best %.1f, peak %d MiB"
                    .formatted(found.tokensPerSecond(), found.best(), found.peakRssMiB()));
            out.flush();
        } finally {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
