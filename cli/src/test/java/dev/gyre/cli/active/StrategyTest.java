package dev.gyre.cli.active;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.cli.active.Strategy.Situation;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A line of 41 texts from -2 to 2, of which those below zero have the label 0.
class StrategyTest {

    private static final List<float[]> LINE = IntStream.rangeClosed(-20, 20)
            .mapToObj(place -> new float[] {place / 10f})
            .toList();

    private static final List<Integer> TRUTH =
            IntStream.rangeClosed(-20, 20).map(place -> place < 0 ? 0 : 1).boxed().toList();

    private static final List<Integer> OPEN =
            IntStream.range(0, 41).filter(row -> row != 2 && row != 38).boxed().toList();

    private final Situation ends = new Situation(LINE, TRUTH, 2, List.of(2, 38), OPEN);

    @ParameterizedTest
    @EnumSource
    void choosesOpenTextsOnce(Strategy strategy) {
        var chosen = strategy.choose(ends, 7, new Random(1));

        assertThat(new HashSet<>(chosen)).hasSize(7).isSubsetOf(new HashSet<>(OPEN));
        assertThat(strategy.choose(ends, 100, new Random(1))).hasSize(OPEN.size());
    }

    @Test
    void marginAsksAtTheBorder() {
        assertThat(Strategy.MARGIN.choose(ends, 5, new Random(1)))
                .allSatisfy(row -> assertThat(row).isBetween(17, 23));
    }

    @Test
    void diversityAsksFarFromWhatIsLabelled() {
        assertThat(Strategy.DIVERSITY.choose(ends, 1, new Random(1))).containsExactly(20);
    }

    @Test
    void headLearnsTheBorder() {
        var head = LinearHead.fit(LINE, TRUTH, 2);

        assertThat(LINE.stream().map(head::label).toList()).isEqualTo(TRUTH);
        assertThat(head.probabilities(LINE.getFirst())[0]).isGreaterThan(0.95);
    }

    @Test
    void askingAtTheBorderFindsItSooner() {
        var random = new Random(3);
        var vectors = IntStream.range(0, 400)
                .mapToObj(row -> new float[] {(float) random.nextGaussian(), (float) random.nextGaussian()})
                .toList();
        var truth = vectors.stream().map(at -> at[0] + 2 * at[1] < 0.7 ? 0 : 1).toList();
        var curves = new LearningCurves(vectors, truth, 2, 4, 4, 40);

        double margin = 0;
        double chance = 0;
        for (int seed = 1; seed <= 5; seed++) {
            var drawn = curves.draw(seed);
            margin += drawn.getOrDefault(Strategy.MARGIN, List.of()).getLast();
            chance += drawn.getOrDefault(Strategy.RANDOM, List.of()).getLast();
        }

        assertThat(margin).isGreaterThan(chance);
    }
}
