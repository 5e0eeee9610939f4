package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.model.Golden;
import dev.gyre.llm.model.Layout;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.parallel.Group;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepTest {

    private static final int STEPS = 3;

    private static ProgramRunner runner;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        runner = ProgramRunner.open("cpu");
    }

    @AfterAll
    static void close() {
        runner.close();
    }

    @ParameterizedTest
    @CsvSource({
        "supervised, none, loss=nll",
        "supervised, none, loss=nll;gradientNorm=0.01",
        "supervised, lora, loss=dft",
        "dpo, none, loss=sigmoid;gradientNorm=0.01",
        "dpo, lora, loss=ipo",
        "dpo, none, loss=simpo",
    })
    void fourTimesTwoRowsMakeTheStepOfEight(String method, String adapter, String more) {
        var whole = learned("arch_llama_gqa", recipe(method, adapter, "batch=8;" + more));
        var parts = learned("arch_llama_gqa", recipe(method, adapter, "batch=2;accumulate=4;" + more));

        assertNear(parts, whole, 1e-6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arch_llama_gqa",
                "arch_llama_yarn",
                "arch_mistral_swa4",
                "arch_gemma",
                "arch_gemma2",
                "arch_gemma3_text",
                "arch_gpt2"
            })
    void rowsInOneLineTeachWhatRowsApartTeach(String base) {
        var apart = learned(base, recipe("supervised", "none", "batch=8;packing=false"));
        var packed = learned(base, recipe("supervised", "none", "batch=8"));

        assertNear(packed, apart, 1e-5);
    }

    @ParameterizedTest
    @CsvSource({"dpo, none", "dpo, lora", "supervised, prefix", "supervised, prompt"})
    void whatRowsBeginWithAlikeTeachesThemAll(String method, String adapter) {
        var apart = learned("arch_llama_gqa", recipe(method, adapter, "batch=8;packing=false"));
        var packed = learned("arch_llama_gqa", recipe(method, adapter, "batch=8;packing=true"));

        assertNear(packed, apart, 1e-5);
    }

    @Test
    void whatRowsBeginWithAlikeStandsOnceInTheirLine() {
        var rows = List.of(row(1, 2, 3, 4), row(1, 2, 5), row(6, 7), row(1, 2, 5, 8));

        assertThat(Layout.together(rows, true).time()).isEqualTo(4 + 1 + 2 + 1);
        assertThat(Layout.together(rows, false).time()).isEqualTo(4 + 3 + 2 + 4);
        assertThat(Layout.together(rows, true).place(3, 2))
                .isEqualTo(Layout.together(rows, true).place(1, 2));
        assertThat(Layout.together(List.of(row(1, 2), row(3, 4)), true).lines())
                .isEqualTo(2);
    }

    private static Sequence row(long... ids) {
        return new Sequence(ids, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"arch_llama_gqa", "arch_mistral_swa4", "arch_gemma2", "arch_gemma3_text", "arch_gpt2"})
    void noTokenOfARowReachesAnother(String base) {
        var middle = Rows.drawn(8, 1, 2);
        var last = Rows.drawn(7, 1, 3);

        var among = likelihoods(base, List.of(Rows.drawn(9, 1, 1), middle, last), true);
        var others = likelihoods(base, List.of(Rows.drawn(9, 1, 4), middle, last), true);
        var leaking = likelihoods(base, List.of(Rows.drawn(9, 1, 1), middle, last), false);
        var leaked = likelihoods(base, List.of(Rows.drawn(9, 1, 4), middle, last), false);

        assertThat(part(others, 8, 21)).isEqualTo(part(among, 8, 21));
        assertThat(part(others, 0, 8)).isNotEqualTo(part(among, 0, 8));
        assertThat(part(leaked, 8, 21)).isNotEqualTo(part(leaking, 8, 21));
    }

    @ParameterizedTest
    @CsvSource({
        "arch_llama_gqa, none",
        "arch_llama_gqa, lora",
        "arch_qwen2_tied, none",
        "arch_gemma2, none",
        "arch_gemma3_text, none",
        "arch_gpt2, none",
        "arch_gpt2, lora",
        "arch_llama_gqa, prefix",
        "arch_llama_gqa, adalora",
        "arch_llama_gqa, prompt"
    })
    void layersComputedAgainOnTheWayBackGiveTheSameBits(String base, String adapter) {
        var plain = learned(base, recipe("supervised", adapter, "batch=8"));
        var again = learned(base, recipe("supervised", adapter, "batch=8;recompute=true"));

        assertNear(again, plain, 0);
    }

    @Test
    void layersComputedAgainServePreferencesPackingPartsAndNoiseToo() {
        var more = "batch=4;accumulate=2;neftune=5";

        assertNear(
                learned("arch_llama_gqa", recipe("dpo", "none", more + ";recompute=true")),
                learned("arch_llama_gqa", recipe("dpo", "none", more)),
                0);
        assertNear(
                learned("arch_llama_gqa", recipe("supervised", "none", more + ";recompute=true")),
                learned("arch_llama_gqa", recipe("supervised", "none", "batch=8;neftune=5")),
                1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"arch_llama_gqa", "arch_gemma2", "arch_gpt2"})
    void noiseOfAlphaZeroIsNoneAndOtherNoiseIsTheSameForTheSameSeed(String base) {
        var plain = learned(base, recipe("supervised", "none", "batch=8"));
        var none = learned(base, recipe("supervised", "none", "batch=8;neftune=0"));
        var noisy = learned(base, recipe("supervised", "none", "batch=8;neftune=5"));
        var same = learned(base, recipe("supervised", "none", "batch=8;neftune=5"));

        assertNear(none, plain, 0);
        assertNear(same, noisy, 0);
        assertThat(noisy.numbers().getFirst()[0]).isNotEqualTo(plain.numbers().getFirst()[0]);
    }

    @Test
    void noiseStaysWithinAlphaOverTheRootOfTokensTimesWidth() {
        var rows = Rows.sequences(Rows.demonstrations()).stream()
                .map(row -> row.after(new long[] {1, 1}))
                .toList();
        var layout = Layout.apart(rows);
        var numbers = new int[] {0, 1, 2, 3, 4, 5, 6, 7};
        try (var scope = runner.newScope()) {
            var noise = new Noise(5, 64, 7);
            var values = runner.read(noise.of(runner, scope, layout, 3, numbers, 2));

            for (int row = 0; row < rows.size(); row++) {
                int tokens = rows.get(row).length() - 2;
                int from = layout.place(row, 0) * 64;
                float bound = (float) (5 / Math.sqrt(tokens * 64.0));
                var own = part(values, from + 2 * 64, from + (2 + tokens) * 64);
                assertThat(greatest(own)).isBetween(0.95f * bound, bound);
                assertThat(variance(own)).isCloseTo(bound * bound / 3.0, within(0.2 * bound * bound));
                assertThat(greatest(part(values, from, from + 2 * 64))).isZero();
                assertThat(greatest(part(values, from + (2 + tokens) * 64, (row + 1) * layout.time() * 64)))
                        .isZero();
            }
            assertThat(runner.read(noise.of(runner, scope, layout, 3, numbers, 2)))
                    .isEqualTo(values);
            assertThat(runner.read(noise.of(runner, scope, layout, 4, numbers, 2)))
                    .isNotEqualTo(values);
        }
    }

    @Test
    void noisyStepsGoOnExactlyWhereTheyWereInterrupted() {
        var recipe = recipe("supervised", "none", "batch=2;accumulate=4;neftune=5");
        var straight = learned("arch_llama_gqa", recipe);

        learned("arch_llama_gqa", recipe, 0, 2, null);
        var resumed = learned("arch_llama_gqa", recipe, 2, STEPS, folder);

        assertThat(resumed.weights()).usingRecursiveComparison().isEqualTo(straight.weights());
    }

    @Test
    void stepsBelowTheResolutionOfBf16AddUpWhileTheModelComputesInIt() {
        var recipe = recipe("supervised", "none", "batch=8;momentum=0.1");
        try (var model = Model.open(runner, Golden.FOLDER.resolve("arch_llama_gqa"), ElementType.F32, ElementType.BF16);
                var learner = new Learner(runner, model, recipe, 5, Group.alone(), null, 0)) {
            var name = "model.layers.0.mlp.up_proj.weight";
            var first = Objects.requireNonNull(learner.learned().get(name));
            learner.step(0, Rows.demonstrations(), List.of(), 1e-3);
            var second = Objects.requireNonNull(learner.learned().get(name));
            for (int step = 1; step < 20; step++) {
                learner.step(step, Rows.demonstrations(), List.of(), 1e-3);
            }
            var last = Objects.requireNonNull(learner.learned().get(name));

            int lost = 0;
            double once = 0;
            double all = 0;
            for (int i = 0; i < first.length; i++) {
                lost += bf16(second[i]) == bf16(first[i]) ? 1 : 0;
                once += Math.abs(second[i] - first[i]);
                all += Math.abs(last[i] - first[i]);
            }
            assertThat(once).isPositive();
            assertThat(lost).isGreaterThan(first.length * 9 / 10);
            assertThat(all).isBetween(10 * once, 30 * once);
        }
    }

    /// The bits of the nearest bf16 number.
    private static int bf16(float value) {
        return (Float.floatToIntBits(value) + 0x8000) >>> 16;
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> recipe("dpo", "none", "packing=yes")).hasMessageContaining("setting packing is yes");
        assertThatThrownBy(() -> recipe("supervised", "none", "accumulate=0"))
                .hasMessage("setting accumulate is 0, must be a whole number of 1 or more");
        assertThatThrownBy(() -> recipe("supervised", "none", "neftune=-1"))
                .hasMessageContaining("setting neftune is -1");
    }

    /// Weights after some steps, and the numbers of each step.
    private record Learned(Map<String, float[]> weights, List<float[]> numbers) {}

    private Learned learned(String base, Recipe recipe) {
        return learned(base, recipe, 0, STEPS, null);
    }

    private Learned learned(String base, Recipe recipe, int from, int to, @Nullable Path saved) {
        var examples = recipe instanceof Recipe.Dpo ? Rows.preferences() : Rows.demonstrations();
        var known = recipe.objective().needsReference() ? Rows.likelihoods(examples) : List.<float[]>of();
        var numbers = new ArrayList<float[]>();
        try (var model = Model.open(runner, Golden.FOLDER.resolve(base), ElementType.F32, ElementType.F32);
                var learner = new Learner(runner, model, recipe, 5, Group.alone(), saved, from)) {
            for (int step = from; step < to; step++) {
                numbers.add(learner.step(step, examples, known, 0.05));
            }
            learner.save(folder);
            return new Learned(learner.learned(), numbers);
        }
    }

    private static Recipe recipe(String method, String adapter, String settings) {
        var all = new TreeMap<>(Map.of("optimizer", "sgd"));
        if (List.of("lora", "adalora").contains(adapter)) {
            all.put("rank", "4");
        }
        if (List.of("prompt", "prefix").contains(adapter)) {
            all.put("count", "3");
        }
        for (var setting : settings.split(";")) {
            all.put(setting.split("=")[0], setting.split("=")[1]);
        }
        return Recipe.of(method, adapter, all);
    }

    private static void assertNear(Learned found, Learned wanted, double tolerance) {
        for (int step = 0; step < STEPS; step++) {
            assertNear(
                    "numbers of step " + step,
                    found.numbers().get(step),
                    wanted.numbers().get(step),
                    3 * tolerance);
        }
        assertThat(found.weights()).containsOnlyKeys(wanted.weights().keySet());
        wanted.weights()
                .forEach((name, values) -> assertNear(
                        name, Objects.requireNonNull(found.weights().get(name)), values, tolerance));
    }

    private static void assertNear(String name, float[] found, float[] wanted, double tolerance) {
        assertThat(found).as(name).hasSameSizeAs(wanted);
        double farthest = 0; // NaN stays NaN, which is not within any tolerance
        for (int i = 0; i < wanted.length; i++) {
            farthest = Math.max(farthest, Math.abs(found[i] - (double) wanted[i]) / Math.max(1, Math.abs(wanted[i])));
        }
        assertThat(farthest).as(name).isLessThanOrEqualTo(tolerance);
    }

    /// The log-likelihoods of rows in one sequence, each kept to itself or not.
    private static float[] likelihoods(String base, List<Sequence> rows, boolean apart) {
        try (var model = Model.open(runner, Golden.FOLDER.resolve(base), ElementType.F32, ElementType.F32);
                var scope = runner.newScope();
                var weights = model.bind(Map.of())) {
            var program = runner.loadText("packed", """
                    class M(Module):
                      __parameters__ = []
                      __buffers__ = []
                      training : bool
                      _is_full_backward_hook : Optional[bool]
                      def see(self: __torch__.M, w: Dict[str, Tensor], shape: List[int], eps: float, ids: Tensor, positions: Tensor, targets: Tensor, given: Dict[str, Tensor]) -> Tensor:
                        return __torch__.likelihood.forward(__torch__.batch.forward(w, given), shape, eps, ids, positions, targets)
                    """, model.slots(Map.of()));
            var batch = TokenBatch.of(runner, scope, Layout.together(rows, false));
            try (var given = runner.bind(apart ? batch.laid() : Map.of())) {
                return runner.read(runner.tensor(
                        scope,
                        program,
                        "see",
                        weights,
                        model.shape(),
                        model.config().normEpsilon(),
                        batch.ids(),
                        batch.positions(),
                        batch.targets(),
                        given));
            }
        }
    }

    private static float[] part(float[] values, int from, int to) {
        return Arrays.copyOfRange(values, from, to);
    }

    private static float greatest(float[] values) {
        float most = 0;
        for (var value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private static double variance(float[] values) {
        double sum = 0;
        for (var value : values) {
            sum += (double) value * value;
        }
        return sum / values.length;
    }
}
