package dev.gyre.cli.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleFilesTest {

    private static final Path SAMPLES = Path.of(System.getProperty("gyre.root", ".."), "samples");

    private final Desk desk = Desk.read(SAMPLES.resolve("desk.yaml"));
    private final SampleFiles files = new SampleFiles(desk);

    @Test
    void theSameWordsAndSeedGiveTheSameRows() {
        var again = new SampleFiles(Desk.read(SAMPLES.resolve("desk.yaml")));

        assertThat(again.demonstrations()).isEqualTo(files.demonstrations());
        assertThat(again.preferences()).isEqualTo(files.preferences());
        assertThat(again.reading(100)).isEqualTo(files.reading(100));
    }

    @Test
    void theFilesInTheRepositoryAreWhatTheGeneratorWrites() throws Exception {
        assertThat(Files.readAllLines(SAMPLES.resolve("demonstrations.jsonl")))
                .isEqualTo(files.demonstrations().stream()
                        .map(ObjectNode::toString)
                        .toList());
        assertThat(Files.readAllLines(SAMPLES.resolve("preferences.jsonl")))
                .isEqualTo(
                        files.preferences().stream().map(ObjectNode::toString).toList());
        assertThat(Files.readAllLines(SAMPLES.resolve("traffic.jsonl")))
                .isEqualTo(files.traffic().stream().map(ObjectNode::toString).toList());
    }

    @Test
    void nobodyAsksAboutCoursesBeforeTheWorldChangesAndMostDoAfterwards() {
        var traffic = files.traffic();
        var before = traffic.subList(0, desk.traffic().before());
        var after = traffic.subList(desk.traffic().before(), traffic.size());

        assertThat(before).noneMatch(row -> row.path("slice").asText().startsWith("course"));
        assertThat(after.stream().filter(row -> row.path("slice").asText().startsWith("course")))
                .hasSizeBetween(after.size() * 6 / 10, after.size() * 8 / 10);
        assertThat(prompts(traffic))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(prompts(files.demonstrations()))
                .doesNotContainAnyElementsOf(prompts(files.preferences()));
        assertThat(traffic).allSatisfy(row -> assertThat(row.path("right"))
                .anySatisfy(text -> assertThat(text.asText())
                        .isEqualTo(row.path("completion").asText())));
    }

    @Test
    void noPromptIsBothTaughtAndReadAndJudged() {
        var taught = prompts(clean(files.demonstrations()));
        var judged = prompts(clean(files.preferences()));
        var read = prompts(files.reading(5000));

        assertThat(taught).doesNotContainAnyElementsOf(judged);
        assertThat(new HashSet<>(read)).doesNotContainAnyElementsOf(taught).doesNotContainAnyElementsOf(judged);
        assertThat(judged).doesNotHaveDuplicates();
    }

    @Test
    void aGuessByLengthAloneFindsTheBetterAnswerAboutHalfTheTime() {
        var pairs = clean(files.preferences());

        var longerIsBetter =
                pairs.stream().filter(SampleFilesTest::longerIsBetter).count() / (double) pairs.size();

        assertThat(pairs).hasSize(desk.preferences());
        assertThat(longerIsBetter).isBetween(0.45, 0.6);
    }

    @Test
    void theRealDirtIsThere() {
        var rows = files.preferences();

        assertThat(rows).hasSize(desk.preferences() + 8);
        assertThat(rows).anyMatch(row -> row.path("answer_b").isBoolean());
        assertThat(rows).anyMatch(row -> !row.has("answer_b"));
        assertThat(rows).anyMatch(row -> row.path("prompt").asText().isBlank());
        assertThat(rows).anyMatch(row -> row.path("answer_b").asText().length() > 1000);
    }

    @Test
    void aRightAnswerSaysTheFactsOfItsQuestionAndAWrongOneDoesNot() {
        var world = new World(desk);
        var random = new Random(1);
        for (var question : world.questions(1).subList(0, 300)) {
            for (var manner : List.of(Manner.WARM, Manner.PLAIN, Manner.RAMBLING)) {
                var right = world.answer(question, manner, true, random);
                var wrong = world.answer(question, manner, false, random);

                assertThat(world.isRight(question, right.text())).isTrue();
                assertThat(world.isRight(question, wrong.text())).isFalse();
                assertThat(right.text() + wrong.text()).doesNotContain("{");
                assertThat(right.quality()).isGreaterThan(wrong.quality());
            }
        }
    }

    private static boolean longerIsBetter(ObjectNode pair) {
        var first = pair.path("answer_a").asText().length()
                > pair.path("answer_b").asText().length();
        return first == pair.path("q_a").asDouble() > pair.path("q_b").asDouble();
    }

    private static List<ObjectNode> clean(List<ObjectNode> rows) {
        return rows.stream()
                .filter(row -> row.path("id").asText().length() == 5)
                .toList();
    }

    private static List<String> prompts(List<ObjectNode> rows) {
        return rows.stream().map(row -> row.path("prompt").asText()).toList();
    }
}
