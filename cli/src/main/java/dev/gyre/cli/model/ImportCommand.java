package dev.gyre.cli.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a model that came with the build as a Hugging Face folder.
@Command(
        name = "import",
        description = "Write a model that came with the build as a Hugging Face folder, ready to be registered.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

    private enum Source {
        minilm
    }

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "minilm: the sentence encoder all-MiniLM-L6-v2 (22 million weights, English, Apache-2.0).")
    private Source source = Source.minilm;

    @Parameters(index = "1", paramLabel = "FOLDER", description = "Where to write it; must not exist or be empty.")
    private Path folder = Path.of("minilm");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        requireEmpty(folder);
        switch (source) {
            case minilm -> MiniLm.write(folder);
        }
        var out = spec.commandLine().getOut();
        out.printf("wrote %s into %s%n", source, folder);
        out.flush();
        return 0;
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("%s is a file, must be a folder".formatted(folder));
        }
        try (var children = Files.list(folder)) {
            if (children.findAny().isPresent()) {
                throw new IllegalArgumentException("%s is not empty; name a new folder".formatted(folder));
            }
        }
    }
}
