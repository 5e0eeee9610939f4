package dev.gyre.cli.model;

import dev.gyre.llm.export.TorchScriptModel;
import dev.gyre.llm.gguf.GgufAdapter;
import dev.gyre.llm.gguf.GgufModel;
import dev.gyre.llm.gguf.GgufType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a Hugging Face folder as one file that others run.
@Command(
        name = "export",
        description = "Write a Hugging Face folder as one file: GGUF for llama.cpp, or TorchScript for any libtorch.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    /// What it is written as.
    static final class Target {
        @Option(names = "--gguf", paramLabel = "FILE", description = "Write GGUF.")
        private @Nullable Path gguf;

        @Option(
                names = "--torchscript",
                paramLabel = "FILE",
                description = "Write TorchScript with the weights inside: forward(ids) gives logits, in DJL or Python.")
        private @Nullable Path torchscript;
    }

    @Parameters(paramLabel = "FOLDER", description = "A Hugging Face folder, or with --base a PEFT LoRA folder.")
    private Path folder = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "f16",
            description = "Of the matrices in a GGUF file: f32, f16, bf16, q8_0 or q4_0 (${DEFAULT-VALUE}).")
    private String type = "f16";

    @Option(
            names = "--base",
            paramLabel = "FOLDER",
            description = "The base model of a LoRA folder, which then is written as a GGUF adapter.")
    private @Nullable Path base;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var wanted = GgufType.named(type);
        if (target.gguf != null) {
            requireNew(target.gguf);
            if (base != null) {
                GgufAdapter.write(folder, base, target.gguf, wanted);
            } else {
                GgufModel.write(folder, target.gguf, wanted);
            }
            return done(target.gguf);
        }
        if (base != null) {
            throw new IllegalArgumentException("--base goes with --gguf; merge the adapter for TorchScript");
        }
        if (target.torchscript != null) {
            requireNew(target.torchscript);
            TorchScriptModel.write(folder, target.torchscript);
            return done(target.torchscript);
        }
        throw new IllegalStateException("one of the two is always given");
    }

    private int done(Path file) {
        var out = spec.commandLine().getOut();
        out.printf("wrote %s into %s%n", folder, file);
        out.flush();
        return 0;
    }

    private static void requireNew(Path file) {
        if (Files.exists(file)) {
            throw new IllegalArgumentException("%s is there already; name a new file".formatted(file));
        }
    }
}
