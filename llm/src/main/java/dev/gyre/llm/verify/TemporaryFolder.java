package dev.gyre.llm.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// A folder for as long as something is done in it.
final class TemporaryFolder {

    private TemporaryFolder() {}

    static void with(Consumer<Path> work) {
        try {
            var folder = Files.createTempDirectory("gyre-verify");
            try {
                work.accept(folder);
            } finally {
                try (var files = Files.list(folder)) {
                    for (var file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary folder cannot be used", e);
        }
    }

    /// The text of a file.
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be read".formatted(file), e);
        }
    }
}
