package dev.gyre.llm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardsTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeShards() {
        Shards.write(folder, List.of(tensor("a", 4), tensor("b", 9), tensor("c", 3), tensor("d", 2)), 6);
    }

    private static TensorFileWriter.Tensor tensor(String name, int bytes) {
        return new TensorFileWriter.Tensor(
                name,
                ElementType.U8,
                List.of((long) bytes),
                () -> ByteBuffer.allocate(bytes).put(0, (byte) name.charAt(0)));
    }

    @Test
    void weightsAreSplitInTheirOrderAndFoundAgain() {
        var index = JsonFile.read(folder.resolve("model.safetensors.index.json"));

        assertThat(index.path("metadata").path("total_size").asLong()).isEqualTo(18);
        assertThat(index.path("weight_map").toString())
                .isEqualTo("{\"a\":\"model-00001-of-00003.safetensors\",\"b\":\"model-00002-of-00003.safetensors\","
                        + "\"c\":\"model-00003-of-00003.safetensors\",\"d\":\"model-00003-of-00003.safetensors\"}");
        try (var shards = Shards.open(folder)) {
            assertThat(shards.names()).containsExactlyInAnyOrder("a", "b", "c", "d");
            for (var name : shards.names()) {
                var file = shards.home(name);
                var entry = Objects.requireNonNull(file.entries().get(name));
                assertThat(file.bytes(entry).get()).isEqualTo((byte) name.charAt(0));
            }
        }
    }

    @Test
    void whatFitsIsOneFileWithoutAnIndex() throws IOException {
        var whole = Files.createDirectory(folder.resolve("whole"));

        Shards.write(whole, List.of(tensor("a", 4), tensor("b", 2)), 6);

        assertThat(whole).isDirectoryContaining("glob:**model.safetensors");
        assertThat(whole.resolve("model.safetensors.index.json")).doesNotExist();
    }

    @Test
    void anIndexThatLiesIsRefused() throws IOException {
        var index = folder.resolve("model.safetensors.index.json");
        var right = Files.readString(index);

        Files.writeString(index, right.replace("\"c\"", "\"e\""));
        assertThatThrownBy(() -> Shards.open(folder))
                .hasMessageContaining("says that tensor e is in")
                .hasMessageContaining("but it is not");

        Files.writeString(index, right);
        Files.copy(folder.resolve("model-00001-of-00003.safetensors"), folder.resolve("copy.safetensors"));
        Files.writeString(
                index,
                right.replaceFirst(
                        "\"a\" : \"[^\"]*\"", "\"a\":\"copy.safetensors\",\"x\":\"model-00001-of-00003.safetensors\""));
        assertThatThrownBy(() -> Shards.open(folder)).isInstanceOf(IllegalArgumentException.class);

        Files.writeString(index, right);
        Files.delete(folder.resolve("model-00002-of-00003.safetensors"));
        assertThatThrownBy(() -> Shards.open(folder))
                .hasMessageContaining("names the file model-00002-of-00003.safetensors, which is not in");
    }
}
