package dev.gyre.llm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.objective.Objective;
import dev.gyre.llm.objective.PairLoss;
import dev.gyre.llm.objective.Preference;
import dev.gyre.llm.objective.Supervised;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.text.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaTest {

    private static final double[] NO_SETTINGS = {};

    private static final ProgramRunner runner = Engine.CPU;

    @Test
    void logitsLossAndEveryGradientEqualTransformers() {
        var golden = Golden.values().path("architecture");
        var wanted = golden.path("llama_gqa");
        var sequences = sequences(golden.path("inputs"));

        try (var llama = open("arch_llama_gqa");
                var scope = runner.newScope();
                var weights = llama.bind(Map.of())) {
            var batch = TokenBatch.of(runner, scope, Layout.apart(sequences));
            var language = runner.load("language", Map.of("linear", "linear"));
            var logits = runner.tensor(
                    scope,
                    language,
                    "logits",
                    weights,
                    llama.shape(),
                    llama.config().normEpsilon(),
                    batch.ids());
            assertNear(logits.get("0,-1,:8").toFloatArray(), wanted.path("logits_row0_last"), 1e-4);
            assertNear(logits.get("1,4,:8").toFloatArray(), wanted.path("logits_row1_tok4"), 1e-4);

            var learned = new LinkedHashMap<String, NDArray>();
            llama.names().forEach(name -> learned.put(name, llama.tensor(name)));
            var learning = runner.load("learning", Map.of("linear", "linear", "objective", "supervised"));
            var found = gradients(scope, learning, weights, llama, learned, sequences, NO_SETTINGS, new float[0]);
            assertThat(found.loss()).isCloseTo(wanted.path("loss").asDouble(), relative(wanted.path("loss"), 1e-5));
            wanted.path("grad_norms")
                    .properties()
                    .forEach(norm -> assertThat(found.norms().get(norm.getKey()))
                            .as(norm.getKey())
                            .isCloseTo(
                                    norm.getValue().asDouble(),
                                    within(1e-3 * Math.max(0.01, norm.getValue().asDouble()))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora_r4_a8", "lora_all_r4_a8"})
    void anAdapterOfPeftGivesItsLossGradientsAndMergedLoss(String name, @TempDir Path folder) {
        var golden = Golden.values().path("adapters");
        var wanted = golden.path(name);
        var sequences = sequences(golden);

        try (var llama = open("base_llama");
                var scope = runner.newScope()) {
            var adapter = llama.readAdapter(scope, Golden.FOLDER.resolve(name));
            var learned = new LinkedHashMap<String, NDArray>();
            adapter.learned()
                    .forEach((part, tensor) ->
                            learned.put("base_model.model." + part.replace(".weight", ".default.weight"), tensor));
            try (var weights = llama.bind(adapter.tensors())) {
                var learning = runner.load("learning", Map.of("linear", "lora", "objective", "supervised"));
                var found = gradients(scope, learning, weights, llama, learned, sequences, NO_SETTINGS, new float[0]);
                var loss = wanted.path("perturbed").path("loss");
                assertThat(found.loss()).isCloseTo(loss.asDouble(), relative(loss, 1e-5));
                wanted.path("grad_norms")
                        .properties()
                        .forEach(norm -> assertThat(found.norms().get(norm.getKey()))
                                .as(norm.getKey())
                                .isCloseTo(
                                        norm.getValue().asDouble(),
                                        within(1e-3
                                                * Math.max(0.01, norm.getValue().asDouble()))));
            }
            llama.saveMerged(folder.resolve("merged"), adapter);
        }

        try (var merged = Model.open(runner, folder.resolve("merged"), ElementType.F32, ElementType.F32);
                var weights = merged.bind(Map.of())) {
            var language = runner.load("language", Map.of("linear", "linear"));
            var sums = SequenceScores.of(runner, language, weights, merged, sequences);
            int targets = sequences.stream().mapToInt(Sequence::targets).sum();
            var loss = wanted.path("merged_loss");
            assertThat(-Arrays.stream(sums).sum() / targets).isCloseTo(loss.asDouble(), relative(loss, 1e-5));
        }
    }

    @Test
    void preferenceLossAndItsMetricsEqualTrl() {
        var wanted = Golden.values().path("objectives").path("dpo_sigmoid");
        var sequences = trl(wanted.path("batch"));
        var reference = new float[sequences.stream().mapToInt(Sequence::targets).sum()];
        try (var frozen = open("ref_llama");
                var weights = frozen.bind(Map.of())) {
            var learning = runner.load("learning", Map.of());
            int next = 0;
            for (var row : SequenceScores.tokens(runner, learning, weights, frozen, sequences)) {
                System.arraycopy(row, 0, reference, next, row.length);
                next += row.length;
            }
        }

        var found = full("base_llama", Preference.of(PairLoss.SIGMOID, 0.1, 0, 0), sequences, reference);

        var metrics = wanted.path("metrics");
        assertThat(found.loss()).isCloseTo(wanted.path("loss").asDouble(), relative(wanted.path("loss"), 2e-5));
        assertThat(found.norm())
                .isCloseTo(wanted.path("grad_norm").asDouble(), relative(wanted.path("grad_norm"), 2e-5));
        assertThat(found.numbers().get(1))
                .isCloseTo(metrics.path("rewards/accuracies").asDouble(), within(1e-4));
        assertThat(found.numbers().get(2))
                .isCloseTo(metrics.path("rewards/margins").asDouble(), within(1e-4));
        assertThat(found.numbers().get(3))
                .isCloseTo(metrics.path("rewards/chosen").asDouble(), within(1e-4));
        assertThat(found.numbers().get(4))
                .isCloseTo(metrics.path("rewards/rejected").asDouble(), within(1e-4));
    }

    @Test
    void supervisedLossCountsOnlyCompletionsAsTrlDoes() {
        var golden = Golden.values().path("objectives");
        var wanted = golden.path("sft_completion_only");
        var sequences = Golden.sequences(
                wanted.path("batch").path("input_ids"), wanted.path("batch").path("labels"));

        var found = full("base_llama", new Supervised(false), sequences, new float[0]);

        assertThat(found.loss()).isCloseTo(wanted.path("loss").asDouble(), relative(wanted.path("loss"), 2e-5));
        assertThat(found.norm())
                .isCloseTo(wanted.path("grad_norm").asDouble(), relative(wanted.path("grad_norm"), 2e-5));
    }

    @Test
    void theSupervisedTermOfPreferenceLearningIsAddedWithItsWeight() {
        var golden = Golden.values().path("objectives");
        var sequences = trl(golden.path("dpo_sigmoid").path("batch"));
        var reference = new float[sequences.stream().mapToInt(Sequence::targets).sum()];

        var plain = full("base_llama", Preference.of(PairLoss.SIGMOID, 0.1, 0, 0), sequences, reference);
        var mixed = full("base_llama", Preference.of(PairLoss.SIGMOID, 0.1, 0, 0.5), sequences, reference);

        // The chosen answers of this batch are the completions of the supervised case.
        double supervised = golden.path("sft_completion_only").path("loss").asDouble();
        assertThat(mixed.loss() - plain.loss()).isCloseTo(0.5 * supervised, within(1e-4));
    }

    private record Found(Map<String, Double> norms, List<Double> numbers) {
        double loss() {
            return numbers.getFirst();
        }

        double norm() {
            return Math.sqrt(
                    norms.values().stream().mapToDouble(norm -> norm * norm).sum());
        }
    }

    private static Found full(String folder, Objective objective, List<Sequence> sequences, float[] reference) {
        try (var llama = open(folder);
                var scope = runner.newScope();
                var weights = llama.bind(Map.of())) {
            var learned = new LinkedHashMap<String, NDArray>();
            llama.names().forEach(name -> learned.put(name, llama.tensor(name)));
            var learning = runner.load("learning", objective.slots());
            return gradients(scope, learning, weights, llama, learned, sequences, objective.settings(), reference);
        }
    }

    private static Found gradients(
            ai.djl.ndarray.NDManager scope,
            Program learning,
            Weights weights,
            Model llama,
            Map<String, NDArray> learned,
            List<Sequence> sequences,
            double[] settings,
            float[] reference) {
        var batch = TokenBatch.of(runner, scope, Layout.together(sequences, true));
        var told = new LinkedHashMap<>(batch.laid());
        told.put("reference", runner.floats(scope, reference, reference.length));
        List<NDArray> tensors;
        try (var given = runner.bind(told)) {
            tensors = runner.tensors(
                    scope,
                    learning,
                    "gradients",
                    weights,
                    llama.shape(),
                    llama.config().normEpsilon(),
                    List.copyOf(learned.values()),
                    batch.ids(),
                    batch.positions(),
                    batch.targets(),
                    batch.rows(),
                    given,
                    settings);
        }
        var norms = new LinkedHashMap<String, Double>();
        int next = 0;
        for (var name : learned.keySet()) {
            norms.put(name, norm(tensors.get(next++).toFloatArray()));
        }
        var numbers = new ArrayList<Double>();
        tensors.subList(next, tensors.size()).forEach(number -> numbers.add((double) number.toFloatArray()[0]));
        return new Found(norms, numbers);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (var value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static List<Sequence> sequences(JsonNode inputs) {
        return Golden.sequences(inputs.path("input_ids"), inputs.path("labels"));
    }

    /// Rows with masks instead of labels.
    private static List<Sequence> trl(JsonNode batch) {
        var result = new ArrayList<Sequence>();
        for (int row = 0; row < batch.path("input_ids").size(); row++) {
            var ids = Golden.longs(batch.path("input_ids").get(row));
            var mask = Golden.longs(batch.path("completion_mask").get(row));
            var attention = Golden.longs(batch.path("attention_mask").get(row));
            int start = 0;
            while (mask[start] == 0) {
                start++;
            }
            result.add(
                    new Sequence(ids, start).cut((int) Arrays.stream(attention).sum()));
        }
        return result;
    }

    private static Model open(String name) {
        return Model.open(runner, Golden.FOLDER.resolve(name), ElementType.F32, ElementType.F32);
    }

    private static Offset<Double> relative(JsonNode wanted, double tolerance) {
        return within(tolerance * Math.max(1, Math.abs(wanted.asDouble())));
    }

    private static void assertNear(float[] found, JsonNode wanted, double tolerance) {
        for (int i = 0; i < wanted.size(); i++) {
            assertThat((double) found[i]).isCloseTo(wanted.get(i).asDouble(), relative(wanted.get(i), tolerance));
        }
    }
}
