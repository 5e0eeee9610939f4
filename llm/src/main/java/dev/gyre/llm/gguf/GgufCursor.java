package dev.gyre.llm.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gyre.llm.gguf.GgufValue.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;

/// Reads the front of a GGUF file, value by value, and believes no count that the file is too short for.
final class GgufCursor {

    private static final int DEEPEST = 4;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final MemorySegment file;
    private long at;

    GgufCursor(Path path, MemorySegment file) {
        this.path = path;
        this.file = file;
    }

    long at() {
        return at;
    }

    long size() {
        return file.byteSize();
    }

    private long take(long bytes, String what) {
        if (bytes < 0 || bytes > file.byteSize() - at) {
            throw refusal(
                    at,
                    "%s takes %s bytes, but %d are left: it is cut short"
                            .formatted(what, Long.toUnsignedString(bytes), file.byteSize() - at));
        }
        long start = at;
        at += bytes;
        return start;
    }

    /// A signed number of 1, 2, 4 or 8 bytes.
    long whole(int bytes) {
        long start = take(bytes, "a number");
        return switch (bytes) {
            case 1 -> file.get(ValueLayout.JAVA_BYTE, start);
            case 2 -> file.get(SHORT, start);
            case 4 -> file.get(INT, start);
            default -> file.get(LONG, start);
        };
    }

    /// An unsigned number of 1, 2 or 4 bytes; one of 8 bytes shows its bits.
    long unsigned(int bytes) {
        long value = whole(bytes);
        return bytes == 8 ? value : value & (1L << 8 * bytes) - 1;
    }

    /// How many things follow, each of at least some bytes.
    long count(String what, int least) {
        long start = at;
        long count = whole(8);
        if (count < 0 || count > (file.byteSize() - at) / least) {
            throw refusal(
                    start,
                    "%s is %s, but only %d bytes are left"
                            .formatted(what, Long.toUnsignedString(count), file.byteSize() - at));
        }
        return count;
    }

    String text(String what) {
        long length = count("the length of " + what, 1);
        long start = take(length, what);
        if (length > Integer.MAX_VALUE) {
            throw refusal(start, "%s has %d bytes, which is too long".formatted(what, length));
        }
        try {
            return UTF_8.newDecoder()
                    .decode(file.asSlice(start, length).asByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw refusal(start, "%s is not UTF-8: %s".formatted(what, e.getMessage()));
        }
    }

    /// The type and the value of a key.
    GgufValue value(String key) {
        return value(key, kind(key), 0);
    }

    private Kind kind(String key) {
        long start = at;
        long code = unsigned(4);
        return Kind.ofCode(code)
                .orElseThrow(() -> refusal(start, "key %s has type %d, which is unknown".formatted(key, code)));
    }

    private GgufValue value(String key, Kind kind, int depth) {
        return switch (kind) {
            case UINT8, UINT16, UINT32 -> new GgufValue.Whole(kind, unsigned(kind.least()));
            case INT8, INT16, INT32, INT64, UINT64 -> new GgufValue.Whole(kind, whole(kind.least()));
            case FLOAT32 -> new GgufValue.Real(kind, Float.intBitsToFloat((int) whole(4)));
            case FLOAT64 -> new GgufValue.Real(kind, Double.longBitsToDouble(whole(8)));
            case BOOL -> flag(key);
            case STRING -> new GgufValue.Text(text("the text of key " + key));
            case ARRAY -> array(key, depth);
        };
    }

    private GgufValue flag(String key) {
        long start = at;
        long value = unsigned(1);
        if (value > 1) {
            throw refusal(start, "key %s is %d, must be 0 or 1".formatted(key, value));
        }
        return new GgufValue.Flag(value == 1);
    }

    private GgufValue array(String key, int depth) {
        if (depth == DEEPEST) {
            throw refusal(at, "key %s has arrays in arrays more than %d deep".formatted(key, DEEPEST));
        }
        var kind = kind(key);
        long count = count("the number of values of key " + key, kind.least());
        var values = new ArrayList<GgufValue>();
        for (long i = 0; i < count; i++) {
            values.add(value(key, kind, depth + 1));
        }
        return new GgufValue.Array(kind, values);
    }

    IllegalArgumentException refusal(long offset, String reason) {
        return new IllegalArgumentException("%s is not a GGUF file, at byte %d: %s".formatted(path, offset, reason));
    }
}
