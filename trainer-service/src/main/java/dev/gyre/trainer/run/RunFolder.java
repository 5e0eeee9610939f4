package dev.gyre.trainer.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Where a run at work keeps its base model, its rows and its checkpoints.
record RunFolder(Path root) {

    static RunFolder of(Path work, String run) {
        return new RunFolder(work.toAbsolutePath().normalize().resolve(run));
    }

    /// Names of the runs that have a folder here.
    static List<String> names(Path work) {
        if (!Files.isDirectory(work)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(work)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the work folder " + work, failure);
        }
    }

    Path base() {
        return root.resolve("base");
    }

    Path rows() {
        return root.resolve("rows.jsonl");
    }

    /// The rows that are new, where others are mixed in.
    Path fresh() {
        return root.resolve("fresh.jsonl");
    }

    /// The rows of the nth data set that is replayed.
    Path past(int number) {
        return root.resolve("past-%d.jsonl".formatted(number));
    }

    Path job() {
        return root.resolve("job");
    }

    /// A message as people elsewhere can read it, without the place of this folder.
    String withoutPlace(String message) {
        return message.replace(root + "/", "").replace(root.toString(), "the run's folder");
    }

    /// The files below a folder, relative and sorted.
    static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the folder " + folder, failure);
        }
    }

    void delete() {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete the run folder " + root, failure);
        }
    }
}
