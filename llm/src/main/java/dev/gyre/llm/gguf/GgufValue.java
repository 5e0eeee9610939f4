package dev.gyre.llm.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A value of a GGUF file's metadata, of any of the thirteen types that the format knows.
public sealed interface GgufValue {

    /// The types, in the order of their codes.
    enum Kind {
        UINT8(1),
        INT8(1),
        UINT16(2),
        INT16(2),
        UINT32(4),
        INT32(4),
        FLOAT32(4),
        BOOL(1),
        STRING(8),
        ARRAY(12),
        UINT64(8),
        INT64(8),
        FLOAT64(8);

        private final int least;

        Kind(int least) {
            this.least = least;
        }

        /// The fewest bytes that a value takes in a file.
        int least() {
            return least;
        }

        static Optional<Kind> ofCode(long code) {
            return Arrays.stream(values())
                    .filter(kind -> kind.ordinal() == code)
                    .findFirst();
        }
    }

    /// The type it is kept in.
    Kind kind();

    /// A whole number; an unsigned one beyond the range of a long shows its bits.
    record Whole(Kind kind, long value) implements GgufValue {}

    /// A number with a fraction.
    record Real(Kind kind, double value) implements GgufValue {}

    /// Yes or no.
    record Flag(boolean value) implements GgufValue {
        @Override
        public Kind kind() {
            return Kind.BOOL;
        }
    }

    /// A text.
    record Text(String value) implements GgufValue {
        @Override
        public Kind kind() {
            return Kind.STRING;
        }
    }

    /// Values of one type.
    record Array(Kind of, List<GgufValue> values) implements GgufValue {
        public Array {
            values = List.copyOf(values);
        }

        @Override
        public Kind kind() {
            return Kind.ARRAY;
        }
    }

    static GgufValue of(String value) {
        return new Text(value);
    }

    static GgufValue of(boolean value) {
        return new Flag(value);
    }

    /// A count or an id, as the keys of models want them.
    static GgufValue unsigned(long value) {
        return new Whole(Kind.UINT32, value);
    }

    static GgufValue real(double value) {
        return new Real(Kind.FLOAT32, value);
    }

    static GgufValue texts(List<String> values) {
        return new Array(Kind.STRING, values.stream().<GgufValue>map(Text::new).toList());
    }
}
