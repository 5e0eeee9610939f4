package dev.gyre.llm.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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
            Files.write(path, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> TensorFile.open(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
