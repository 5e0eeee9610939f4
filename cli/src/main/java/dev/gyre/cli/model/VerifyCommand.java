package dev.gyre.cli.model;

import dev.gyre.llm.verify.Verification;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Computes the reference values of a folder again.
@Command(
        name = "verify",
        description = {
            "Compute reference values of torch, transformers, peft and trl again: a line per value, then the counts.",
            "Exit code 0 if every value is within its tolerance, 1 otherwise."
        },
        mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Folder with arch_index.json and the like, vocabularies with ids, or a published text.")
    private Path folder = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var right = new AtomicInteger();
        var wrong = new AtomicInteger();
        Verification.verify(folder, finding -> {
            (finding.ok() ? right : wrong).incrementAndGet();
            out.println(finding);
        });
        out.println("values: %d ok, %d FAIL".formatted(right.get(), wrong.get()));
        out.flush();
        return wrong.get() == 0 ? 0 : 1;
    }
}
