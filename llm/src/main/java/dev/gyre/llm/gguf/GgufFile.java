package dev.gyre.llm.gguf;

import dev.gyre.llm.checkpoint.MappedFile;
import dev.gyre.llm.gguf.GgufValue.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A [GGUF](https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) file, mapped into memory.
///
/// It is checked whole when it is opened, so that no later read can fail; it may be of any size.
/// Layout: magic, version, counts, metadata, descriptions of tensors, padding, tensors.
public final class GgufFile implements AutoCloseable {

    /// A tensor in the file.
    ///
    /// @param shape sizes, the longest stride first, as PyTorch has them; the file keeps them reversed
    /// @param start offset of its first byte in the file
    public record Entry(String name, GgufType type, List<Long> shape, long start, long bytes) {

        public Entry {
            shape = List.copyOf(shape);
        }

        /// Numbers in a row.
        long columns() {
            return shape.getLast();
        }
    }

    static final int MAGIC = 0x46554747;
    static final int VERSION = 3;
    static final long ALIGNMENT = 32;
    static final String ALIGNMENT_KEY = "general.alignment";
    private static final int MOST_DIMENSIONS = 4;

    private final Path path;
    private final Arena arena;
    private final MemorySegment file;
    private final Map<String, GgufValue> metadata;
    private final Map<String, Entry> entries;

    private GgufFile(
            Path path, Arena arena, MemorySegment file, Map<String, GgufValue> metadata, Map<String, Entry> entries) {
        this.path = path;
        this.arena = arena;
        this.file = file;
        this.metadata = metadata;
        this.entries = entries;
    }

    /// Opens a file of version 2 or 3.
    ///
    /// @throws IllegalArgumentException naming the file, the tensor or key, the offset and the reason
    /// where it is not well formed
    public static GgufFile open(Path path) {
        return MappedFile.open(path, (arena, file) -> read(path, arena, file));
    }

    private static GgufFile read(Path path, Arena arena, MemorySegment file) {
        var cursor = new GgufCursor(path, file);
        long magic = cursor.unsigned(4);
        if (magic != MAGIC) {
            throw cursor.refusal(0, "it begins with 0x%08x, not with GGUF".formatted(magic));
        }
        long version = cursor.unsigned(4);
        if (version != 2 && version != VERSION) {
            throw cursor.refusal(
                    4,
                    "version is %d, must be 2 or 3%s"
                            .formatted(version, (version & 0xffff) == 0 ? "; it is in big-endian order" : ""));
        }
        long tensors = cursor.count("tensor count", 24);
        long keys = cursor.count("metadata count", 13);
        var metadata = new LinkedHashMap<String, GgufValue>();
        for (long i = 0; i < keys; i++) {
            long at = cursor.at();
            var key = cursor.text("a key");
            if (metadata.put(key, cursor.value(key)) != null) {
                throw cursor.refusal(at, "key %s is there twice".formatted(key));
            }
        }
        long alignment = alignment(cursor, metadata);
        var found = new ArrayList<Entry>();
        for (long i = 0; i < tensors; i++) {
            found.add(entry(cursor, alignment));
        }
        long data = (cursor.at() + alignment - 1) / alignment * alignment;
        return new GgufFile(path, arena, file, metadata, placed(cursor, found, data));
    }

    private static long alignment(GgufCursor cursor, Map<String, GgufValue> metadata) {
        return switch (metadata.get(ALIGNMENT_KEY)) {
            case null -> ALIGNMENT;
            case GgufValue.Whole whole
            when whole.value() >= 8 && whole.value() <= 1 << 20 && Long.bitCount(whole.value()) == 1 -> whole.value();
            case GgufValue other ->
                throw cursor.refusal(
                        cursor.at(),
                        "%s is %s, must be a power of two from 8 to 1048576".formatted(ALIGNMENT_KEY, other));
        };
    }

