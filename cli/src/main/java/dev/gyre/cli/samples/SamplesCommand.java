package dev.gyre.cli.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Writes the files of the shipped scenario from its world in words; the same words and seed give the same bytes.
@Command(
        name = "samples",
        description = "Write samples/*.jsonl from samples/desk.yaml, and with --pretrain the base model too.",
        mixinStandardHelpOptions = true)
public final class SamplesCommand implements Callable<Integer> {

    @Option(names = "--folder", paramLabel = "DIR", description = "Where desk.yaml is (samples in the checkout).")
    private @Nullable Path folder;

    @Option(names = "--pretrain", description = "Train samples/base too (minutes).")
    private boolean pretrain;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var here = folder == null ? Path.of(System.getProperty("gyre.root", "")).resolve("samples") : folder;
        var desk = Desk.read(here.resolve("desk.yaml"));
        var files = new SampleFiles(desk);
        SampleFiles.write(here.resolve("demonstrations.jsonl"), files.demonstrations());
        SampleFiles.write(here.resolve("preferences.jsonl"), files.preferences());
        SampleFiles.write(here.resolve("traffic.jsonl"), files.traffic());
        out.printf("wrote demonstrations.jsonl, preferences.jsonl and traffic.jsonl into %s%n", here);
        if (pretrain) {
            var work = Files.createTempDirectory("gyre-pretraining");
            var done = BaseModel.pretrain(desk, here.resolve("base"), work, step -> {
                if (step.step() % 20 == 0) {
                    out.printf(
                            Locale.ROOT,
                            "step %d of %d, loss %.3f, %.0f tokens/s%n",
                            step.step(),
                            step.steps(),
                            step.loss(),
                            step.tokensPerSecond());
                    out.flush();
                }
            });
            out.printf(
                    "trained the base on %d tokens within %d s%n",
                    done.tokens(),
                    Duration.ofMillis((long) (done.seconds() * 1000)).toSeconds());
        }
        out.flush();
        return 0;
    }
}
