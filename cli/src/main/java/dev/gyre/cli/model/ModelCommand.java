package dev.gyre.cli.model;

import picocli.CommandLine.Command;

/// What can be done with models on this machine; each is a subcommand.
@Command(
        name = "model",
        description = "Work with models on this machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ImportCommand.class, ExportCommand.class, PreflightCommand.class})
public final class ModelCommand {}
