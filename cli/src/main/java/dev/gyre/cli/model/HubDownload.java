package dev.gyre.cli.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gyre.cli.model.HubClient.RemoteFile;
import dev.gyre.llm.checkpoint.Architecture;
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
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
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

    /// How long to wait.
    ///
    /// @param first before the second try; each further try waits twice as long
    /// @param silence after which a connection that sends nothing is given up
    record Patience(Duration first, Duration silence) {
        static final Patience USUAL = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(60));
    }

    private final HubClient hub;
    private final PrintWriter out;
    private final Patience patience;

    HubDownload(HubClient hub, PrintWriter out, Patience patience) {
        this.hub = hub;
        this.out = out;
        this.patience = patience;
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
                .sorted(Comparator.comparing(HubDownload::weights))
                .toList();
        if (files.stream().noneMatch(HubDownload::weights)) {
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

    private static boolean weights(RemoteFile file) {
        return file.path().endsWith(".safetensors");
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
        boolean known = false;
        for (var file : files) {
            if (weights(file) && !known) {
                // before the long part: whether these weights would be of any use
                Architecture.read(folder.resolve("config.json"));
                known = true;
            }
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
                if (answer.statusCode() == 416) {
                    Files.delete(part);
                    throw new IOException("it cannot be resumed");
                }
                append(in, part, answer.statusCode() == 206);
            } catch (IOException e) {
                long got = Files.isRegularFile(part) ? Files.size(part) : 0;
                throw new IOException("cut off after %d of %d bytes: %s".formatted(got, file.size(), reason(e)), e);
            }
        }
        long size = Files.size(part);
        if (file.size() >= 0 && size < file.size()) {
            throw new IOException("cut off after %d of %d bytes".formatted(size, file.size()));
        }
        check(file, part, size);
        return Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private void append(InputStream in, Path part, boolean resumed) throws IOException {
        var how = resumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        var heard = new AtomicLong(System.nanoTime());
        var watch = Thread.ofVirtual().start(() -> closeWhenSilent(in, heard));
        try (var to = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            var bytes = new byte[1 << 16];
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                heard.set(System.nanoTime());
                to.write(bytes, 0, length);
            }
        } finally {
            watch.interrupt();
        }
    }

    /// The client waits for a body as long as the connection stands; a reader waits only so long.
    private void closeWhenSilent(InputStream in, AtomicLong heard) {
        long limit = patience.silence().toNanos();
        try {
            for (long rest = limit; rest > 0; rest = limit - (System.nanoTime() - heard.get())) {
                Thread.sleep(Duration.ofNanos(rest));
            }
            in.close();
        } catch (InterruptedException | IOException _) {
            // all was read, or the connection is broken already
        }
    }

    private static void check(RemoteFile file, Path part, long size) throws IOException {
        var found = file.large() ? sha256(part) : gitId(part, size);
        boolean known = file.digest().length() == found.length();
        if ((file.size() >= 0 && size != file.size()) || (known && !found.equals(file.digest()))) {
            Files.delete(part);
            throw new IOException("it arrived with %d bytes and digest %s, the hub names %d bytes and digest %s"
                    .formatted(size, found, file.size(), file.digest()));
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
        var wait = patience.first();
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
            wait = wait.multipliedBy(2);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
