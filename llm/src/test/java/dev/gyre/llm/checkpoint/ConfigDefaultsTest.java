package dev.gyre.llm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.model.Golden;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What transformers 5.18 takes where a `config.json` leaves a key out or has one that it passes over.
class ConfigDefaultsTest {

    @TempDir
    private Path folder;

    private DecoderConfig changed(String name, Consumer<ObjectNode> change) {
        var json = JsonFile.read(Golden.FOLDER.resolve("arch_" + name).resolve("config.json"));
        change.accept(json);
        JsonFile.write(folder.resolve("config.json"), json);
        return (DecoderConfig) Architecture.read(folder.resolve("config.json"));
    }

    @Test
    void mistralHasAWindowUnlessItSaysNone() {
        assertThat(changed("mistral_swa4", json -> json.remove("sliding_window"))
                        .windows())
                .containsExactly(4096, 4096);
        assertThat(changed("mistral_swa4", json -> json.putNull("sliding_window"))
                        .windows())
                .containsExactly(0, 0);
    }

    @Test
    void qwenHasItsWindowFromALayerOn() {
        var qwen = changed("qwen2_tied", json -> {
            json.remove("layer_types");
            json.put("use_sliding_window", true).put("sliding_window", 5).put("max_window_layers", 1);
        });

        assertThat(qwen.windows()).containsExactly(0, 5);
    }

    @Test
    void smolHasItsWindowWhereItHasNoPositions() {
        var smol = changed("smollm3", json -> {
            json.remove("layer_types");
            json.put("use_sliding_window", true).put("sliding_window", 5);
        });

        assertThat(smol.rotations()).containsExactly(1, 1, 1, 0);
        assertThat(smol.windows()).containsExactly(0, 0, 0, 5);
    }

    @Test
    void gemma3CapsOnlyTheScoresOfTokens() {
        var gemma = changed(
                "gemma3_text", json -> json.put("attn_logit_softcapping", 50).put("final_logit_softcapping", 30));

        assertThat(gemma.scalars()).containsEntry("logits.cap", 30.0).doesNotContainKey("attention.cap");
    }

    @Test
    void aDynamicRotationIsPlainWithinItsContext() {
        var dynamic = changed(
                "llama_gqa",
                json -> json.putObject("rope_parameters")
                        .put("rope_type", "dynamic")
                        .put("rope_theta", 10_000)
                        .put("factor", 2)
                        .put("original_max_position_embeddings", 16));
        var plain = RopeScaling.plain(10_000);

        assertThat(dynamic.ropes().getFirst().inverseFrequencies(8)).containsExactly(plain.inverseFrequencies(8));
    }

    @Test
    void aLongRotationServesItsOriginalContext() {
        var model = changed("llama_gqa", json -> {
            var rope = json.putObject("rope_parameters").put("rope_type", "longrope");
            rope.put("rope_theta", 10_000)
                    .put("original_max_position_embeddings", 16)
                    .put("factor", 4);
            List.of(1, 2, 3, 4).forEach(rope.putArray("short_factor")::add);
            List.of(5, 6, 7, 8).forEach(rope.putArray("long_factor")::add);
        });
        var plain = RopeScaling.plain(10_000).inverseFrequencies(8);

        assertThat(model.context()).isEqualTo(16);
        assertThat(model.ropes().getFirst().inverseFrequencies(8)[1]).isEqualTo(plain[1] / 2);
    }

    @Test
    void anEncoderThatNamesHiddenTokensLearnsLabels() {
        var masked = BertConfig.read(Golden.FOLDER.resolve("arch_bert_mlm").resolve("config.json"));

        assertThat(masked.masked()).isTrue();
        assertThat(masked.withLabels(List.of("b", "a")).tensors())
                .containsKeys("bert.pooler.dense.weight", "classifier.weight")
                .doesNotContainKey("cls.predictions.bias");
    }
}
