package dev.gyre.llm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.model.Engine;
import dev.gyre.llm.model.Golden;
import dev.gyre.llm.model.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServedAdapterTest {

    private static final Path BASE = Golden.FOLDER.resolve("base_llama");

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({"lora_r4_a8, 8", "rslora_r4_a8, 8", "lora_rank_pattern, 8", "pissa_r4, 8", "dora_r4_a8, 32", "ia3, 32"})
    void anAdapterBecomesPlainLoraThatChangesTheModelAsMuch(String name, int rank) {
        var target = home.resolve("served");

        var written = ServedAdapter.write(Golden.FOLDER.resolve(name), BASE, target);

        assertThat(written.rank()).isEqualTo(rank);
        assertThat(written.kept()).isCloseTo(1, within(1e-6));
        var config = JsonFile.read(target.resolve("adapter_config.json"));
        assertThat(config.path("peft_type").asText()).isEqualTo("LORA");
        assertThat(config.path("r").asInt()).isEqualTo(rank);
        assertThat(config.path("lora_alpha").asDouble()).isEqualTo(rank);
        assertThat(config.path("bias").asText()).isEqualTo("none");
        assertThat(config.path("modules_to_save").isNull()).isTrue();
        assertThat(config.path("use_dora").asBoolean()).isFalse();
        assertThat(config.path("use_rslora").asBoolean()).isFalse();
        assertThat(config.path("target_modules")).isNotEmpty().allMatch(module -> module.isTextual());
        assertSameModel(Golden.FOLDER.resolve(name), target);
    }

    private void assertSameModel(Path wanted, Path got) {
        var runner = Engine.CPU;
        try (var model = Model.open(runner, BASE, ElementType.F32, ElementType.F32);
                var scope = runner.newScope()) {
            model.saveMerged(home.resolve("wanted"), model.readAdapter(scope, wanted));
            model.saveMerged(home.resolve("got"), model.readAdapter(scope, got));
        }
        try (var first = Model.open(runner, home.resolve("wanted"), ElementType.F32, ElementType.F32);
                var second = Model.open(runner, home.resolve("got"), ElementType.F32, ElementType.F32)) {
            for (var name : first.names()) {
                assertThat(runner.read(second.tensor(name)))
                        .as(name)
                        .containsExactly(runner.read(first.tensor(name)), within(1e-5f));
            }
        }
    }

    @Test
    void aRankThatIsTooLowSaysHowMuchIsLost() {
        var written = ServedAdapter.write(Golden.FOLDER.resolve("dora_r4_a8"), BASE, home.resolve("served"), 5);

        assertThat(written.rank()).isEqualTo(8);
        assertThat(written.kept()).isBetween(0.1, 0.9999);
    }

    @Test
    void whatPlainLoraCannotBeIsRefused() {
        assertThatThrownBy(() ->
                        ServedAdapter.write(Golden.FOLDER.resolve("prompt_tuning_3"), BASE, home.resolve("served")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ServedAdapter.write(
                        Golden.FOLDER.resolve("lora_modules_to_save"), BASE, home.resolve("served")))
                .hasMessageContaining("which plain LoRA on linear layers cannot; save the merged model");
        assertThatThrownBy(() -> ServedAdapter.write(Golden.FOLDER.resolve("ia3"), BASE, home.resolve("served"), 513))
                .hasMessage("rank is 513, must be 1 to 512");
        assertThat(Files.exists(home.resolve("served"))).isFalse();
    }
}
