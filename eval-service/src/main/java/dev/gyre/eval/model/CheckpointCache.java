package dev.gyre.eval.model;

import dev.gyre.events.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Files of models on the local disk, a folder per content: what was unused the longest is deleted first.
final class CheckpointCache {

    private final Path root;
    private final long mostBytes;
    private final BiConsumer<ModelFile, Path> fetch;

    /// @param mostBytes bytes that may stay; the folder in use stays whatever its size
    /// @param fetch writes a file of a model to a path, whole or not at all
    CheckpointCache(Path root, long mostBytes, BiConsumer<ModelFile, Path> fetch) {
        this.root = root;
        this.mostBytes = mostBytes;
        this.fetch = fetch;
    }

    /// Uses the folder of these files, which stays until the use returns; one use at a time.
    synchronized <T> T with(List<ModelFile> files, Function<Path, T> use) {
        try {
            var folder = root.resolve(digest(files));
            if (!Files.isDirectory(folder)) {
                fill(folder, files);
            }
            Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
            evict(folder);
            return use.apply(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot keep model files in " + root, failure);
        }
    }

    /// The folder appears under its name once it is complete.
    private void fill(Path folder, List<ModelFile> files) throws IOException {
        Files.createDirectories(root);
        var part = Files.createTempDirectory(root, ".fetch-");
        try {
            for (var file : files) {
                fetch.accept(file, part.resolve(file.path()));
            }
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(part);
        }
    }

    private void evict(Path inUse) throws IOException {
        var kept = 0L;
        try (var folders = Files.list(root)) {
            for (var folder : folders.sorted(
                            Comparator.comparing(CheckpointCache::lastUse).reversed())
                    .toList()) {
                kept += bytes(folder);
                if (kept > mostBytes && !folder.equals(inUse)) {
                    delete(folder);
                }
            }
        }
    }

    private static Instant lastUse(Path folder) {
        try {
            return Files.getLastModifiedTime(folder).toInstant();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Names content by its paths and digests.
    private static String digest(List<ModelFile> files) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            files.stream()
                    .map(file -> file.path() + "\n" + file.content().sha256() + "\n")
                    .sorted()
                    .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
