package dev.gyre.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransferTest {

    @Test
    void everyByteArrives() throws IOException {
        for (var size : new int[] {0, 1, 65_535, 65_536, 65_537, 300_000}) {
            var bytes = new byte[size];
            new Random(7).nextBytes(bytes);
            var target = new ByteArrayOutputStream();

            Transfer.copy(new ByteArrayInputStream(bytes), target);

            assertThat(target.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void sourceThatFailsAtItsEndIsNeverWhole() {
        for (var size : new int[] {1, 65_536, 65_537, 300_000}) {
            var target = new ByteArrayOutputStream();
            var source = new SequenceInputStream(new ByteArrayInputStream(new byte[size]), new Broken());

            assertThatThrownBy(() -> Transfer.copy(source, target)).isInstanceOf(IOException.class);
            assertThat(target.size()).isLessThan(size);
        }
    }

    private static final class Broken extends InputStream {

        @Override
        public int read() throws IOException {
            throw new IOException("wrong digest");
        }
    }
}
