package dev.gyre.cli.model;

import dev.gyre.llm.export.ServedAdapter;
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

/// Writes a model or an adapter in a form that others run.
@Command(
        name = "export",
        description = "Write a folder for others: GGUF for llama.cpp, TorchScript for any libtorch, LoRA for vLLM.",
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

        @Option(
                names = "--vllm",
                paramLabel = "FOLDER",
                description = "With --base: write any adapter that can be merged as the plain LoRA that vLLM takes.")
        private @Nullable Path vllm;
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
            description = "The base model of a PEFT folder, which then is written as a GGUF adapter, or for vLLM.")
    private @Nullable Path base;

    @Option(
            names = "--rank",
            paramLabel = "N",
            defaultValue = "0",
            description = "For vLLM, of every layer: 1 to 512; 0 chooses one that keeps the adapter whole (${DEFAULT-VALUE}).")
    private int rank;

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
        if (target.vllm != null) {
            return served(target.vllm);
        }
        if (base != null) {
            throw new IllegalArgumentException("--base goes with --gguf and --vllm; merge the adapter for TorchScript");
        }
        if (target.torchscript != null) {
            requireNew(target.torchscript);
            TorchScriptModel.write(folder, target.torchscript);
            return done(target.torchscript);
        }
        throw new IllegalStateException("one of the three is always given");
    }

    private int served(Path into) {
        if (base == null) {
            throw new IllegalArgumentException("--vllm needs --base, the folder that the adapter was learned on");
        }
        var written = rank == 0
                ? ServedAdapter.write(folder, base, into)
                : ServedAdapter.write(folder, base, into, rank);
        spec.commandLine()
                .getOut()
                .printf(
                        "rank %d keeps %.4f of each layer's change or more; start vLLM with --max-lora-rank %1$d%n",
                        written.rank(), written.kept());
        return done(into);
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
