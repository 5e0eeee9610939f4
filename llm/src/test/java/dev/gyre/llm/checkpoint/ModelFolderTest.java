package dev.gyre.llm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.model.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFolderTest {

    @TempDir
    Path folder;

    @BeforeEach
    void copyModel() throws IOException {
        var source = Golden.FOLDER.resolve("arch_llama_gqa");
        Files.copy(source.resolve("config.json"), folder.resolve("config.json"));
        Files.copy(source.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "intermediate_size": 48  | "intermediate_size": 47 | tensor model.layers.0.mlp.gate_proj.weight in
                    "intermediate_size": 48  | "intermediate_size": 47 | has shape [48, 32], config.json implies [47, 32]
                    "num_hidden_layers": 2   | "num_hidden_layers": 3  | tensor model.layers.2.input_layernorm.weight is missing
                    "num_hidden_layers": 2   | "num_hidden_layers": 0  | num_hidden_layers is 0, must be 1 or more
                    "model_type": "llama"    | "model_type": "mamba"   | model_type is mamba, must be one of llama
                    "rope_type": "default"   | "rope_type": "yarn"     | rope_parameters.factor is missing, must be a number
                    "rope_type": "default"   | "rope_type": "helix"    | rope_type is helix, must be default, linear
                    "vocab_size": 64         | "vocab_size": "many"    | vocab_size is "many", must be a whole number
                    """)
    void aFolderThatContradictsItselfIsRefused(String before, String after, String reason) throws IOException {
        var config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace(before, after));

        assertThatThrownBy(() -> ModelFolder.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void aFolderWithoutWeightsSaysWhatIsMissing() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));

        assertThatThrownBy(() -> ModelFolder.open(folder)).hasMessageContaining("has neither model.safetensors nor");
    }

    @Test
    void shardsAreFoundByTheirIndex() throws IOException {
        Files.move(folder.resolve("model.safetensors"), folder.resolve("model-00001-of-00001.safetensors"));
        var index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{\"model.norm.weight\":\"model-00001-of-00001.safetensors\"}}");

        try (var opened = ModelFolder.open(folder)) {
            assertThat(opened.entry("model.norm.weight").shape()).containsExactly(32L);
        }
        Files.writeString(index, "{\"weight_map\":{\"a\":\"../elsewhere.safetensors\"}}");
        assertThatThrownBy(() -> ModelFolder.open(folder))
                .hasMessageContaining("names the file ../elsewhere.safetensors");
    }

    @Test
    void oldAndNewKeysOfTheConfigurationMeanTheSame() throws IOException {
        var config = folder.resolve("config.json");
        var fresh = LlamaConfig.read(config);
        JsonFile.write(config, fresh.json(ElementType.F32));

        assertThat(LlamaConfig.read(config)).isEqualTo(fresh);
    }

    @ParameterizedTest
    @CsvSource({"linear_f4", "llama3_f8"})
    void stretchedRotationsEqualTransformers(String name) {
        var golden = Golden.values().path("rope").path(name);
        var config = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        config.set("rope_parameters", golden.path("params"));
        var wanted = Golden.doubles(golden.path("inv_freq"));

        var found = RopeScaling.parse(config)
                .inverseFrequencies(golden.path("head_dim").asInt());

        assertThat(found).hasSize(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) found[i]).isCloseTo(wanted[i], within(1e-6));
        }
    }
}
