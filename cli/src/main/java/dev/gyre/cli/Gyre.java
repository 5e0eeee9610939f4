package dev.gyre.cli;

import dev.gyre.cli.bench.BenchCommand;
import dev.gyre.cli.demo.DemoCommand;
import dev.gyre.cli.model.ModelCommand;
import dev.gyre.cli.model.VerifyCommand;
import dev.gyre.cli.samples.SamplesCommand;
import dev.gyre.platform.PlatformFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The one command; everything it can do is a subcommand.
@Command(
        name = "gyre",
        description = "Keeps a language model in step with the people who use it.",
        mixinStandardHelpOptions = true,
        version = "gyre 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            StatusCommand.class,
            TokenCommand.class,
            DownCommand.class,
            ReplayCommand.class,
            BenchCommand.class,
            SamplesCommand.class,
            ModelCommand.class,
            VerifyCommand.class
        })
public final class Gyre {

    private static final int FAILED = 1;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /// The command with all its subcommands, ready to be executed.
    public static CommandLine commandLine() {
        return new CommandLine(new Gyre())
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
    }

    /// What went wrong, without a stack trace where the message says it all.
    private static int explain(Exception failure, CommandLine command) throws Exception {
        if (!(failure instanceof PlatformFailure) && !(failure instanceof IllegalArgumentException)) {
            throw failure;
        }
        command.getErr().println(Terminal.red("✗ ") + failure.getMessage());
        return FAILED;
    }
}
