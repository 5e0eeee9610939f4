package dev.gyre.llm.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Writes safetensors files; the same tensors give the same bytes.
public final class TensorFileWriter {

    /// A tensor to write.
    ///
    /// @param bytes its numbers in little-endian order, asked for once and only when their turn comes;
    /// as [Pieces] a part at a time, the only way for a tensor beyond 2 GiB
    public record Tensor(String name, ElementType type, List<Long> shape, Supplier<ByteBuffer> bytes) {

        public Tensor {
            shape = List.copyOf(shape);
        }

        /// Bytes of its numbers.
        public long size() {
            return shape.stream().reduce(1L, Math::multiplyExact) * type.bytes();
        }
    }

    /// The numbers of a tensor in parts: asked for the next part until the tensor is whole.
    public interface Pieces extends Supplier<ByteBuffer> {}

    private TensorFileWriter() {}

    /// Writes a file with `{"format":"pt"}` as metadata, as PyTorch libraries expect.
    public static void write(Path path, List<Tensor> tensors) {
        write(path, tensors, Map.of("format", "pt"));
    }

    /// Writes a file.
    public static void write(Path path, List<Tensor> tensors, Map<String, String> metadata) {
        // Wider types first, then by name, as the reference implementation does: it keeps every tensor aligned.
        var ordered = tensors.stream()
                .sorted(Comparator.comparing((Tensor tensor) -> -tensor.type().bytes())
                        .thenComparing(Tensor::name))
                .toList();
        try (var channel = FileChannel.open(path, CREATE, WRITE, TRUNCATE_EXISTING)) {
            writeFully(channel, header(ordered, metadata));
            for (var tensor : ordered) {
                write(channel, tensor);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(path), e);
        }
    }

    private static void write(FileChannel channel, Tensor tensor) throws IOException {
        long left = tensor.size();
        do {
            var bytes = tensor.bytes().get();
            long after = left - bytes.remaining();
            boolean more = tensor.bytes() instanceof Pieces && bytes.hasRemaining() && after > 0;
            if (after != 0 && !more) {
                throw new IllegalStateException("tensor %s has %d bytes, its shape %s takes %d"
                        .formatted(tensor.name(), tensor.size() - after, tensor.shape(), tensor.size()));
            }
            left = after;
            writeFully(channel, bytes);
        } while (left > 0);
    }

    private static ByteBuffer header(List<Tensor> tensors, Map<String, String> metadata) {
        var json = JsonNodeFactory.instance.objectNode();
        var meta = json.putObject("__metadata__");
        metadata.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> meta.put(e.getKey(), e.getValue()));
        long offset = 0;
        for (var tensor : tensors) {
            var entry = json.putObject(tensor.name());
            entry.put("dtype", tensor.type().name());
            tensor.shape().forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(offset).add(offset + tensor.size());
            offset += tensor.size();
        }
        var text = json.toString().getBytes(UTF_8);
        int length = (text.length + 7) / 8 * 8;
        var header = ByteBuffer.allocate(8 + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
