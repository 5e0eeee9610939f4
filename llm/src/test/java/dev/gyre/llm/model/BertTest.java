package dev.gyre.llm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.text.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertTest {

    private static final Path FOLDER = Golden.FOLDER.resolve("arch_bert_cls");

    private static final ProgramRunner runner = Engine.CPU;

    @TempDir
    Path folder;

    @Test
    void logitsLossAndEveryGradientEqualTransformers() {
        var golden = Golden.values().path("architecture");
        var wanted = golden.path("bert_cls");
        var sequences = sequences(golden.path("inputs"));

        try (var model = Model.open(runner, FOLDER, ElementType.F32, ElementType.F32);
                var scope = runner.newScope();
                var nothing = runner.bind(Map.of());
                var weights = model.bind(Map.of())) {
            var logits = logits(model, sequences);
            assertNear(logits.get(0), wanted.path("logits_row0_last"));
            assertNear(logits.get(1), wanted.path("logits_row1_tok4"));

            var learned = new LinkedHashMap<String, NDArray>();
            model.names().forEach(name -> learned.put(name, model.tensor(name)));
            var batch = TokenBatch.labelled(runner, scope, sequences, Golden.longs(wanted.path("labels")));
            var learning = runner.load(
                    "learning", Map.of("linear", "linear", "likelihood", "labels", "objective", "supervised"));
            var found = runner.tensors(
                    scope,
                    learning,
                    "gradients",
                    weights,
                    model.shape(),
                    model.config().normEpsilon(),
                    List.copyOf(learned.values()),
                    batch.ids(),
                    batch.positions(),
                    batch.targets(),
                    batch.rows(),
                    nothing,
                    new double[0]);
            assertThat((double) found.getLast().toFloatArray()[0])
                    .isCloseTo(wanted.path("loss").asDouble(), relative(wanted.path("loss"), 1e-5));
            var norms = new LinkedHashMap<String, Double>();
            int next = 0;
            for (var name : learned.keySet()) {
                norms.put(name, norm(found.get(next++).toFloatArray()));
            }
            assertThat(norms.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            wanted.path("grad_norms").propertyStream().map(Map.Entry::getKey).toList());
            wanted.path("grad_norms")
                    .properties()
                    .forEach(norm -> assertThat(norms.get(norm.getKey()))
                            .as(norm.getKey())
                            .isCloseTo(
                                    norm.getValue().asDouble(),
                                    within(1e-3 * Math.max(0.01, norm.getValue().asDouble()))));
        }
    }

    @Test
    void theHeadOnFeaturesGivesTheLogitsOfTheWhole() {
        var sequences = sequences(Golden.values().path("architecture").path("inputs"));

        try (var model = Model.open(runner, FOLDER, ElementType.F32, ElementType.F32)) {
            var features = read(model, "features", sequences);
            var logits = logits(model, sequences);
            var weight = model.tensor("classifier.weight").toFloatArray();
            var bias = model.tensor("classifier.bias").toFloatArray();
            for (int label = 0; label < 3; label++) {
                double sum = bias[label];
                for (int i = 0; i < 32; i++) {
                    sum += weight[label * 32 + i] * features.get(1)[i];
                }
                assertThat((double) logits.get(1)[label]).isCloseTo(sum, within(1e-5));
            }
        }
    }

    @Test
    void paddingChangesNothingUnderEitherPooling() throws IOException {
        for (var pooling : BertConfig.Pooling.values()) {
            var bare = bareEncoder(pooling.name().toLowerCase(Locale.ROOT));
            var sequences =
                    sequences(Golden.values().path("architecture").path("inputs"));

            try (var model = Model.open(runner, bare, ElementType.F32, ElementType.F32)) {
                var together = read(model, "features", sequences).get(1);
                var alone = read(model, "features", sequences.subList(1, 2)).getFirst();
                for (int i = 0; i < alone.length; i++) {
                    assertThat((double) together[i]).isCloseTo(alone[i], within(1e-5));
                }
            }
        }
    }

    @Test
    void aHeadGrowsByNewLabelsAndKeepsWhatItKnew() {
        var labels = Set.of("A", "LABEL_1", "Z");
        try (var before = Model.open(runner, FOLDER, ElementType.F32, ElementType.F32);
                var grown = Model.open(runner, FOLDER, ElementType.F32, ElementType.F32, labels)) {
            assertThat(((BertConfig) grown.config()).labels())
                    .containsExactly("A", "LABEL_0", "LABEL_1", "LABEL_2", "Z");
            assertThat(grown.tensor("classifier.weight").get("1:4").toFloatArray())
                    .isEqualTo(before.tensor("classifier.weight").toFloatArray());
            assertThat(grown.tensor("classifier.bias").get("1:4").toFloatArray())
                    .isEqualTo(before.tensor("classifier.bias").toFloatArray());
            assertThat(grown.tensor("classifier.weight").get("4").toFloatArray())
                    .containsOnly(0);

            grown.save(folder.resolve("saved"), BertConfig.HEAD);
        }

        var config = JsonFile.read(folder.resolve("saved/config.json"));
        assertThat(config.path("id2label").path("4").asText()).isEqualTo("Z");
        assertThat(config.path("label2id").path("LABEL_1").asInt()).isEqualTo(2);
        try (var saved = TensorFile.open(folder.resolve("saved/model.safetensors"));
                var original = TensorFile.open(FOLDER.resolve("model.safetensors"))) {
            assertThat(saved.entries().keySet())
                    .isEqualTo(original.entries().keySet());
            original.entries().forEach((name, entry) -> {
                if (!BertConfig.HEAD.contains(name)) {
                    assertThat(saved.bytes(Objects.requireNonNull(
                                    saved.entries().get(name))))
                            .as(name)
                            .isEqualTo(original.bytes(entry));
                }
            });
        }
    }

    @Test
    void aWriterIsNoClassifierAndAClassifierNoWriter() {
        assertThatThrownBy(() -> LanguageModel.open(FOLDER, "cpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which reads and does not write");
        assertThatThrownBy(() -> Encoder.open(Golden.FOLDER.resolve("base_llama"), "cpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model_type is llama, must be bert");
    }

    @Test
    void anEncoderWithoutAHeadGivesVectorsButNoLabels() throws IOException {
        var bare = bareEncoder("mean");
        Files.writeString(bare.resolve("tokenizer.json"), """
                {"version": "1.0", "pre_tokenizer": {"type": "Whitespace"},
                 "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "a": 5}, "unk_token": "[UNK]"}}
                """);

        try (var encoder = Encoder.open(bare, "cpu")) {
            assertThat(encoder.labels()).isEmpty();
            assertThat(encoder.embed(List.of("a", "a a"))).allSatisfy(vector -> assertThat(vector)
                    .hasSize(32));
            assertThatThrownBy(() -> encoder.classify(List.of("a")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has no classification head");
        }
    }

    /// The same encoder as a `BertModel` without a head.
    private Path bareEncoder(String pooling) throws IOException {
        var bare = Files.createDirectories(folder.resolve(pooling));
        Files.copy(FOLDER.resolve("model.safetensors"), bare.resolve("model.safetensors"));
        var config = JsonFile.read(FOLDER.resolve("config.json"));
        config.putArray("architectures").add("BertModel");
        JsonFile.write(bare.resolve("config.json"), config.put(BertConfig.POOLING_KEY, pooling));
        return bare;
    }

    private static List<float[]> logits(Model model, List<Sequence> sequences) {
        return read(model, "logits", sequences);
    }

    private static List<float[]> read(Model model, String method, List<Sequence> sequences) {
        var program = runner.load("encoder", Map.of("linear", "linear"));
        try (var weights = model.bind(Map.of())) {
            return TextFeatures.of(runner, program, method, weights, model, sequences);
        }
    }

    /// Both rows without their padding.
    private static List<Sequence> sequences(JsonNode inputs) {
        var first = new Sequence(Golden.longs(inputs.path("input_ids").get(0)), 1);
        var second = new Sequence(Golden.longs(inputs.path("input_ids").get(1)), 1);
        return List.of(first, second.cut(5));
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (var value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static Offset<Double> relative(JsonNode wanted, double tolerance) {
        return within(tolerance * Math.max(1, Math.abs(wanted.asDouble())));
    }

    private static void assertNear(float[] found, JsonNode wanted) {
        assertThat(found).hasSize(wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            assertThat((double) found[i]).isCloseTo(wanted.get(i).asDouble(), relative(wanted.get(i), 1e-4));
        }
    }
}
