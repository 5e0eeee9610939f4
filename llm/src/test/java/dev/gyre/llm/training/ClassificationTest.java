package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.model.Encoder;
import dev.gyre.llm.recipe.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassificationTest {

    private static final TrainingListener SILENT = _ -> {};
    private static final List<String> WORDS =
            List.of("win", "free", "money", "hello", "song", "nice", "red", "blue", "one", "two", "three");

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path base;

    @BeforeAll
    static void makeBase() throws IOException {
        base = TinyEncoder.write(shared.resolve("encoder"), WORDS);
    }

    private record Row(String text, String label) {}

    @Test
    void aHeadOnAFrozenEncoderLearnsWhichWordsAreSpam() {
        var outcome = completed(train("frozen", Map.of("epochs", "40"), mail(200, 1), "a"));

        assertThat(accuracy(outcome.huggingFace(), mail(100, 2))).isGreaterThan(0.95);
        assertThat(outcome.metrics().get("loss")).isLessThan(outcome.metrics().get("firstLoss"));
        assertThat(outcome.metrics().get("firstLoss")).isCloseTo(Math.log(2), within(1e-6));
        assertThat(outcome.rows()).isEqualTo(200);
        assertThat(outcome.adapter()).isNull();
    }

    @Test
    void tuningTheWholeEncoderLearnsWhatItsFeaturesDoNotShow() {
        var frozen = completed(train("frozen", Map.of("epochs", "40"), either(200, 1), "a"));
        var whole = completed(train(
                "none", Map.of("epochs", "40", "learningRate", "1e-2", "batch", "16"), either(200, 1), "b"));

        double atFrozen = accuracy(frozen.huggingFace(), either(100, 2));
        assertThat(accuracy(whole.huggingFace(), either(100, 2))).isGreaterThan(0.95).isGreaterThan(atFrozen + 0.1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"frozen", "none"})
    void aTrainingStoppedAndResumedGivesTheSameBytesAsAStraightOne(String adapter) throws IOException {
        var settings = Map.of("steps", "7", "batch", "4", "learningRate", "1e-3", "checkpointSteps", "2");
        var straight = completed(train(adapter, settings, mail(30, 1), "straight"));

        TrainingListener dying = progress -> {
            if (progress.step() == 5) {
                throw new IllegalStateException("power cut");
            }
        };
        assertThatThrownBy(() -> Training.run(job(adapter, settings, mail(30, 1), "resumed"), dying))
                .hasMessage("power cut");
        var resumed = completed(train(adapter, settings, mail(30, 1), "resumed"));

        assertThat(files(resumed.huggingFace())).isEqualTo(files(straight.huggingFace()));
        assertThat(resumed.steps()).isEqualTo(7);
    }

    @Test
    void aLaterDataSetWithANewLabelGrowsTheHead() {
        var first = completed(train("frozen", Map.of("epochs", "40"), mail(200, 1), "a")).huggingFace();
        var more = new ArrayList<>(mail(100, 3));
        for (int i = 0; i < 50; i++) {
            more.add(new Row("red blue red", "colour"));
        }

        var second = completed(Training.run(
                        new TrainingJob(
                                first, write(more), recipe("frozen", Map.of("epochs", "40")), 3, folder.resolve("b"), "cpu"),
                        SILENT))
                .huggingFace();

        assertThat(BertConfig.read(second.resolve("config.json")).labels())
                .containsExactly("colour", "ham", "spam");
        assertThat(accuracy(second, mail(100, 2))).isGreaterThan(0.95);
        assertThat(accuracy(second, List.of(new Row("blue red blue", "colour")))).isEqualTo(1);
        assertThat(BertConfig.read(second.resolve("config.json")).pooling()).isEqualTo(BertConfig.Pooling.MEAN);
    }

    @Test
    void textsBeyondTheContextAreCutAndCounted() {
        var rows = List.of(new Row("free ".repeat(40), "spam"), new Row("hello", "ham"));

        var outcome = completed(train("frozen", Map.of("epochs", "40"), rows, "a"));

        assertThat(outcome.metrics()).containsEntry("rowsCut", 1.0).containsEntry("rowsLeftOut", 0.0);
        assertThat(accuracy(outcome.huggingFace(), rows)).isEqualTo(1);
    }

    @Test
    void rowsWithoutALabelRefuseTheTraining() throws IOException {
        var rows = Files.writeString(folder.resolve("bad.jsonl"), """
                {"text":"hello","label":"ham"}
                {"text":"hello"}
                {"text":"hello","label":" "}
                """);

        var outcome = Training.run(
                new TrainingJob(base, rows, recipe("frozen", Map.of()), 1, folder.resolve("a"), "cpu"), SILENT);

        assertThat(outcome)
                .isEqualTo(new TrainingOutcome.Refused(List.of(
                        "row 2: label is missing, must be a text", "row 3: label is blank, must be a word")));
    }

    @Test
    void anEncoderDoesNotLearnToWrite() {
        var job = new TrainingJob(
                base,
                write(mail(3, 1)),
                Recipe.of("supervised", "lora", Map.of()),
                1,
                folder.resolve("a"),
                "cpu");

        assertThatThrownBy(() -> Training.run(job, SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds an encoder, which does not write");
    }

    private TrainingOutcome train(String adapter, Map<String, String> settings, List<Row> rows, String work) {
        return Training.run(job(adapter, settings, rows, work), SILENT);
    }

    private TrainingJob job(String adapter, Map<String, String> settings, List<Row> rows, String work) {
        return new TrainingJob(base, write(rows), recipe(adapter, settings), 3, folder.resolve(work), "cpu");
    }

    private static Recipe recipe(String adapter, Map<String, String> settings) {
        return Recipe.of("classification", adapter, settings);
    }

    private Path write(List<Row> rows) {
        var lines = rows.stream()
                .map(row -> "{\"text\":\"%s\",\"label\":\"%s\"}".formatted(row.text(), row.label()))
                .toList();
        try {
            return Files.write(folder.resolve("rows.jsonl"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Texts that are spam where they promise something.
    private static List<Row> mail(int count, long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < count; i++) {
            boolean spam = random.nextBoolean();
            var own = WORDS.get((spam ? 0 : 3) + random.nextInt(3));
            rows.add(new Row(own + " " + WORDS.get(6 + random.nextInt(5)), spam ? "spam" : "ham"));
        }
        return rows;
    }

    /// Texts of two choices, labelled by their exclusive or: no word alone tells anything.
    private static List<Row> either(int count, long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < count; i++) {
            boolean first = random.nextBoolean();
            boolean second = random.nextBoolean();
            var text = "%s %s %s".formatted(first ? "red" : "blue", WORDS.get(random.nextInt(6)), second ? "one" : "two");
            rows.add(new Row(text, first == second ? "same" : "other"));
        }
        return rows;
    }

    private static double accuracy(Path model, List<Row> rows) {
        try (var classifier = Encoder.open(model, "cpu")) {
            var found = classifier.classify(rows.stream().map(Row::text).toList());
            int right = 0;
            for (int i = 0; i < rows.size(); i++) {
                right += found.get(i).label().equals(rows.get(i).label()) ? 1 : 0;
            }
            return (double) right / rows.size();
        }
    }

    private static TrainingOutcome.Completed completed(TrainingOutcome outcome) {
        assertThat(outcome).isInstanceOf(TrainingOutcome.Completed.class);
        return (TrainingOutcome.Completed) outcome;
    }

    private static Map<String, String> files(Path folder) throws IOException {
        var all = new TreeMap<String, String>();
        try (var children = Files.list(folder)) {
            for (var child : children.toList()) {
                all.put(child.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(child)));
            }
        }
        return all;
    }
}
