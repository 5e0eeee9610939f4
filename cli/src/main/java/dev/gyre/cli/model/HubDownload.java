package dev.gyre.cli.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gyre.cli.model.HubClient.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Downloads the files of a model that Gyre reads, goes on where it was cut off, and checks every one.
final class HubDownload {

    /// A model on a hub: `org/name`, and after `@` a branch, tag or commit.
    static final Pattern NAME = Pattern.compile("([\\w.-]+/[\\w.-]+)(?:@(.+))?");

    /// What may be resumed says so in a file of this name, which goes when all is there.
    private static final String UNFINISHED = ".gyre-import";

    private static final Pattern WANTED =
            Pattern.compile(".*\\.(json|txt|jinja|model)|(.*/)?(README\\.md|LICENSE.*|NOTICE.*)|model.*\\.safetensors");
    private static final Pattern FOREIGN =
            Pattern.compile("(onnx|openvino|original|runs|\\.git)/.*|.*\\.onnx.*|.*/\\..*");
    private static final int MOST_TRIES = 5;

    private final HubClient hub;
    private final PrintWriter out;
    private final long firstWaitMillis;

    HubDownload(HubClient hub, PrintWriter out, long firstWaitMillis) {
        this.hub = hub;
        this.out = out;
        this.firstWaitMillis = firstWaitMillis;
    }

    /// Whether a folder holds the beginning of a download.
    static boolean unfinished(Path folder) {
        return Files.isRegularFile(folder.resolve(UNFINISHED));
    }

    /// Whether a file of a model's folder is one that Gyre reads or carries along.
    static boolean wanted(String path) {
        return WANTED.matcher(path).matches() && !FOREIGN.matcher(path).matches();
    }

    /// Downloads a model.
    ///
    /// @throws IllegalArgumentException naming the repository or file and the remedy where that cannot be
    void download(String repository, String revision, Path folder) {
        var commit = persistently("asking for " + repository, () -> hub.commit(repository, revision));
        var files = persistently("listing " + repository, () -> hub.files(repository, commit)).stream()
                .filter(file -> wanted(file.path()))
                .toList();
        if (files.stream().noneMatch(file -> file.path().endsWith(".safetensors"))) {
            throw new IllegalArgumentException(
                    "%s has no model*.safetensors; Gyre loads no pickles, convert it first".formatted(repository));
        }
        try {
            mark(folder, "%s@%s".formatted(repository, commit));
            fetchAll(repository, commit, files, folder);
            Files.delete(folder.resolve(UNFINISHED));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(folder), e);
        }
    }

    private static void mark(Path folder, String source) throws IOException {
        Files.createDirectories(folder);
        var mark = folder.resolve(UNFINISHED);
        if (Files.isRegularFile(mark) && !Files.readString(mark).equals(source)) {
            throw new IllegalArgumentException("%s holds the beginning of %s, not of %s; name a new folder"
                    .formatted(folder, Files.readString(mark), source));
        }
        Files.writeString(mark, source);
    }

    private void fetchAll(String repository, String commit, List<RemoteFile> files, Path folder) throws IOException {
        long bytes = files.stream().mapToLong(file -> Math.max(0, file.size())).sum();
        out.printf(Locale.ROOT, "%s at %s: %d files, %.1f MB%n", repository, commit, files.size(), bytes / 1e6);
        for (var file : files) {
            var target = folder.resolve(file.path()).normalize();
            if (!target.startsWith(folder.normalize()) || file.path().isEmpty()) {
                throw new IllegalArgumentException(
                        "%s has the file %s, which is outside of it".formatted(repository, file.path()));
            }
            if (!Files.isRegularFile(target)) {
                Files.createDirectories(target.getParent());
                persistently("downloading " + file.path(), () -> fetch(repository, commit, file, target));
            }
            out.printf("  %s%n", file.path());
            out.flush();
        }
    }

    private Path fetch(String repository, String commit, RemoteFile file, Path target) throws IOException {
        var part = target.resolveSibling(target.getFileName() + ".part");
        long have = Files.isRegularFile(part) ? Files.size(part) : 0;
        if (file.size() < 0 || have < file.size() || have == 0) {
            var answer = hub.open(repository, commit, file.path(), have);
            try (var in = answer.body()) {
                append(in, part, answer.statusCode() == 206);
                if (answer.statusCode() == 416) {
                    Files.delete(part);
                    throw new IOException("%s cannot be resumed".formatted(file.path()));
                }
            }
        }
        long size = Files.size(part);
        if (file.size() >= 0 && size < file.size()) {
            throw new IOException("%s was cut off after %d of %d bytes".formatted(file.path(), size, file.size()));
        }
        check(file, part, size);
        return Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void append(InputStream in, Path part, boolean resumed) throws IOException {
        var how = resumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try (var to = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            in.transferTo(to);
        }
    }

    private static void check(RemoteFile file, Path part, long size) throws IOException {
        var found = file.large() ? sha256(part) : gitId(part, size);
        boolean known = file.digest().length() == found.length();
        if ((file.size() >= 0 && size != file.size()) || (known && !found.equals(file.digest()))) {
            Files.delete(part);
            throw new IOException("%s arrived with %d bytes and digest %s, the hub names %d bytes and digest %s"
                    .formatted(file.path(), size, found, file.size(), file.digest()));
        }
    }

    private static String sha256(Path path) throws IOException {
        return digest("SHA-256", path, new byte[0]);
    }

    /// What git calls a file's content: SHA-1 of its length and its bytes.
    private static String gitId(Path path, long size) throws IOException {
        return digest("SHA-1", path, "blob %d\0".formatted(size).getBytes(UTF_8));
    }

    private static String digest(String algorithm, Path path, byte[] before) throws IOException {
        try {
            var digest = MessageDigest.getInstance(algorithm);
            digest.update(before);
            try (var in = new DigestInputStream(Files.newInputStream(path), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    /// Tries again what the network broke, each time after a longer wait.
    private <T> T persistently(String what, Attempt<T> attempt) {
        long wait = firstWaitMillis;
        for (int tries = 1; ; tries++) {
            try {
                return attempt.run();
            } catch (IOException e) {
                if (tries == MOST_TRIES) {
                    throw new IllegalArgumentException(
                            "%s failed %d times: %s; run it again to go on from there"
                                    .formatted(what, tries, reason(e)),
                            e);
                }
                out.printf("  %s: %s; trying again%n", what, reason(e));
                out.flush();
            }
            pause(wait);
            wait *= 2;
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
