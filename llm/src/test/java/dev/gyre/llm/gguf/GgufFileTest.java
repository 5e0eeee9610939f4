package dev.gyre.llm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.llm.checkpoint.Mutations;
import dev.gyre.llm.gguf.GgufValue.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufFileTest {

    @TempDir
    Path folder;

    private Path path = Path.of("");

    @BeforeEach
    void nameFile() {
        path = folder.resolve("some.gguf");
    }

    private static Map<String, GgufValue> everyKind() {
        var keys = new LinkedHashMap<String, GgufValue>();
        keys.put("u8", new GgufValue.Whole(Kind.UINT8, 255));
        keys.put("i8", new GgufValue.Whole(Kind.INT8, -128));
        keys.put("u16", new GgufValue.Whole(Kind.UINT16, 65_535));
        keys.put("i16", new GgufValue.Whole(Kind.INT16, -32_768));
        keys.put("u32", new GgufValue.Whole(Kind.UINT32, 4_294_967_295L));
        keys.put("i32", new GgufValue.Whole(Kind.INT32, Integer.MIN_VALUE));
        keys.put("u64", new GgufValue.Whole(Kind.UINT64, -1));
        keys.put("i64", new GgufValue.Whole(Kind.INT64, Long.MIN_VALUE));
        keys.put("f32", GgufValue.real(0.5));
        keys.put("f64", new GgufValue.Real(Kind.FLOAT64, Math.PI));
        keys.put("flag", GgufValue.of(true));
        keys.put("text", GgufValue.of("größer als ▁"));
        keys.put("none", new GgufValue.Array(Kind.INT8, List.of()));
        keys.put(
                "nested",
                new GgufValue.Array(
                        Kind.ARRAY,
                        List.of(
                                GgufValue.texts(List.of("a", "")),
                                new GgufValue.Array(Kind.BOOL, List.of(GgufValue.of(false))))));
        return keys;
    }

    @Test
    void everyKindOfMetadataIsReadAsItWasWritten() {
        GgufWriter.write(path, everyKind(), List.of());

        try (var file = GgufFile.open(path)) {
            assertThat(file.metadata()).containsExactlyEntriesOf(everyKind());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theReferencesQuantisedBlocksAreWrittenBitForBit(GgufType type) throws IOException {
        var numbers = numbers(2, 64);
        GgufWriter.write(path, Map.of(), List.of(matrix("m", type, numbers)));

        try (var file = GgufFile.open(path)) {
            var entry = Objects.requireNonNull(file.entries().get("m"));
            var bytes = Arrays.copyOfRange(
                    Files.readAllBytes(path), (int) entry.start(), (int) (entry.start() + entry.bytes()));
            // gguf 0.19.0: hashlib.sha256(gguf.quants.quantize(numbers, type).tobytes()), and of dequantize(…)
            assertThat(Reference.sha256(bytes)).isEqualTo(Reference.QUANTISED.get(type));
            var back = ByteBuffer.allocate(4 * 128).order(ByteOrder.LITTLE_ENDIAN);
            for (int row = 0; row < 2; row++) {
                for (float number : file.row(entry, row)) {
                    back.putFloat(number);
                }
            }
            assertThat(Reference.sha256(back.array())).isEqualTo(Reference.DEQUANTISED.get(type));
        }
    }

    /// Numbers of many sizes and both signs, exact in every language: the second row has a block of zeros.
    private static float[][] numbers(int rows, int columns) {
        var numbers = new float[rows][columns];
        for (int i = 0; i < rows * columns; i++) {
            int mixed = (int) ((i * 2_654_435_761L + 12_345) % 65_536) - 32_768;
            numbers[i / columns][i % columns] = i >= 96 && i < 128 ? 0 : mixed / 4096f;
        }
        return numbers;
    }

    private static GgufWriter.Tensor matrix(String name, GgufType type, float[][] numbers) {
        return new GgufWriter.Tensor(
                name, type, List.of((long) numbers.length, (long) numbers[0].length), row -> numbers[(int) row]);
    }

    @Test
    void halvesAreRoundedAwayFromZero() {
        var row = new float[32];
        row[0] = 127;
        row[1] = 0.5f;
        row[2] = -0.5f;
        row[3] = 2.5f;
        var bytes = ByteBuffer.allocate(34).order(ByteOrder.LITTLE_ENDIAN);

        GgufType.Q8_0.encode(row, bytes);

        assertThat(Arrays.copyOfRange(bytes.array(), 2, 6)).containsExactly(127, 1, -1, 3);
    }

    @Test
    void damagedFilesAreRefusedInWordsOrReadWithoutHarm() throws IOException {
        var tensors = List.of(
                matrix("blk.0.attn_q.weight", GgufType.Q8_0, numbers(4, 32)),
                matrix("blk.0.attn_k.weight", GgufType.Q4_0, numbers(2, 64)),
                matrix("output_norm.weight", GgufType.F32, numbers(1, 5)),
                matrix("token_embd.weight", GgufType.BF16, numbers(3, 7)));
        GgufWriter.write(path, everyKind(), tensors);
        var valid = Files.readAllBytes(path);
        long front = Files.size(path) - 160 - 96 - 32 - 64;

        int refused = Mutations.refused(valid, (int) front, 2_000, 11, folder.resolve("damaged"), damaged -> {
            try (var file = GgufFile.open(damaged)) {
                for (var entry : file.entries().values()) {
                    long rows = entry.bytes() / entry.type().size(entry.columns());
                    for (long row = 0; row < rows; row++) {
                        assertThat(file.row(entry, row)).hasSize((int) entry.columns());
                    }
                }
            }
        });

        assertThat(refused).isBetween(1_200, 1_999);
    }

    @Test
    void everyShorterFileIsRefused() throws IOException {
        GgufWriter.write(path, everyKind(), List.of(matrix("m", GgufType.F32, numbers(1, 8))));
        var whole = Files.readAllBytes(path);

        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> GgufFile.open(path))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not a GGUF file, at byte ");
        }
    }

    @Test
    void refusalsNameTensorOffsetAndReason() throws IOException {
        GgufWriter.write(path, Map.of(), List.of(matrix("m", GgufType.F32, numbers(1, 8))));
        var valid = Files.readAllBytes(path);

        assertRefused(valid, 0, 0x58585858, "at byte 0: it begins with 0x58585858, not with GGUF");
        assertRefused(valid, 4, 0x03000000, "version is 50331648, must be 2 or 3; it is in big-endian order");
        assertRefused(valid, 8, Integer.MAX_VALUE, "at byte 8: tensor count is 2147483647, but only");
        assertRefused(valid, 33, 9, "at byte 24: tensor m has 9 dimensions, must be 1 to 4");
        assertRefused(valid, 53, 12, "at byte 24: tensor m has type 12, which is not read; quantise to F32");
        assertRefused(valid, 57, 3, "at byte 24: tensor m starts at byte 3 of the data, must be a multiple of 32");
        assertRefused(
                valid, 57, 32, "tensor m takes 32 bytes from byte 32 of the data, but the data has 32: it is cut");
        assertRefused(valid, 41, 1 << 30, "which is too large");
    }

    private void assertRefused(byte[] valid, int at, int value, String reason) throws IOException {
        var bytes = valid.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        Files.write(path, bytes);
        assertThatThrownBy(() -> GgufFile.open(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void arraysInArraysEndSomewhere() throws IOException {
        var bytes = ByteBuffer.allocate(24 + 8 + 1 + 4 + 12 * 100_000).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(GgufFile.MAGIC)
                .putInt(3)
                .putLong(0)
                .putLong(1)
                .putLong(1)
                .put((byte) 'k')
                .putInt(9);
        while (bytes.hasRemaining()) {
            bytes.putInt(9).putLong(1);
        }
        Files.write(path, bytes.array());

        assertThatThrownBy(() -> GgufFile.open(path)).hasMessageContaining("arrays in arrays more than 4 deep");
    }

    @Test
    void randomBytesAreNoFile() throws IOException {
        var random = new Random(3);
        for (int i = 0; i < 200; i++) {
            var bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            Files.write(path, bytes);
            assertThatThrownBy(() -> GgufFile.open(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
