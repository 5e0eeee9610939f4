package dev.gyre.llm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.BytePairTrainer;
import dev.gyre.llm.text.Tokenizer;
import dev.gyre.llm.training.Training;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrownModelTest {

    private static final ProgramRunner runner = Engine.CPU;
    private static final int BEFORE = 258;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"true,F32", "false,F32", "true,BF16"})
    void logitsOfTheOthersStayAndANewOnesIsTheirMean(boolean tied, ElementType type) throws IOException {
        var base = base(tied, type);
        var grown = folder.resolve("grown");

        var ids = GrownModel.write(base, grown, List.of("<|tool|>", "<|end|>", "</s>"), true, 16);

        assertThat(ids).isEqualTo(Map.of("<|tool|>", BEFORE, "<|end|>", BEFORE + 1, "</s>", BytePairTrainer.END_ID));
        var old = logits(base);
        var now = logits(grown);
        assertThat(now).hasSize(272);
        assertThat(Arrays.copyOf(now, BEFORE)).containsExactly(old, within(1e-6f));
        double mean = IntStream.range(0, BEFORE).mapToDouble(i -> old[i]).average().orElseThrow();
        assertThat((double) now[BEFORE + 1]).isCloseTo(mean, within(type == ElementType.F32 ? 1e-6 : 1e-3));
        try (var tokenizer = Tokenizer.open(grown)) {
            assertThat(tokenizer.encode("a<|end|>b")).contains(BEFORE + 1).hasSize(4);
        }
    }

    @Test
    void newTokensAreLearned() throws IOException {
        var base = base(true, ElementType.F32);
        var grown = folder.resolve("grown");
        GrownModel.write(base, grown, List.of("<|tool|>"), false, 1);
        var rows = Files.writeString(folder.resolve("rows.jsonl"), """
                {"prompt":"call","completion":"<|tool|>"}
                """);
        var recipe = Recipe.of(
                "supervised", "none", Map.of("steps", "2", "learningRate", "1e-2", "warmup", "0", "optimizer", "sgd"));

        var outcome = (TrainingOutcome.Completed)
                Training.run(new TrainingJob(grown, rows, recipe, 1, folder.resolve("work"), "cpu"), _ -> {});

        assertThat(outcome.metrics().get("loss")).isLessThan(outcome.metrics().get("firstLoss"));
        try (var before = ModelFolder.open(grown);
                var after = ModelFolder.open(outcome.huggingFace())) {
            assertThat(after.config().vocabulary()).isEqualTo(BEFORE + 1);
            assertThat(after.row("model.embed_tokens.weight", BEFORE))
                    .isNotEqualTo(before.row("model.embed_tokens.weight", BEFORE));
        }
    }

    @Test
    void modelWithRowsToSpareKeepsItsWeights() throws IOException {
        var base = base(true, ElementType.F32);
        GrownModel.write(base, folder.resolve("padded"), List.of("<|tool|>"), true, 64);

        GrownModel.write(folder.resolve("padded"), folder.resolve("again"), List.of("<|end|>"), true, 1);

        assertThat(Files.mismatch(
                        folder.resolve("padded/model.safetensors"), folder.resolve("again/model.safetensors")))
                .isEqualTo(-1);
        assertThatThrownBy(() -> GrownModel.write(base, folder.resolve("again"), List.of("x"), true, 1))
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> GrownModel.write(base, folder.resolve("other"), List.of("x"), true, 0))
                .hasMessage("multiple is 0, must be 1 or more");
    }

    private Path base(boolean tied, ElementType type) throws IOException {
        var base = Files.createDirectories(folder.resolve("base"));
        BytePairTrainer.train(List.of(), BytePairTrainer.LEAST, base, 32);
        Files.writeString(base.resolve("config.json"), """
                {"model_type": "llama", "vocab_size": %d, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 32, "rms_norm_eps": 1e-5,
                 "tie_word_embeddings": %s, "rope_theta": 10000.0}
                """.formatted(BEFORE, tied));
        FirstWeights.write(
                base.resolve("model.safetensors"), Architecture.read(base.resolve("config.json")), type, 3);
        return base;
    }

    /// Of the last of five tokens.
    private static float[] logits(Path path) {
        try (var model = Model.open(runner, path, ElementType.F32, ElementType.F32);
                var scope = runner.newScope();
                var weights = model.bind(Map.of())) {
            var program = runner.load("language", model.slots(Map.of("linear", "linear")));
            var ids = runner.integers(scope, new long[] {0, 40, 41, 42, 43}, 1, 5);
            return runner.tensor(scope, program, "logits", model.arguments(weights, ids))
                    .get("0,-1")
                    .toFloatArray();
        }
    }
}
