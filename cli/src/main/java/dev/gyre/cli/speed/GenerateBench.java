package dev.gyre.cli.speed;

import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.Sampling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tokens written per second, the reading of the prompts among the time.
@Command(
        name = "generate",
        description = "Tokens per second of greedy writing, random weights; the first time is not counted.",
        mixinStandardHelpOptions = true)
public final class GenerateBench implements Callable<Integer> {

    @Mixin
    private SpeedOptions options = new SpeedOptions();

    @Option(names = "--batch", defaultValue = "1", description = "Prompts at once ($${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--prompt", defaultValue = "64", description = "Tokens of a prompt ($${DEFAULT-VALUE}).")
    private int prompt;

    @Option(names = "--new", defaultValue = "64", description = "Tokens written after each ($${DEFAULT-VALUE}).")
    private int written;

    @Option(names = "--times", defaultValue = "4", description = "Times, the first uncounted ($${DEFAULT-VALUE}).")
    private int times;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        int context = options.shape().context();
        if (batch < 1 || times < 2 || prompt < 2 || written < 1 || prompt + written > context) {
            throw new IllegalArgumentException(
                    "--batch is %d, must be 1 or more; --times %d, 2 or more; --prompt %d and --new %d, 2 and 1 or more, together at most %d"
                            .formatted(batch, times, prompt, written, context));
        }
        options.measure(spec.commandLine().getOut(), folder -> {
            var kept = options.kept();
            options.shape().write(folder, kept == ElementType.I8 ? ElementType.BF16 : kept);
            try (var model = LanguageModel.open(folder, null, options.device(), kept)) {
                return Measured.of(rates(model));
            }
        });
        return 0;
    }

    private List<Double> rates(LanguageModel model) {
        var random = new Random(0);
        // A begin token, then letters, each a token.
        var prompts = IntStream.range(0, batch)
                .mapToObj(row -> random.ints(prompt - 1, 'a', 'z' + 1)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()))
                .toList();
        var sampling = Sampling.greedy(written).withMinNewTokens(written);
        var rates = new ArrayList<Double>();
        for (int time = 0; time < times; time++) {
            long began = System.nanoTime();
            model.generate(prompts, sampling);
            rates.add(batch * written * 1e9 / (System.nanoTime() - began));
        }
        return rates.subList(1, times);
    }
}
