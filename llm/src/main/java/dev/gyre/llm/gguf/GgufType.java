package dev.gyre.llm.gguf;

import dev.gyre.llm.checkpoint.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The numbers a tensor of a GGUF file can hold, bit for bit as llama.cpp's reference quantises them.
///
/// A row is cut into blocks: one number, or 32 that share a scale in fp16.
public enum GgufType {
    F32(0, 0, 1, 4),
    F16(1, 1, 1, 2),
    Q4_0(2, 2, 32, 18),
    Q8_0(8, 7, 32, 34),
    BF16(30, 32, 1, 2);

    private final int code;
    private final int fileType;
    private final int block;
    private final int bytes;

    GgufType(int code, int fileType, int block, int bytes) {
        this.code = code;
        this.fileType = fileType;
        this.block = block;
        this.bytes = bytes;
    }

    int code() {
        return code;
    }

    /// The value of `general.file_type` in a file whose matrices are of this type.
    int fileType() {
        return fileType;
    }

    /// Whether rows of this many numbers can be kept in it.
    public boolean fits(long columns) {
        return columns % block == 0;
    }

    /// Bytes of a row.
    ///
    /// @throws ArithmeticException where they are more than a long can count
    public long size(long columns) {
        return Math.multiplyExact(columns / block, bytes);
    }

    /// The type of a name, in any case.
    ///
    /// @throws IllegalArgumentException where there is none, naming those there are
    public static GgufType named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("GGUF type is %s, must be one of %s"
                        .formatted(name, Arrays.toString(values()).toLowerCase(Locale.ROOT))));
    }

    static Optional<GgufType> ofCode(long code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    /// Reads a row.
    ///
    /// @param from its bytes, little-endian
    void decode(ByteBuffer from, float[] row) {
        for (int i = 0; i < row.length; i += block) {
            switch (this) {
                case F32 -> row[i] = from.getFloat();
                case F16 -> row[i] = Float.float16ToFloat(from.getShort());
                case BF16 -> row[i] = Float.intBitsToFloat(from.getShort() << 16);
                case Q8_0 -> {
                    float scale = Float.float16ToFloat(from.getShort());
                    for (int j = 0; j < block; j++) {
                        row[i + j] = from.get() * scale;
                    }
                }
                case Q4_0 -> {
                    float scale = Float.float16ToFloat(from.getShort());
                    for (int j = 0; j < block / 2; j++) {
                        int two = from.get();
                        row[i + j] = scale * ((two & 15) - 8);
                        row[i + j + block / 2] = scale * ((two >> 4 & 15) - 8);
                    }
                }
            }
        }
    }

    /// Writes a row.
    ///
    /// @param into little-endian
    void encode(float[] row, ByteBuffer into) {
        for (int i = 0; i < row.length; i += block) {
            switch (this) {
                case F32 -> into.putFloat(row[i]);
                case F16 -> into.putShort(Float.floatToFloat16(row[i]));
                case BF16 -> into.putShort(ElementType.bfloat(row[i]));
                case Q8_0 -> eightBits(row, i, into);
                case Q4_0 -> fourBits(row, i, into);
            }
        }
    }

    /// Scale = the largest magnitude / 127; numbers are rounded half away from zero.
    private void eightBits(float[] row, int start, ByteBuffer into) {
        float largest = 0;
        for (int j = 0; j < block; j++) {
            largest = Math.max(largest, Math.abs(row[start + j]));
        }
        float scale = largest / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        into.putShort(Float.floatToFloat16(scale));
        for (int j = 0; j < block; j++) {
            float value = row[start + j] * inverse;
            float floor = (float) Math.floor(Math.abs(value));
            float rounded = floor + (float) Math.floor(2 * (Math.abs(value) - floor));
            into.put((byte) (value < 0 ? -rounded : rounded));
        }
    }

    /// Scale = the number of largest magnitude / -8; the first half of a block is in the lower four bits.
    private void fourBits(float[] row, int start, ByteBuffer into) {
        float largest = row[start];
        for (int j = 1; j < block; j++) {
            if (Math.abs(row[start + j]) > Math.abs(largest)) {
                largest = row[start + j];
            }
        }
        float scale = largest / -8;
        float inverse = scale == 0 ? 0 : 1 / scale;
        into.putShort(Float.floatToFloat16(scale));
        for (int j = 0; j < block / 2; j++) {
            int low = Math.clamp((int) (row[start + j] * inverse + 8.5f), 0, 15);
            int high = Math.clamp((int) (row[start + j + block / 2] * inverse + 8.5f), 0, 15);
            into.put((byte) (low | high << 4));
        }
    }
}
