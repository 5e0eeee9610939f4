package dev.gyre.cli.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measurements; each is a subcommand.
@Command(
        name = "bench",
        description = "Measure: ./gyre bench chaos kills parts at random and counts what is lost.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ChaosCommand.class)
public final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to measure: ./gyre bench chaos");
    }
}
