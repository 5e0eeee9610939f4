package dev.gyre.llm.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// The numbers a tensor file can hold, under their safetensors names.
public enum ElementType {
    F64(8, 7),
    F32(4, 6),
    F16(2, 5),
    BF16(2, 15),
    F8_E4M3(1, 24),
    F8_E5M2(1, 23),
    F8_E8M0(1, 44),
    C64(8, 9),
    I64(8, 4),
    I32(4, 3),
    I16(2, 2),
    I8(1, 1),
    U64(8, 29),
    U32(4, 28),
    U16(2, 27),
    U8(1, 0),
    BOOL(1, 11);

    private final int bytes;
    private final int kind;

    ElementType(int bytes, int kind) {
        this.bytes = bytes;
        this.kind = kind;
    }

    /// Size of one number in bytes.
    public int bytes() {
        return bytes;
    }

    /// Torch's code of this type.
    public int kind() {
        return kind;
    }

    /// The name that `config.json` uses, such as `bfloat16`.
    public String configName() {
        return switch (this) {
            case F64 -> "float64";
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            case F8_E4M3 -> "float8_e4m3fn";
            case F8_E5M2 -> "float8_e5m2";
            case F8_E8M0 -> "float8_e8m0fnu";
            case C64 -> "complex64";
            case I64 -> "int64";
            case I32 -> "int32";
            case I16 -> "int16";
            case I8 -> "int8";
            case U64 -> "uint64";
            case U32 -> "uint32";
            case U16 -> "uint16";
            case U8 -> "uint8";
            case BOOL -> "bool";
        };
    }

    /// Whether weights can be kept in it without a scale beside them.
    public boolean holdsWeights() {
        return switch (this) {
            case F64, F32, F16, BF16 -> true;
            case F8_E4M3, F8_E5M2, F8_E8M0, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> false;
        };
    }

    static Optional<ElementType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /// The upper half of an fp32 number, which is bf16, rounded to the nearest even; a NaN stays one.
    public static short bfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >> 16 | 64);
        }
        return (short) (bits + 0x7fff + (bits >> 16 & 1) >> 16);
    }

    /// Writes one number of a weight.
    ///
    /// @throws IllegalArgumentException for a type that holds no weights
    public void put(ByteBuffer into, double value) {
        switch (this) {
            case F64 -> into.putDouble(value);
            case F32 -> into.putFloat((float) value);
            case F16 -> into.putShort(Float.floatToFloat16((float) value));
            case BF16 -> into.putShort(bfloat((float) value));
            case F8_E4M3, F8_E5M2, F8_E8M0, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalArgumentException("type is %s, must be F32, F16, BF16 or F64".formatted(this));
        }
    }
}
