package dev.gyre.llm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/// Damages a valid file in many ways; whoever reads it must refuse it in words or read it without harm.
public final class Mutations {

    private static final long[] LIES = {0, -1, 1, 7, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 31, 1L << 40, 0xFFFFFFFFL};

    private Mutations() {}

    /// How many of the cases were refused.
    ///
    /// @param front how many bytes at the front say what the file holds
    /// @param reading opens the file and reads all that is in it
    public static int refused(byte[] valid, int front, int cases, long seed, Path file, Consumer<Path> reading)
            throws IOException {
        var random = new Random(seed);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        for (int i = 0; i < cases; i++) {
            Files.write(file, mutated(valid, front, random));
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                reading.accept(file);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("at byte ");
                refused++;
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated for case %d", i)
                    .isLessThan(64L * valid.length + 4_000_000);
        }
        return refused;
    }

    private static byte[] mutated(byte[] valid, int front, Random random) {
        var bytes = valid.clone();
        for (int change = random.nextInt(3); change >= 0; change--) {
            int at = random.nextInt(Math.min(front, bytes.length));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
                case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
                case 4 -> lie(bytes, at, LIES[random.nextInt(LIES.length)]);
                default -> {
                    int length = Math.min(random.nextInt(16) + 1, bytes.length - at);
                    int from = random.nextInt(bytes.length - length + 1);
                    System.arraycopy(bytes.clone(), from, bytes, at, length);
                }
            }
        }
        return bytes;
    }

    private static void lie(byte[] bytes, int at, long value) {
        if (bytes.length >= 8) {
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(Math.min(at, bytes.length - 8), value);
        }
    }
}
