package dev.gyre.llm.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// Files of any size mapped into memory.
public final class MappedFile {

    private MappedFile() {}

    /// What a mapped file is read as.
    public interface Reader<F> {

        /// Reads a file.
        ///
        /// @param arena holds the file in memory; whatever comes of it closes the arena with itself
        F read(Arena arena, MemorySegment file);
    }

    /// Maps a file and reads it; where the reader refuses it, nothing stays mapped.
    public static <F> F open(Path path, Reader<F> reader) {
        var arena = Arena.ofShared();
        try (var channel = FileChannel.open(path)) {
            return reader.read(arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException("cannot read %s".formatted(path), e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }
}
