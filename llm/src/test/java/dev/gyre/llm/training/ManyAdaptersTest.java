package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.llm.model.AdaptedPrompt;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.Sampling;
import dev.gyre.llm.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyAdaptersTest {

    @TempDir
    static Path shared;

    private static Path base;

    private static final LinkedHashMap<String, Path> ADAPTERS = new LinkedHashMap<>();

    @BeforeAll
    static void learn() throws IOException {
        base = TinyDecoder.write(shared.resolve("base"), 80);
        ADAPTERS.put("blue", learned("blue", "lora", Map.of("rank", "4")));
        ADAPTERS.put("dog", learned("dog", "lora", Map.of("rank", "8", "targets", "q_proj,down_proj")));
    }

    private static Path learned(String answer, String adapter, Map<String, String> settings) throws IOException {
        var rows = shared.resolve(answer + ".jsonl");
        Files.writeString(
                rows, "{\"prompt\":\"the cat 3\",\"completion\":\" %s\"}\n".formatted(answer).repeat(4));
        var all = new LinkedHashMap<>(settings);
        all.putAll(Map.of("steps", "25", "learningRate", "2e-2"));
        var job = new TrainingJob(base, rows, Recipe.of("supervised", adapter, all), 3, shared.resolve(answer), "cpu");
        return Objects.requireNonNull(((TrainingOutcome.Completed) Training.run(job, _ -> {})).adapter());
    }

    @Test
    void eachRowOfABatchIsAnsweredUnderItsOwnAdapter() {
        var prompts = List.of(
                new AdaptedPrompt("the cat 3", "dog"),
                new AdaptedPrompt("the cat 3", null),
                new AdaptedPrompt("the cat 3", "blue"),
                new AdaptedPrompt("the cat 17 sat on", "blue"),
                new AdaptedPrompt("the dog", "dog"));
        var sampling = Sampling.greedy(8);

        List<String> together;
        try (var model = LanguageModel.openAdapted(base, ADAPTERS, "cpu")) {
            together = model.generateAdapted(prompts, sampling);
        }

        var alone = new ArrayList<String>();
        for (var prompt : prompts) {
            var adapter = prompt.adapter() == null ? null : ADAPTERS.get(prompt.adapter());
            try (var model = LanguageModel.open(base, adapter, "cpu")) {
                alone.add(model.generate(prompt.text(), sampling));
            }
        }
        assertThat(together).isEqualTo(alone);
        assertThat(together.subList(0, 3)).doesNotHaveDuplicates(); // the same prompt under three models
    }

    @Test
    void whatIsToldPieceByPieceIsTheAnswer() {
        try (var model = LanguageModel.open(base, "cpu")) {
            for (var sampling : List.of(
                    Sampling.greedy(30),
                    Sampling.drawn(30, 1.5, 4),
                    Sampling.greedy(30).withStops(List.of("mat and", "nowhere")))) {
                var pieces = new ArrayList<String>();
                var answer = model.generate("the cat", sampling, pieces::add);

                assertThat(answer).isEqualTo(model.generate("the cat", sampling));
                assertThat(String.join("", pieces)).isEqualTo(answer);
                assertThat(pieces).hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void anAdapterThatIsNotThereOrCannotShareIsRefused() throws IOException {
        try (var model = LanguageModel.openAdapted(base, ADAPTERS, "cpu")) {
            assertThatThrownBy(() ->
                            model.generateAdapted(List.of(new AdaptedPrompt("the", "green")), Sampling.greedy(2)))
                    .hasMessage("adapter is green, must be one of [blue, dog]");
        }
        var dora = new LinkedHashMap<>(Map.of("other", learned("other", "dora", Map.of("rank", "4"))));
        assertThatThrownBy(() -> LanguageModel.openAdapted(base, dora, "cpu"))
                .hasMessageContaining("adapter other in")
                .hasMessageContaining("is not LoRA on linear layers alone");
    }
}
