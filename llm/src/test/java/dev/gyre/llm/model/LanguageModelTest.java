package dev.gyre.llm.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class LanguageModelTest {

    private static final Path MODELS = Path.of(System.getProperty("gyre.root", "..")).resolve("../shared/models");

    @Test
    void aPublishedModelWritesItsPublishedText() throws IOException {
        var folder = MODELS.resolve("stories260k");
        assumeTrue(Files.isDirectory(folder));

        try (var model = LanguageModel.open(folder, "cpu")) {
            var text = model.generate("", Sampling.greedy(200));
            assertThat(text.strip()).startsWith(Files.readString(folder.resolve("expected_greedy_200.txt")).strip());
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
            var both = model.score(rows);
            var alone = List.of(model.score(rows.subList(0, 1)).getFirst(), model.score(rows.subList(1, 2)).getFirst());

            assertThat(both.get(0).logProbability()).isCloseTo(alone.get(0).logProbability(), within(1e-3));
            assertThat(both.get(1).logProbability()).isCloseTo(alone.get(1).logProbability(), within(1e-3));
            assertThat(model.generate("Once upon a time", Sampling.greedy(30))).startsWith(", there was a little girl named");
        }
    }
}
