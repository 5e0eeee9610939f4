package dev.gyre.llm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.model.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufAdapterTest {

    private static final Path BASE = Golden.FOLDER.resolve("base_llama");

    @TempDir
    Path folder;

    @BeforeEach
    void copyAdapter() throws IOException {
        for (var name : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            Files.copy(Golden.FOLDER.resolve("lora_all_r4_a8").resolve(name), folder.resolve(name));
        }
    }

    private Path write() {
        var target = folder.resolve("adapter.gguf");
        GgufAdapter.write(folder, BASE, target, GgufType.F32);
        return target;
    }

    private void change(Consumer<ObjectNode> change) {
        var config = JsonFile.read(folder.resolve("adapter_config.json"));
        change.accept(config);
        JsonFile.write(folder.resolve("adapter_config.json"), config);
    }

    @Test
    void everyPairHasItsPlaceAndIsScaledByAlphaOverRank() {
        try (var file = GgufFile.open(write());
                var adapter = TensorFile.open(folder.resolve("adapter_model.safetensors"))) {
            assertThat(file.text("general.type")).isEqualTo("adapter");
            assertThat(file.text("adapter.type")).isEqualTo("lora");
            assertThat(file.real("adapter.lora.alpha")).contains(8.0);
            assertThat(file.entries()).hasSameSizeAs(adapter.entries());
            var down = Objects.requireNonNull(
                    adapter.entries().get("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight"));
            assertThat(file.row(Objects.requireNonNull(file.entries().get("blk.1.ffn_down.weight.lora_a")), 2))
                    .containsExactly(adapter.row(down, 2));
        }
    }

    @Test
    void whatPeftScalesOtherwiseIsFoldedIn() {
        change(config -> {
            config.put("use_rslora", true);
            config.putObject("alpha_pattern").put("k_proj", 2);
        });

        try (var file = GgufFile.open(write());
                var adapter = TensorFile.open(folder.resolve("adapter_model.safetensors"))) {
            // alpha 2 over the root of rank 4 = 1, where llama.cpp multiplies by 8 / 4
            assertRow(file, adapter, "k_proj", "attn_k", 0.5f);
            // alpha 8 over the root of rank 4 = 4
            assertRow(file, adapter, "q_proj", "attn_q", 2);
        }
    }

    /// The second row of a file's heads is the first of the second half of the folder's.
    private static void assertRow(GgufFile file, TensorFile adapter, String module, String name, float factor) {
        var config = JsonFile.read(BASE.resolve("config.json"));
        var up = Objects.requireNonNull(
                adapter.entries().get("base_model.model.model.layers.0.self_attn.%s.lora_B.weight".formatted(module)));
        var wanted = adapter.row(up, ModelKeys.headWidth(config) / 2);
        var found = file.row(Objects.requireNonNull(file.entries().get("blk.0.%s.weight.lora_b".formatted(name))), 1);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(found[i]).isCloseTo(factor * wanted[i], Offset.offset(1e-6f));
        }
    }

    @Test
    void anotherMethodIsRefused() {
        change(config -> config.put("use_dora", true));

        assertThatThrownBy(this::write)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no plain LoRA");
    }
}
