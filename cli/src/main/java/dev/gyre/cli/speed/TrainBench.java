package dev.gyre.cli.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tokens per second of a supervised training, as a run of the trainer does it: rows of equal length, random weights.
@Command(
        name = "train",
        description = "Tokens per second of a supervised training on random weights; the first step is not counted.",
        footer = {
            "With --export, plain PyTorch runs the same step:",
            "  python -c 'import torch; m = torch.jit.load(\"FILE\"); print(m.step())'",
            "Each call learns from the same batch and answers loss and gradient norm;",
            "load(\"FILE\", map_location=\"cuda\") takes it to a GPU. docs/formats.md times it."
        },
        mixinStandardHelpOptions = true)
public final class TrainBench implements Callable<Integer> {

    @Mixin
    private SpeedOptions options = new SpeedOptions();

    @Option(
            names = "--adapter",
            defaultValue = "lora:16",
            description = "What learns: lora:RANK or none, which is all weights ($${DEFAULT-VALUE}).")
    private String adapter = "";

    @Option(names = "--batch", defaultValue = "4", description = "Rows of a step ($${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--seq", defaultValue = "256", description = "Tokens of a row ($${DEFAULT-VALUE}).")
    private int length;

    @Option(names = "--steps", defaultValue = "6", description = "Steps, the first of them uncounted ($${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description = "Also write the first step, weights and batch inside, for plain PyTorch.")
    private @Nullable Path export;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        int context = options.shape().context();
        if (batch < 1 || steps < 2 || length < 4 || length > context) {
            throw new IllegalArgumentException(
                    "--batch is %d, must be 1 or more; --steps %d, 2 or more; --seq %d, 4 to %d, the model's context"
                            .formatted(batch, steps, length, context));
        }
        if (export != null && !Files.isDirectory(export.toAbsolutePath().resolveSibling(""))) {
            throw new IllegalArgumentException("--export is %s, whose folder must be there".formatted(export));
        }
        options.measure(spec.commandLine().getOut(), folder -> {
            options.shape().write(folder, options.type());
            var rows = folder.resolve("rows.jsonl");
            write(rows);
            return options.train(folder, rows, "supervised", adapter, batch, steps, export);
        });
        return 0;
    }

    /// Rows of letters, each a token; begin and end token complete them.
    private void write(Path rows) throws IOException {
        var random = new Random(0);
        try (var out = new PrintWriter(Files.newBufferedWriter(rows))) {
            for (int row = 0; row < batch * steps; row++) {
                var letters = random.ints(length - 2, 'a', 'z' + 1)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
                out.printf("{\"prompt\": \"%s\", \"completion\": \"%s\"}%n", letters.charAt(0), letters.substring(1));
            }
        }
    }
}
