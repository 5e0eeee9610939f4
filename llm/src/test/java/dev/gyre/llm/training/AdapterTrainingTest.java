package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.model.PromptCompletion;
import dev.gyre.llm.model.Sampling;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterTrainingTest {

    private static final TrainingListener SILENT = _ -> {};
    private static final List<PromptCompletion> ROWS =
            List.of(new PromptCompletion("Q: colour?\n", "blue"), new PromptCompletion("Q: animal?\n", "dog"));

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;

    @BeforeAll
    static void makeBase() {
        base = TinyDecoder.write(shared.resolve("base"), 20);
    }

    @ParameterizedTest
    @CsvSource({
        "rslora, rank=4",
        "dora, rank=4",
        "pissa, rank=4",
        "olora, rank=4",
        "adalora, rank=4",
        "ia3,",
        "vera, rank=16",
        "oft, block=8",
        "loha, rank=4",
        "lokr, rank=4",
        "layernorm,",
        "prompt, count=4",
        "ptuning, count=4;hidden=16",
        "prefix, count=4",
        "prefix, count=4;hidden=16",
        "bottleneck, reduction=4",
        "bottleneck, reduction=4;where=feedforward"
    })
    void everyAdapterLearnsAndItsFolderGivesTheModelThatWasLearned(String word, String more) throws IOException {
        var settings = new java.util.HashMap<>(Map.of("steps", "6", "learningRate", "2e-2", "warmup", "0"));
        for (var setting : more == null ? new String[0] : more.split(";")) {
            settings.put(setting.split("=")[0], setting.split("=")[1]);
        }

        var outcome = run(word, settings);

        assertThat(outcome.metrics().get("loss")).isLessThan(outcome.metrics().get("firstLoss"));
        var adapter = Objects.requireNonNull(outcome.adapter());
        try (var learned = LanguageModel.open(base, adapter, "cpu");
                var untouched = LanguageModel.open(base, "cpu");
                var written = LanguageModel.open(outcome.huggingFace(), "cpu")) {
            double now = sum(learned);
            assertThat(now).isGreaterThan(sum(untouched) + 0.01);
            boolean merges = recipe(word, settings).adapter().begun().orElseThrow().merges();
            assertThat(sum(written)).isCloseTo(merges ? now : sum(untouched), within(1e-3));
            assertThat(learned.generate("Q: colour?\n", Sampling.greedy(4))).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "dora", "ia3", "layernorm"})
    void aGpt2LearnsByAdaptersWithTheNamesOfItsOwnLayers(String word) throws IOException {
        var gpt2 = gpt2();

        var outcome = run(gpt2, word, Map.of("steps", "6", "learningRate", "2e-2", "warmup", "0"));

        var adapter = Objects.requireNonNull(outcome.adapter());
        assertThat(outcome.metrics().get("loss")).isLessThan(outcome.metrics().get("firstLoss"));
        assertThat(Files.readString(adapter.resolve("adapter_config.json"))).doesNotContain("q_proj");
        try (var learned = LanguageModel.open(gpt2, adapter, "cpu");
                var untouched = LanguageModel.open(gpt2, "cpu");
                var written = LanguageModel.open(outcome.huggingFace(), "cpu")) {
            assertThat(sum(learned)).isGreaterThan(sum(untouched) + 0.01);
            assertThat(sum(written)).isCloseTo(sum(learned), within(1e-3));
        }
    }

    @Test
    void whatPeftHasForPlainLinearLayersAloneIsRefusedOnAGpt2() throws IOException {
        var gpt2 = gpt2();

        assertThatThrownBy(() -> run(gpt2, "loha", Map.of("steps", "1")))
                .hasMessageContaining("PEFT has no such adapter for layers that keep their matrices as (in, out)");
    }

    /// A GPT-2 that knows nothing yet.
    private Path gpt2() throws IOException {
        var made = Files.createDirectories(folder.resolve("gpt2"));
        for (var file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(base.resolve(file), made.resolve(file));
        }
        Files.writeString(made.resolve("config.json"), """
                {"model_type": "gpt2", "vocab_size": 300, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 48}
                """);
        var shape = Architecture.read(made.resolve("config.json"));
        FirstWeights.write(made.resolve("model.safetensors"), shape, 5);
        return made;
    }

    @Test
    void aServerThatTakesPlainLoraAloneGetsTheSameModel() {
        var outcome = run("pissa", Map.of("steps", "6", "learningRate", "1e-2", "rank", "3"));
        var plain = folder.resolve("plain");

        double kept;
        try (var runner = ProgramRunner.open("cpu");
                var model = Model.open(runner, base, ElementType.F32, ElementType.F32);
                var scope = runner.newScope()) {
            var adapter = model.readAdapter(scope, Objects.requireNonNull(outcome.adapter()));
            kept = model.saveAsLowRank(plain, adapter, 6);
        }

        assertThat(kept).isCloseTo(1, within(1e-4));
        try (var wanted = LanguageModel.open(outcome.huggingFace(), "cpu");
                var got = LanguageModel.open(base, plain, "cpu")) {
            assertThat(sum(got)).isCloseTo(sum(wanted), within(1e-2));
        }
    }

    @Test
    void whatCannotBeIsSaid() {
        assertThatThrownBy(() -> Recipe.of("supervised", "gremlin", Map.of()))
                .hasMessageStartingWith("adapter is gremlin, must be lora, none, rslora");
        assertThatThrownBy(() -> Recipe.of("supervised", "prompt", Map.of("rank", "4")))
                .hasMessageStartingWith("setting rank is 4, but this recipe has no such setting");
        assertThatThrownBy(() -> run("oft", Map.of("block", "7"))).hasMessageContaining("blocks of 7 do not divide");
        assertThatThrownBy(() -> run("pissa", Map.of("rank", "64"))).hasMessageContaining("takes at most");
    }

    private static double sum(LanguageModel model) {
        return model.score(ROWS).stream()
                .mapToDouble(score -> score.logProbability())
                .sum();
    }

    private static Recipe recipe(String word, Map<String, String> settings) {
        return Recipe.of("supervised", word, settings);
    }

    private TrainingOutcome.Completed run(String word, Map<String, String> settings) {
        return run(base, word, settings);
    }

    private TrainingOutcome.Completed run(Path base, String word, Map<String, String> settings) {
        try {
            var rows = folder.resolve("rows.jsonl");
            var text = new StringBuilder();
            ROWS.forEach(row -> text.append("{\"prompt\": \"%s\", \"completion\": \"%s\"}%n"
                    .formatted(row.prompt().replace("\n", "\\n"), row.completion())));
            Files.writeString(rows, text);
            var job = new TrainingJob(base, rows, recipe(word, settings), 3, folder.resolve("work"), "cpu");
            return (TrainingOutcome.Completed) Training.run(job, SILENT);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
