package dev.gyre.llm.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFileTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadForEveryType() {
        var path = folder.resolve("all.safetensors");
        var random = new Random(1);
        var tensors = List.of(ElementType.values()).stream()
                .map(type -> {
                    var bytes = new byte[6 * type.bytes()];
                    random.nextBytes(bytes);
                    return new TensorFileWriter.Tensor(
                            "t." + type, type, List.of(2L, 3L), () -> ByteBuffer.wrap(bytes));
                })
                .toList();

        TensorFileWriter.write(path, tensors);

        try (var file = TensorFile.open(path)) {
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
            for (var tensor : tensors) {
                var entry = Objects.requireNonNull(file.entries().get(tensor.name()));
                assertThat(entry.type()).isEqualTo(tensor.type());
                assertThat(entry.shape()).containsExactly(2L, 3L);
                assertThat(file.bytes(entry)).isEqualTo(tensor.bytes().get());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}         | 8  | the header is not JSON
                    [1]                                                           | 0  | the header is not a JSON object
                    {"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}        | 8  | tensor a has dtype "F99"
                    {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}        | 8  | tensor a spans bytes 0 to 8, but F32 [3] takes 12
                    {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}       | 8  | tensor a has -1 in its shape
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}        | 8  | tensor a spans bytes 8 to 0
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}        | 4  | tensor a ends at byte 8 of the data, but the file holds 4
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}        | 9  | 1 bytes belong to no tensor
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}       | 12 | tensor a starts at byte 4 of the data, the one before ends at 0
                    {"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}} | 8 | which is too large
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | 8 | Duplicate field
                    {"a":{"dtype":"F32","shape":7,"data_offsets":[0,8]}}          | 8  | lacks a shape
                    """)
    void aMalformedFileIsRefusedWithItsReason(String header, int bytes, String reason) throws IOException {
        var path = folder.resolve("bad.safetensors");
        var text = header.strip().getBytes(UTF_8);
        Files.write(
                path,
                ByteBuffer.allocate(8 + text.length + bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length)
                        .put(text)
                        .array());

        assertThatThrownBy(() -> TensorFile.open(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void everyShorterFileIsRefused() throws IOException {
        var path = folder.resolve("model.safetensors");
        TensorFileWriter.write(
                path,
                List.of(new TensorFileWriter.Tensor("a", ElementType.F32, List.of(2L), () -> ByteBuffer.allocate(8))));
        var whole = Files.readAllBytes(path);

        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> TensorFile.open(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void damagedFilesAreRefusedInWordsOrReadWithoutHarm() throws IOException {
        var path = folder.resolve("valid.safetensors");
        TensorFileWriter.write(
                path,
                List.of(
                        tensor("layer.weight", ElementType.F32, 4, 3),
                        tensor("layer.bias", ElementType.BF16, 5),
                        tensor("ids", ElementType.U16, 2, 2),
                        tensor("scale", ElementType.F64),
                        tensor("none", ElementType.I8, 0)));
        var valid = Files.readAllBytes(path);
        int header = valid.length - 48 - 10 - 8 - 8;

        int refused = Mutations.refused(valid, header, 2_000, 7, folder.resolve("damaged"), damaged -> {
            try (var file = TensorFile.open(damaged)) {
                file.entries().values().forEach(entry -> {
                    var bytes = file.bytes(entry);
                    while (bytes.hasRemaining()) {
                        bytes.get();
                    }
                });
            }
        });

        assertThat(refused).isBetween(1_600, 1_999);
    }

    private static TensorFileWriter.Tensor tensor(String name, ElementType type, long... shape) {
        var sizes = Arrays.stream(shape).boxed().toList();
        int count = sizes.stream().reduce(1L, (a, b) -> a * b).intValue();
        return new TensorFileWriter.Tensor(name, type, sizes, () -> ByteBuffer.allocate(count * type.bytes()));
    }

    @Test
    void tensorsBeyondTwoGibibytesAreMappedAndReadRowByRow() throws IOException {
        long rows = 700_000_000;
        var header = "{\"big\":{\"dtype\":\"F32\",\"shape\":[%d,1],\"data_offsets\":[0,%d]}}".formatted(rows, 4 * rows);
        var path = folder.resolve("big.safetensors");
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length())
                    .array());
            file.write(header.getBytes(UTF_8));
            file.setLength(file.length() + 4 * rows);
            file.seek(file.length() - 4);
            file.write(new byte[] {0, 0, (byte) 0x80, 0x3f});
        }

        try (var file = TensorFile.open(path)) {
            var big = Objects.requireNonNull(file.entries().get("big"));
            assertThat(file.row(big, rows - 1)).containsExactly(1);
            assertThat(file.row(big, 0)).containsExactly(0);
            assertThat(file.memory(big).byteSize()).isEqualTo(4 * rows);
            assertThatThrownBy(() -> file.bytes(big)).hasMessageContaining("at most 2147483647 can be read at once");
        }
    }

    @Test
    void tensorsAreWrittenInPiecesAndOnlyWhole() {
        var path = folder.resolve("pieces.safetensors");
        var next = new AtomicInteger();
        TensorFileWriter.Pieces pieces =
                () -> ByteBuffer.wrap(new byte[] {(byte) next.incrementAndGet(), 0, 0, (byte) next.get()});

        TensorFileWriter.write(path, List.of(new TensorFileWriter.Tensor("a", ElementType.I32, List.of(3L), pieces)));

        try (var file = TensorFile.open(path)) {
            var bytes = file.bytes(Objects.requireNonNull(file.entries().get("a")));
            assertThat(bytes.getInt(8)).isEqualTo(0x03000003);
        }
        assertThatThrownBy(() -> TensorFileWriter.write(
                        path,
                        List.of(new TensorFileWriter.Tensor(
                                "a", ElementType.I32, List.of(3L), () -> ByteBuffer.allocate(4)))))
                .hasMessageContaining("tensor a has 4 bytes, its shape [3] takes 12");
        assertThatThrownBy(() -> TensorFileWriter.write(
                        path, List.of(new TensorFileWriter.Tensor("a", ElementType.U8, List.of(6L), pieces))))
                .hasMessageContaining("tensor a has 8 bytes, its shape [6] takes 6");
    }
}
