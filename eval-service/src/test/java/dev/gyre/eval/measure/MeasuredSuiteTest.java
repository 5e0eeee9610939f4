package dev.gyre.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.llm.model.Score;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MeasuredSuiteTest {

    private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(200, 1);

    @Test
    void sumAndMeanDisagreeWhereLengthsDiffer() {
        // −10 over 4 characters and the end is −2 each; −12 over 11 and the end is −1 each
        var pair = new RowScores.Pair(score(-10, 4), score(-12, 11));

        assertThat(Metric.PREFERENCE_ACCURACY.value(pair)).isEqualTo(0);
        assertThat(Metric.PREFERENCE_ACCURACY_SUMMED.value(pair)).isEqualTo(1);
        assertThat(Metric.lengthGuess(pair)).isEqualTo(0);
    }

    @Test
    void tiesCountHalf() {
        var pair = new RowScores.Pair(score(-10, 4), score(-10, 4));

        assertThat(Metric.PREFERENCE_ACCURACY.value(pair)).isEqualTo(0.5);
        assertThat(Metric.lengthGuess(pair)).isEqualTo(0.5);
    }

    @Test
    void longRowsWeighMoreInNatsPerCharacter() {
        var suite = new MeasuredSuite(
                "d",
                "demos",
                Kind.SUPERVISED,
                2,
                List.of(
                        demonstration(1, 0, score(-10, 4), score(-15, 4)),
                        demonstration(2, 1, score(-10, 14), score(-10, 14))));

        var all = suite.comparisons(BOOTSTRAP).getFirst();

        assertThat(all.metric()).isEqualTo(Metric.NATS_PER_CHARACTER);
        var paired = Objects.requireNonNull(all.paired());
        assertThat(all.candidate()).isCloseTo(20.0 / 20, within(1e-12));
        assertThat(paired.champion()).isCloseTo(25.0 / 20, within(1e-12));
        assertThat(paired.difference()).isCloseTo(-0.25, within(1e-12));
        assertThat(all.baseline()).isNull();
    }

    @Test
    void rowsThatAModelCannotReadAreLeftOutForBoth() {
        var suite = new MeasuredSuite(
                "d",
                "demos",
                Kind.SUPERVISED,
                2,
                List.of(
                        demonstration(1, 0, score(-10, 4), score(-15, 4)),
                        demonstration(2, 1, score(-10, 14), new Score(-3, 2, 14, true))));

        var all = suite.comparisons(BOOTSTRAP).getFirst();

        assertThat(suite.leftOut()).isEqualTo(1);
        assertThat(all.rows()).isEqualTo(1);
        assertThat(all.candidate()).isEqualTo(2);
    }

    @Test
    void slicesAndWholeHaveEveryMetricAndTheLengthGuess() {
        var suite = new MeasuredSuite(
                "d",
                "pairs",
                Kind.PREFERENCE,
                3,
                List.of(
                        pair(1, "b", 0, score(-1, 9), score(-5, 4)),
                        pair(2, "a", 0, score(-1, 9), score(-5, 9)),
                        pair(3, "a", 1, score(-9, 4), score(-5, 9))));

        var comparisons = suite.comparisons(BOOTSTRAP);

        assertThat(comparisons)
                .extracting(Comparison::slice)
                .containsExactly("all", "all", "all", "a", "a", "a", "b", "b", "b");
        var all = comparisons.getFirst();
        assertThat(all.candidate()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(all.baseline()).isCloseTo(0.5, within(1e-12)); // longer, as long, shorter
        assertThat(all.rows()).isEqualTo(3);
        assertThat(all.prompts()).isEqualTo(2);
        assertThat(all.paired()).isNull();
    }

    private static MeasuredRow demonstration(int line, int prompt, Score candidate, Score champion) {
        return new MeasuredRow(
                line, "t" + line, "s", prompt, new RowScores.Completion(candidate), new RowScores.Completion(champion));
    }

    private static MeasuredRow pair(int line, String slice, int prompt, Score chosen, Score rejected) {
        return new MeasuredRow(line, "t" + line, slice, prompt, new RowScores.Pair(chosen, rejected), null);
    }

    private static Score score(double logProbability, int characters) {
        return new Score(logProbability, characters + 1, characters, false);
    }
}
