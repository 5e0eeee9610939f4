package dev.gyre.llm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {

    @TempDir
    Path folder;

    @Test
    void weightsAreFoundByTheirNameAndByTheNodeThatReadsThem() throws IOException {
        var packed = field(1, bytes(2, 3));
        var graph = concat(
                field(1, concat(field(1, text("x")), field(1, text("w")), field(3, text("/layer/MatMul")))),
                field(5, concat(packed, number(2, 1), field(8, text("w")), field(9, floats(1, 2, 3, 4, 5, 6)))),
                field(5, concat(number(1, 2), number(2, 1), field(8, text("b")), field(9, floats(7, 8)))),
                field(5, concat(number(1, 1), number(2, 7), field(8, text("ids")), field(9, new byte[8]))));

        try (var file = OnnxFile.open(write(concat(number(1, 9), field(2, text("exporter")), field(7, graph))))) {
            assertThat(file.weight("b").shape()).containsExactly(2L);
            assertThat(file.weightReadBy("/layer/MatMul").shape()).containsExactly(2L, 3L);
            var turned = file.weight("w").transposed().asFloatBuffer();
            var numbers = new float[6];
            turned.get(numbers);
            assertThat(numbers).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(file.has("ids")).isFalse();
            assertThatThrownBy(() -> file.weight("c")).hasMessageContaining("has no weight c");
            assertThatThrownBy(() -> file.weightReadBy("/other")).hasMessageContaining("has no node /other");
        }
    }

    @Test
    void aFileThatIsCutShortOrNoOnnxFileIsRefused() throws IOException {
        var weight = concat(number(1, 2), number(2, 1), field(8, text("b")), field(9, floats(7, 8)));
        var whole = field(7, field(5, weight));
        for (int length = 0; length < whole.length; length++) {
            var path = write(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> OnnxFile.open(path))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(path.toString());
        }
        var lying = write(field(7, field(5, concat(weight, number(1, 5)))));
        assertThatThrownBy(() -> OnnxFile.open(lying)).hasMessageContaining("has 8 bytes, its shape [2, 5] takes 40");
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(folder.resolve("model.onnx"), content);
    }

    private static byte[] field(int number, byte[] content) {
        return concat(bytes(number << 3 | 2, content.length), content);
    }

    private static byte[] number(int number, int value) {
        return bytes(number << 3, value);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] floats(float... values) {
        var buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (var value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    private static byte[] bytes(int... values) {
        var out = new ByteArrayOutputStream();
        Arrays.stream(values).forEach(out::write);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
