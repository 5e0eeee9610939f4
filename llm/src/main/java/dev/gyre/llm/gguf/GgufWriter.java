package dev.gyre.llm.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Writes GGUF files of version 3, row by row; the same tensors give the same bytes.
public final class GgufWriter {

    /// The numbers of a tensor.
    public interface Rows {

        /// One row, counted over all dimensions but the last.
        float[] row(long index);
    }

    /// A tensor to write.
    ///
    /// @param shape sizes as PyTorch has them
    public record Tensor(String name, GgufType type, List<Long> shape, Rows rows) {

        public Tensor {
            shape = List.copyOf(shape);
            if (shape.isEmpty() || shape.size() > 4 || !type.fits(shape.getLast())) {
                throw new IllegalArgumentException(
                        "tensor %s has shape %s, which %s cannot hold".formatted(name, shape, type));
            }
        }

        long rowCount() {
            return shape.subList(0, shape.size() - 1).stream().reduce(1L, Math::multiplyExact);
        }

        long size() {
            return Math.multiplyExact(rowCount(), type.size(shape.getLast()));
        }
    }

    private static final int ROOM = 1 << 20;

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    private GgufWriter() {}

    /// Writes a file with the usual alignment of 32 bytes.
    public static void write(Path path, Map<String, GgufValue> metadata, List<Tensor> tensors) {
        try (var channel = FileChannel.open(path, CREATE, WRITE, TRUNCATE_EXISTING)) {
            new GgufWriter().write(channel, metadata, tensors);
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(path), e);
        }
    }

    private void write(FileChannel channel, Map<String, GgufValue> metadata, List<Tensor> tensors) throws IOException {
        whole(4, GgufFile.MAGIC);
        whole(4, GgufFile.VERSION);
        whole(8, tensors.size());
        whole(8, metadata.size());
        metadata.forEach((key, value) -> {
            text(key);
            whole(4, value.kind().ordinal());
            value(value);
        });
        long offset = 0;
        for (var tensor : tensors) {
            text(tensor.name());
            whole(4, tensor.shape().size());
            tensor.shape().reversed().forEach(size -> whole(8, size));
            whole(4, tensor.type().code());
            whole(8, offset);
            offset += tensor.size() + padding(tensor.size());
        }
        head.writeBytes(new byte[padding(head.size())]);
        writeFully(channel, ByteBuffer.wrap(head.toByteArray()));
        for (var tensor : tensors) {
            write(channel, tensor);
        }
    }

    private static void write(FileChannel channel, Tensor tensor) throws IOException {
        int size = Math.toIntExact(tensor.type().size(tensor.shape().getLast()));
        var buffer = ByteBuffer.allocate(Math.max(ROOM, size + (int) GgufFile.ALIGNMENT))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long row = 0; row < tensor.rowCount(); row++) {
            if (buffer.remaining() < size) {
                writeFully(channel, buffer.flip());
                buffer.clear();
            }
            tensor.type().encode(tensor.rows().row(row), buffer);
        }
        writeFully(channel, buffer.flip());
        writeFully(channel, ByteBuffer.allocate(padding(tensor.size())));
    }

    private static int padding(long size) {
        return (int) (-size & GgufFile.ALIGNMENT - 1);
    }

    private void value(GgufValue value) {
        switch (value) {
            case GgufValue.Whole whole -> whole(whole.kind().least(), whole.value());
            case GgufValue.Real(var kind, var real) -> {
                boolean narrow = kind == GgufValue.Kind.FLOAT32;
                whole(kind.least(), narrow ? Float.floatToRawIntBits((float) real) : Double.doubleToRawLongBits(real));
            }
            case GgufValue.Flag flag -> whole(1, flag.value() ? 1 : 0);
            case GgufValue.Text text -> text(text.value());
            case GgufValue.Array array -> {
                whole(4, array.of().ordinal());
                whole(8, array.values().size());
                array.values().forEach(this::value);
            }
        }
    }

    private void text(String text) {
        var bytes = text.getBytes(UTF_8);
        whole(8, bytes.length);
        head.writeBytes(bytes);
    }

    private void whole(int bytes, long value) {
        head.write(number.putLong(0, value).array(), 0, bytes);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
