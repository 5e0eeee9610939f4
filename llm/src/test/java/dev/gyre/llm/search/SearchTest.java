package dev.gyre.llm.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.training.Pretraining;
import dev.gyre.llm.training.PretrainingJob;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {

    private static final Map<String, String> SETTINGS =
            Map.of("steps", "18", "batch", "4", "holdOut", "0.3", "warmup", "0", "schedule", "constant");
    private static final Map<String, Choice> SPACE =
            Map.of("learningRate", new Choice.OneOf(List.of("1e-9", "1e-8", "1e-2", "1e-7", "2e-9", "3e-9")));

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;
    private static Path rows;

    @BeforeAll
    static void makeBase() throws IOException {
        var job = new PretrainingJob(
                List.of("the cat sat on the mat", "the dog ran to the cat"),
                LlamaConfig.of(300, 16, 32, 2, 2, 2, 32),
                Regime.pretraining(1e-2, 2, 2),
                7,
                shared.resolve("base"),
                "cpu");
        base = ((TrainingOutcome.Completed) Pretraining.run(job, _ -> {})).huggingFace();
        rows = Files.write(
                shared.resolve("rows.jsonl"),
                IntStream.range(0, 12)
                        .mapToObj("{\"prompt\":\"the cat %d\",\"completion\":\" sat on the mat\"}"::formatted)
                        .toList());
    }

    @Test
    void onlyWhatLearnsGoesOnToTheEnd() {
        var heard = new ArrayList<Trial>();

        var found = Search.run(job("found", 2), heard::add);

        assertThat(found.best().settings()).containsEntry("learningRate", "1e-2");
        assertThat(found.best().steps()).isEqualTo(18);
        assertThat(found.training().metrics()).containsEntry("heldOutLoss", found.best().loss());
        assertThat(found.trials()).hasSize(9).allSatisfy(trial -> assertThat(trial.steps())
                .isIn(2, 6, 18));
        assertThat(found.steps()).isEqualTo(6 * 2 + 2 * 6 + 18);
        assertThat(heard).hasSize(9 + 3 + 1);
        try (var model = LanguageModel.open(found.training().huggingFace(), "cpu")) {
            assertThat(model.context()).isEqualTo(32);
        }
    }

    @Test
    void searchThatWasKilledComesToTheSame() {
        var straight = Search.run(job("straight", 2), _ -> {});
        var heard = new ArrayList<Trial>();

        assertThatThrownBy(() -> Search.run(job("killed", 2), trial -> {
                    heard.add(trial);
                    if (heard.size() == 11) {
                        throw new IllegalStateException("power cut");
                    }
                }))
                .hasMessage("power cut");
        var resumed = Search.run(job("killed", 2), _ -> {});

        assertThat(resumed.best()).isEqualTo(straight.best());
        assertThat(resumed.trials()).isEqualTo(straight.trials());
    }

    @Test
    void trialThatLeavesTheNumbersIsGivenUp() {
        var space = Map.<String, Choice>of(
                "learningRate", new Choice.OneOf(List.of("10", "1e-2")), "optimizer", new Choice.OneOf(List.of("sgd")));

        var found = Search.run(
                new SearchJob(base, rows, "supervised", "none", SETTINGS, space, 6, 6, 3, 4, folder, "cpu"), _ -> {});

        assertThat(found.best().settings()).containsEntry("learningRate", "1e-2");
    }

    @Test
    void whatCannotBeSearchedIsRefused() {
        assertThatThrownBy(() -> job("none", 19)).hasMessageContaining("least is 19, must be 1 to the 18 steps");
        assertThatThrownBy(() -> new SearchJob(
                        base, rows, "supervised", "none", Map.of("steps", "4"), SPACE, 4, 1, 2, 0, folder, "cpu"))
                .hasMessageContaining("setting holdOut is missing");
        assertThatThrownBy(() -> new Choice.Range(0, 1)).hasMessageContaining("least is 0.0");
    }

    private SearchJob job(String work, int least) {
        return new SearchJob(
                base, rows, "supervised", "none", SETTINGS, SPACE, 9, least, 3, 4, folder.resolve(work), "cpu");
    }
}
