package dev.gyre.llm.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The checkpoints of a job in its work folder: written aside, renamed when whole, only the newest kept.
public final class Checkpoints {

    /// How far a training had come.
    ///
    /// @param tokens read so far
    /// @param seconds of computing so far
    public record State(Path folder, int step, long tokens, double seconds, double firstLoss) {}

    private static final String PREFIX = "checkpoint-";
    private static final String STATE = "state.json";

    private final Path work;
    private final String fingerprint;

    /// Opens a work folder.
    ///
    /// @param fingerprint of everything that decides the result
    public Checkpoints(Path work, String fingerprint) {
        this.work = work;
        this.fingerprint = fingerprint;
        try {
            Files.createDirectories(work);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the work folder %s".formatted(work), e);
        }
    }

    /// The newest checkpoint.
    ///
    /// @throws IllegalArgumentException where it belongs to another job
    public Optional<State> newest() {
        var folders = all();
        if (folders.isEmpty()) {
            return Optional.empty();
        }
        var folder = folders.getLast();
        var json = JsonFile.read(folder.resolve(STATE));
        if (!json.path("fingerprint").asText().equals(fingerprint)) {
            throw new IllegalArgumentException(
                    "%s is of a job with another base, recipe, seed or rows; give every job a work folder of its own"
                            .formatted(folder));
        }
        return Optional.of(new State(
                folder,
                json.path("step").asInt(),
                json.path("tokens").asLong(),
                json.path("seconds").asDouble(),
                json.path("firstLoss").asDouble()));
    }

    private List<Path> all() {
        try (var children = Files.list(work)) {
            return children.filter(child -> child.getFileName().toString().matches(PREFIX + "\\d+"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s".formatted(work), e);
        }
    }

    /// Writes a checkpoint and deletes the ones before.
    public void write(int step, long tokens, double seconds, double firstLoss, Consumer<Path> weights) {
        var target = work.resolve("%s%09d".formatted(PREFIX, step));
        var before = all();
        if (before.contains(target)) {
            return;
        }
        whole(target, folder -> {
            weights.accept(folder);
            var json = JsonNodeFactory.instance.objectNode();
            json.put("fingerprint", fingerprint).put("step", step).put("tokens", tokens);
            json.put("seconds", seconds).put("firstLoss", firstLoss);
            JsonFile.write(folder.resolve(STATE), json);
        });
        before.forEach(Checkpoints::delete);
    }

    /// Makes a folder that is there either whole or not at all.
    public static void whole(Path target, Consumer<Path> writing) {
        var aside = target.resolveSibling(target.getFileName() + ".part");
        try {
            delete(aside);
            Files.createDirectories(aside);
            writing.accept(aside);
            delete(target);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(target), e);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete %s".formatted(folder), e);
        }
    }
}
