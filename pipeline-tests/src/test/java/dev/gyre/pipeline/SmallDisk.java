package dev.gyre.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/// A folder on a file system of its own, which can be filled to the last byte; only root can mount one.
final class SmallDisk {

    private static final String SIZE = "size=1g";
    private static final int PIECE = 1 << 20;

    private final Path folder;
    private boolean mounted;

    SmallDisk(Path folder) {
        this.folder = folder;
    }

    /// Mounts it where that is possible; elsewhere the folder stays an ordinary one.
    void mount() {
        try {
            Files.createDirectories(folder);
            mounted = run("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", folder.toString());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    boolean isMounted() {
        return mounted;
    }

    /// Also one that an earlier test left behind.
    void unmount() {
        while (Files.isDirectory(folder) && run("mountpoint", "-q", folder.toString())) {
            if (!run("umount", folder.toString())) {
                return;
            }
        }
        mounted = false;
    }

    /// Keeps it full for a while, then makes room again.
    ///
    /// @return whether it was full
    boolean fill(Duration time) {
        var filler = folder.resolve("filler");
        var end = System.nanoTime() + time.toNanos();
        var full = false;
        try (var file = FileChannel.open(filler, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (System.nanoTime() < end) {
                full |= isFull(file);
                Thread.sleep(20);
            }
            return full;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return full;
        } finally {
            filler.toFile().delete();
        }
    }

    /// Writes until nothing more goes in.
    private static boolean isFull(FileChannel file) {
        for (var piece = PIECE; piece > 0; ) {
            try {
                file.write(ByteBuffer.allocate(piece));
            } catch (IOException full) {
                piece /= 2;
            }
        }
        return true;
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
