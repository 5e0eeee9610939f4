package dev.gyre.cli.bench;

import dev.gyre.cli.active.ActiveCommand;
import dev.gyre.cli.crowd.AnnotateCommand;
import dev.gyre.cli.speed.GenerateBench;
import dev.gyre.cli.speed.PreferenceBench;
import dev.gyre.cli.speed.TrainBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measurements; each is a subcommand.
@Command(
        name = "bench",
        description = "Measure: what is lost when parts are killed, how many annotators can work at once, what active learning brings, and how fast the numerics are.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ChaosCommand.class,
            AnnotateCommand.class,
            ActiveCommand.class,
            TrainBench.class,
            GenerateBench.class,
            PreferenceBench.class
        })
public final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to measure: ./gyre bench chaos, annotate, active, train, generate or preference");
    }
}