    /// Reads a description; its start is counted from the beginning of the data.
    private static Entry entry(GgufCursor cursor, long alignment) {
        long at = cursor.at();
        var name = cursor.text("the name of a tensor");
        long dimensions = cursor.unsigned(4);
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw cursor.refusal(at, "tensor %s has %d dimensions, must be 1 to 4".formatted(name, dimensions));
        }
        var shape = new ArrayList<Long>();
        for (int i = 0; i < dimensions; i++) {
            shape.addFirst(cursor.whole(8));
        }
        long code = cursor.unsigned(4);
        var type = GgufType.ofCode(code)
                .orElseThrow(() -> cursor.refusal(
                        at,
                        "tensor %s has type %d, which is not read; quantise to F32, F16, BF16, Q8_0 or Q4_0"
                                .formatted(name, code)));
        if (shape.stream().anyMatch(size -> size < 1) || !type.fits(shape.getLast())) {
            throw cursor.refusal(at, "tensor %s has shape %s, which %s cannot hold".formatted(name, shape, type));
        }
        long start = cursor.whole(8);
        if (start < 0 || start % alignment != 0) {
            throw cursor.refusal(
                    at,
                    "tensor %s starts at byte %s of the data, must be a multiple of %d"
                            .formatted(name, Long.toUnsignedString(start), alignment));
        }
        try {
            long rows = shape.subList(0, shape.size() - 1).stream().reduce(1L, Math::multiplyExact);
            Math.multiplyExact(rows, shape.getLast());
            return new Entry(name, type, shape, start, Math.multiplyExact(rows, type.size(shape.getLast())));
        } catch (ArithmeticException e) {
            throw cursor.refusal(at, "tensor %s has shape %s, which is too large".formatted(name, shape));
        }
    }

    private static Map<String, Entry> placed(GgufCursor cursor, List<Entry> found, long data) {
        long free = 0;
        for (var entry :
                found.stream().sorted(Comparator.comparingLong(Entry::start)).toList()) {
            if (entry.start() < free) {
                throw cursor.refusal(
                        data + entry.start(), "tensor %s begins within the one before".formatted(entry.name()));
            }
            if (entry.bytes() > cursor.size() - data - entry.start()) {
                throw cursor.refusal(
                        Math.min(cursor.size(), data),
                        "tensor %s takes %d bytes from byte %d of the data, but the data has %d: it is cut short"
                                .formatted(
                                        entry.name(), entry.bytes(), entry.start(), Math.max(0, cursor.size() - data)));
            }
            free = entry.start() + entry.bytes();
        }
        var entries = new LinkedHashMap<String, Entry>();
        for (var entry : found) {
            var there = new Entry(entry.name(), entry.type(), entry.shape(), data + entry.start(), entry.bytes());
            if (entries.put(entry.name(), there) != null) {
                throw cursor.refusal(there.start(), "tensor %s is there twice".formatted(entry.name()));
            }
        }
        return entries;
    }

    public Path path() {
        return path;
    }

    /// The metadata, in the order of the file.
    public Map<String, GgufValue> metadata() {
        return metadata;
    }

    /// The tensors by name, in the order of the file.
    public Map<String, Entry> entries() {
        return entries;
    }

    /// One row of a tensor as fp32 numbers, dequantised exactly.
    ///
    /// @param row counted over all dimensions but the last
    public float[] row(Entry entry, long row) {
        var numbers = new float[Math.toIntExact(entry.columns())];
        long size = entry.type().size(entry.columns());
        var bytes =
                file.asSlice(entry.start() + row * size, size).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        entry.type().decode(bytes, numbers);
        return numbers;
    }

    /// The text of a key.
    ///
    /// @throws IllegalArgumentException where the key is missing or holds something else
    String text(String key) {
        return optionalText(key).orElseThrow(() -> missing(key, "a text"));
    }

    Optional<String> optionalText(String key) {
        return metadata.get(key) instanceof GgufValue.Text text ? Optional.of(text.value()) : Optional.empty();
    }

    Optional<Long> whole(String key) {
        return metadata.get(key) instanceof GgufValue.Whole number ? Optional.of(number.value()) : Optional.empty();
    }

    /// The number of a key; fp32 numbers as their shortest decimal.
    Optional<Double> real(String key) {
        return switch (metadata.get(key)) {
            case GgufValue.Real(var kind, var value) ->
                Optional.of(kind == Kind.FLOAT32 ? Double.parseDouble(Float.toString((float) value)) : value);
            case GgufValue.Whole whole -> Optional.of((double) whole.value());
            case GgufValue.Flag _, GgufValue.Text _, GgufValue.Array _ -> Optional.empty();
            case null -> Optional.empty();
        };
    }

    boolean flag(String key, boolean otherwise) {
        return metadata.get(key) instanceof GgufValue.Flag flag ? flag.value() : otherwise;
    }

    List<GgufValue> array(String key) {
        return metadata.get(key) instanceof GgufValue.Array array ? array.values() : List.of();
    }

    IllegalArgumentException missing(String key, String bound) {
        var value = metadata.get(key);
        return new IllegalArgumentException(
                "%s: %s is %s, must be %s".formatted(path, key, value == null ? "missing" : value, bound));
    }

    @Override
    public void close() {
        arena.close();
    }
}
