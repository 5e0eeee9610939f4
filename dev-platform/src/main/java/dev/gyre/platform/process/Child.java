package dev.gyre.platform.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A running program of ours; it ends when it is closed, or when we end.
public final class Child implements Running {

    private static final int LAST_LINES = 15;

    private final Program program;
    private final Process process;
    private final long logStart;
    private final CompletableFuture<Process> ended;

    private Child(Program program, Process process, long logStart) {
        this.program = program;
        this.process = process;
        this.logStart = logStart;
        Guard.instance().watch(process.pid(), "TERM");
        this.ended = process.onExit()
                .whenComplete((gone, failure) -> Guard.instance().forget(process.pid()));
    }

    public static Child start(Program program) {
        try {
            Files.createDirectories(program.log().toAbsolutePath().getParent());
            long logStart = Files.exists(program.log()) ? Files.size(program.log()) : 0;
            var builder = new ProcessBuilder(program.command())
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(program.log().toFile()));
            builder.environment().putAll(program.environment());
            return new Child(program, builder.start(), logStart);
        } catch (IOException cause) {
            throw new UncheckedIOException(
                    "cannot start " + program.name() + ": " + program.command().getFirst(), cause);
        }
    }

    public Program program() {
        return program;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    public int exitCode() {
        return process.exitValue();
    }

    @Override
    public CompletableFuture<Process> ended() {
        return ended;
    }

    /// Waits until the program is ready; fails with the end of its log if it dies or takes too long.
    public Child await(Duration limit, Predicate<Child> ready) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ready.test(this)) {
            if (!alive()) {
                throw new IllegalStateException("%s ended with exit code %d while starting%n%s"
                        .formatted(program.name(), exitCode(), lastLines()));
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "%s was not ready after %d s%n%s".formatted(program.name(), limit.toSeconds(), lastLines()));
            }
            pause();
        }
        return this;
    }

    /// Whether the program has written this since it was started.
    public boolean wrote(String text) {
        return log().contains(text);
    }

    public String lastLines() {
        List<String> lines = log().lines().toList();
        return "the end of " + program.log() + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    private String log() {
        try (var channel = Files.newByteChannel(program.log())) {
            channel.position(logStart);
            var bytes = Channels.newInputStream(channel).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException cause) {
            return "(no log: " + cause.getMessage() + ")";
        }
    }

    @Override
    public void stop(Duration grace) {
        process.destroy();
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a server", interrupted);
        }
    }
}
