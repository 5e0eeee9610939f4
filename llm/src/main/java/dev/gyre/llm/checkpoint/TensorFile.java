package dev.gyre.llm.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A [safetensors](https://github.com/huggingface/safetensors#format) file, mapped into memory.
///
/// It is checked whole when it is opened, so that no later read can fail; it may be of any size.
///
/// Layout: header length (8 bytes, little-endian), JSON header, tensors back to back.
public final class TensorFile implements AutoCloseable {

    /// A tensor in the file.
    ///
    /// @param start offset of its first byte, counted from the end of the header
    public record Entry(String name, ElementType type, List<Long> shape, long start, long end) {

        public Entry {
            shape = List.copyOf(shape);
        }
    }

    private static final long LARGEST_HEADER = 100_000_000;
    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path path;
    private final Arena arena;
    private final MemorySegment data;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;

    private TensorFile(
            Path path, Arena arena, MemorySegment data, Map<String, Entry> entries, Map<String, String> metadata) {
        this.path = path;
        this.arena = arena;
        this.data = data;
        this.entries = entries;
        this.metadata = metadata;
    }

    /// Opens a file.
    ///
    /// @throws IllegalArgumentException naming the file, the tensor, the offset and the reason where it
    /// is not well
    /// formed
    public static TensorFile open(Path path) {
        return MappedFile.open(path, (arena, file) -> read(path, arena, file));
    }

    /// Whether a file is there under this name.
    public static boolean exists(Path path) {
        return Files.isRegularFile(path);
    }

    private static TensorFile read(Path path, Arena arena, MemorySegment file) {
        if (file.byteSize() < 8) {
            throw refusal(path, 0, "it has %d bytes, a header length takes 8".formatted(file.byteSize()));
        }
        long length = file.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (length < 2 || length > LARGEST_HEADER || length > file.byteSize() - 8) {
            throw refusal(
                    path,
                    0,
                    "header length is %s, must be 2 to %d"
                            .formatted(Long.toUnsignedString(length), Math.min(LARGEST_HEADER, file.byteSize() - 8)));
        }
        var header = parse(path, file.asSlice(8, length).asByteBuffer());
        var data = file.asSlice(8 + length);
        var metadata = new LinkedHashMap<String, String>();
        var entries = new ArrayList<Entry>();
        header.properties().forEach(field -> {
            if (field.getKey().equals(METADATA)) {
                metadata.putAll(metadata(path, field.getValue()));
            } else {
                entries.add(entry(path, field.getKey(), field.getValue()));
            }
        });
        checkLayout(path, entries, 8 + length, data.byteSize());
        var byName = new LinkedHashMap<String, Entry>();
        entries.forEach(entry -> byName.put(entry.name(), entry));
        return new TensorFile(path, arena, data, byName, metadata);
    }

    private static Map<String, String> metadata(Path path, JsonNode node) {
        var metadata = new LinkedHashMap<String, String>();
        node.properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        if (!node.isObject() || !node.valueStream().allMatch(JsonNode::isTextual)) {
            throw refusal(path, 8, "%s is not a map from text to text".formatted(METADATA));
        }
        return metadata;
    }

    private static JsonNode parse(Path path, ByteBuffer header) {
        try {
            var node = JSON.readTree(UTF_8.newDecoder().decode(header).toString());
            if (node == null || !node.isObject()) {
                throw refusal(path, 8, "the header is not a JSON object");
            }
            return node;
        } catch (CharacterCodingException e) {
            throw refusal(path, 8, "the header is not UTF-8: " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw refusal(path, 8, "the header is not JSON: " + e.getOriginalMessage());
        }
    }

    private static Entry entry(Path path, String name, JsonNode node) {
        var type = ElementType.named(node.path("dtype").asText())
                .orElseThrow(
                        () -> refusal(path, name, "has dtype %s, which is not read".formatted(node.path("dtype"))));
        var offsets = node.path("data_offsets");
        if (!node.path("shape").isArray() || offsets.size() != 2) {
            throw refusal(path, name, "lacks a shape or two data_offsets");
        }
        var shape = new ArrayList<Long>();
        node.path("shape").forEach(size -> shape.add(whole(path, name, "shape", size)));
        long start = whole(path, name, "data_offsets", offsets.get(0));
        long end = whole(path, name, "data_offsets", offsets.get(1));
        long bytes;
        try {
            bytes = Math.multiplyExact(shape.stream().reduce(1L, Math::multiplyExact), type.bytes());
        } catch (ArithmeticException e) {
            throw refusal(path, name, "has shape %s, which is too large".formatted(shape));
        }
        if (end - start != bytes) {
            throw refusal(
                    path, name, "spans bytes %d to %d, but %s %s takes %d".formatted(start, end, type, shape, bytes));
        }
        return new Entry(name, type, shape, start, end);
    }

    private static long whole(Path path, String name, String what, @Nullable JsonNode node) {
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
            throw refusal(path, name, "has %s in its %s, must be a whole number of 0 or more".formatted(node, what));
        }
        return node.asLong();
    }

    /// @param before bytes of the file before the data
    private static void checkLayout(Path path, List<Entry> entries, long before, long size) {
        long offset = 0;
        for (var entry : entries.stream()
                .sorted(Comparator.comparingLong(Entry::start).thenComparingLong(Entry::end))
                .toList()) {
            if (entry.start() != offset) {
                throw refusal(
                        path,
                        before + Math.min(offset, size),
                        "tensor %s starts at byte %d of the data, the one before ends at %d"
                                .formatted(entry.name(), entry.start(), offset));
            }
            if (entry.end() > size) {
                throw refusal(
                        path,
                        before + size,
                        "tensor %s ends at byte %d of the data, but the file holds %d: it is cut short"
                                .formatted(entry.name(), entry.end(), size));
            }
            offset = entry.end();
        }
        if (offset != size) {
            throw refusal(path, before + offset, "%d bytes belong to no tensor".formatted(size - offset));
        }
    }

    private static IllegalArgumentException refusal(Path path, long offset, String reason) {
        return new IllegalArgumentException(
                "%s is not a safetensors file, at byte %d: %s".formatted(path, offset, reason));
    }

    private static IllegalArgumentException refusal(Path path, String tensor, String reason) {
        return refusal(path, 8, "in the header, tensor %s %s".formatted(tensor, reason));
    }

    public Path path() {
        return path;
    }

    /// The tensors by name, in the order of the header.
    public Map<String, Entry> entries() {
        return entries;
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    /// The bytes of a tensor, valid until this file is closed.
    ///
    /// @throws IllegalArgumentException for a tensor beyond 2 GiB, which [#memory] gives
    public ByteBuffer bytes(Entry entry) {
        long size = entry.end() - entry.start();
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tensor %s in %s has %d bytes, at most %d can be read at once"
                    .formatted(entry.name(), path, size, Integer.MAX_VALUE));
        }
        return memory(entry).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The bytes of a tensor of any size, as they are mapped; valid until this file is closed.
    public MemorySegment memory(Entry entry) {
        return data.asSlice(entry.start(), entry.end() - entry.start());
    }

    /// One row of a tensor of weights as fp32 numbers.
    ///
    /// @param row counted over all dimensions but the last; a vector is one row
    /// @throws IllegalArgumentException for numbers that are no weights
    public float[] row(Entry entry, long row) {
        int columns =
                entry.shape().isEmpty() ? 1 : Math.toIntExact(entry.shape().getLast());
        long size = (long) columns * entry.type().bytes();
        var bytes = memory(entry).asSlice(row * size, size).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        var numbers = new float[columns];
        for (int i = 0; i < columns; i++) {
            numbers[i] = switch (entry.type()) {
                case F64 -> (float) bytes.getDouble();
                case F32 -> bytes.getFloat();
                case F16 -> Float.float16ToFloat(bytes.getShort());
                case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
                case F8_E4M3, F8_E5M2, F8_E8M0, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                    throw new IllegalArgumentException(
                            "tensor %s in %s has type %s, weights must be F32, F16, BF16 or F64"
                                    .formatted(entry.name(), path, entry.type()));
            };
        }
        return numbers;
    }

    @Override
    public void close() {
        arena.close();
    }
}
