package dev.gyre.llm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NarrowTest {

    private static final Path BASE =
            Path.of(System.getProperty("gyre.root", "..")).resolve("samples/base");
    private static final String PROMPT = "Caller: Hello. Where do I find the telescope?\nDesk:";

    private static final ProgramRunner runner = Engine.CPU;

    /// Rounding to 8 bits moves a weight by at most half a step of its row.
    @Test
    void noWeightMovesByMoreThanHalfAStep() {
        try (var scope = runner.newScope()) {
            var random = new SplittableRandom(7);
            var values = new float[12 * 40];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * Math.exp(i / 40 - 6));
            }

            var narrowed = runner.convertAll(scope, "narrowed", runner.floats(scope, values, 12, 40));

            var ints = runner.bytes(narrowed.get(0), ElementType.I8.kind());
            var scales = runner.bytes(narrowed.get(1), ElementType.F32.kind()).asFloatBuffer();
            for (int i = 0; i < values.length; i++) {
                float step = scales.get(i / 40);
                assertThat(step * ints.get(i)).isCloseTo(values[i], within(0.5f * step * 1.01f));
            }
        }
    }

    @Test
    void aModelIn8BitsWritesAndScoresNearlyTheSame() {
        var rows = List.of(
                new PromptCompletion(PROMPT, " It stands in the tower."),
                new PromptCompletion("Caller: Good morning.\nDesk:", " Good morning, what can I do for you?"));
        try (var whole = LanguageModel.open(BASE, null, "cpu", ElementType.F32);
                var narrow = LanguageModel.open(BASE, null, "cpu", ElementType.I8)) {

            var exact = whole.score(rows);
            var rough = narrow.score(rows);

            for (int i = 0; i < rows.size(); i++) {
                assertThat(rough.get(i).logProbability())
                        .isNotEqualTo(exact.get(i).logProbability())
                        .isCloseTo(exact.get(i).logProbability(), within(0.02 * -exact.get(i).logProbability()));
            }
            assertThat(narrow.generate(PROMPT, Sampling.greedy(12)))
                    .isEqualTo(whole.generate(PROMPT, Sampling.greedy(12)));
        }
    }

    /// Few rows are multiplied with the 8 bits, many are with the matrix made wide again.
    @ParameterizedTest
    @ValueSource(strings = {"llama_gqa", "gemma3_text", "gpt2", "qwen2_tied"})
    void fewRowsAndManyAgree(String name) {
        try (var model = Model.open(runner, Golden.FOLDER.resolve("arch_" + name), ElementType.F32, ElementType.F32)) {
            model.narrow();
            try (var weights = model.bind(Map.of()); var scope = runner.newScope()) {
                var program = runner.load("language", model.slots(Map.of("linear", "narrow")));
                var ids = new long[24];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = 3 + i % 20;
                }

                var many = logits(scope, program, model.arguments(weights, runner.integers(scope, ids, 1, 24)));
                var few = logits(scope, program, model.arguments(weights, runner.integers(scope, Arrays.copyOf(ids, 8), 1, 8)));

                double largest = 0;
                for (int i = 0; i < few.length; i++) {
                    largest = Math.max(largest, Math.abs(many[i]));
                }
                for (int i = 0; i < few.length; i++) {
                    assertThat((double) few[i]).isCloseTo(many[i], within(0.03 * largest));
                }
            }
        }
    }

    private static float[] logits(NDManager scope, Program program, Object... arguments) {
        return runner.read(runner.tensor(scope, program, "logits", arguments));
    }

    @Test
    void anAdapterThatCannotBeMergedIsRefused(@TempDir Path folder) throws IOException {
        for (var file : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.FOLDER.resolve("base_llama").resolve(file), folder.resolve(file));
        }
        Files.copy(BASE.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));

        assertThatThrownBy(() -> LanguageModel.open(folder, Golden.FOLDER.resolve("prefix_3"), "cpu", ElementType.I8))
                .hasMessageContaining("cannot be merged into weights of 8 bits");
    }
}
