package dev.gyre.llm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanguageModelTest {

    private static final Path MODELS =
            Path.of(System.getProperty("gyre.root", "..")).resolve("../shared/models");

    @Test
    void aPublishedModelWritesItsPublishedText() throws IOException {
        var folder = MODELS.resolve("stories260k");
        assumeTrue(Files.isDirectory(folder));

        try (var model = LanguageModel.open(folder, "cpu")) {
            var text = model.generate("", Sampling.greedy(200));
            assertThat(text.strip())
                    .startsWith(Files.readString(folder.resolve("expected_greedy_200.txt"))
                            .strip());
        }
    }

    @Test
    void scoresEqualAnIndependentComputation() {
        var folder = MODELS.resolve("babyllama");
        assumeTrue(Files.isDirectory(folder));

        try (var model = LanguageModel.open(folder, "cpu")) {
            var rows = List.of(
                    new PromptCompletion("Once upon a time", ", there was a dog."),
                    new PromptCompletion("Once", " upon a time, there was a little girl named Lily."));
            var scores = model.score(rows);

            // transformers 5.18, the same rows one by one
            assertThat(scores.get(0).logProbability()).isCloseTo(-42.44846, within(1e-3));
            assertThat(scores.get(0).tokens()).isEqualTo(19);
            assertThat(scores.get(0).characters()).isEqualTo(18);
            assertThat(scores.get(1).logProbability()).isCloseTo(-34.10363, within(1e-3));
            assertThat(scores.get(1).tokens()).isEqualTo(50);
            assertThat(model.generate("Once upon a time", Sampling.greedy(30)))
                    .isEqualTo(", there was a little girl name");
        }
    }

    @Test
    void answersWrittenSideBySideAreThoseWrittenOneByOne() {
        var folder = Path.of(System.getProperty("gyre.root", "..")).resolve("samples/base");
        var prompts = List.of(
                "Caller: Hello. Where do I find the telescope?\nDesk:",
                "Caller: Is the drill in?\nDesk:",
                "C",
                "Caller: Good morning. I have to move a heap of earth. What do you suggest?\nDesk:",
                "Caller: Is the drill in?\nDesk:");

        try (var model = LanguageModel.open(folder, "cpu")) {
            for (var sampling : List.of(Sampling.greedy(40), Sampling.drawn(25, 0.8, 7), Sampling.greedy(1))) {
                assertThat(model.generate(prompts, sampling))
                        .isEqualTo(prompts.stream()
                                .map(prompt -> model.generate(prompt, sampling))
                                .toList());
            }
            assertThat(model.generate(List.of(), Sampling.greedy(5))).isEmpty();
        }
    }
}
