package dev.gyre.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {

    private final PairedBootstrap bootstrap = new PairedBootstrap(2000, 20);

    @Test
    void everyFurtherLookAtTheSameRowsNeedsMoreAndAllTogetherErrAtMostAsOften() {
        var spent = 0.0;
        for (var look = 1; look <= 100_000; look++) {
            spent += bootstrap.atLook(look).alpha();
        }
        assertThat(spent).isLessThan(0.05).isCloseTo(0.05, within(1e-5));

        var rows = IntStream.range(0, 60)
                .mapToObj(prompt -> new Observation(prompt, prompt % 5 == 0 ? 0 : 1, prompt % 3 == 0 ? 1 : 0.5, 1))
                .toList();
        var first = bootstrap.compare(rows);
        var fifth = bootstrap.atLook(5).compare(rows);
        assertThat(fifth.low()).isEqualTo(first.low());
        assertThat(first.look().low()).isLessThanOrEqualTo(first.low());
        assertThat(fifth.look().low()).isLessThan(first.look().low());
        assertThat(fifth.look().high()).isGreaterThan(first.look().high());
    }

    @Test
    void twoPromptsGiveTheThreeMeansThereAre() {
        // a replicate is 0, ½ or 1 with probabilities ¼, ½, ¼
        var paired = bootstrap.compare(List.of(new Observation(0, 1, 1, 1), new Observation(1, 1, 0, 1)));

        assertThat(paired.champion()).isEqualTo(0.5);
        assertThat(paired.difference()).isEqualTo(0.5);
        assertThat(paired.low()).isEqualTo(0);
        assertThat(paired.high()).isEqualTo(1);
        assertThat(paired.signTest()).isEqualTo(1);
    }

    @Test
    void ratiosAreOfSumsInEveryReplicate() {
        // drawn: prompt 0 twice −1/1, both −1/4, prompt 1 twice 0/6
        var paired = bootstrap.compare(List.of(new Observation(0, 2, 3, 1), new Observation(1, 4, 4, 3)));

        assertThat(paired.champion()).isEqualTo(7.0 / 4);
        assertThat(paired.difference()).isEqualTo(-0.25);
        assertThat(paired.low()).isEqualTo(-1);
        assertThat(paired.high()).isEqualTo(0);
    }

    @Test
    void rowsOfOnePromptStandOrFallTogether() {
        var paired = bootstrap.compare(
                List.of(new Observation(7, 1, 0, 1), new Observation(7, 0, 1, 1), new Observation(7, 1, 0, 1)));

        assertThat(paired.low())
                .isEqualTo(paired.difference())
                .isEqualTo(paired.high())
                .isCloseTo(1.0 / 3, within(1e-12));
    }

    @Test
    void manyPromptsAgreeWithTheNormalInterval() {
        var random = new Random(1);
        var rows = new ArrayList<Observation>();
        for (var prompt = 0; prompt < 400; prompt++) {
            rows.add(new Observation(prompt, 0.1 + random.nextGaussian(), 0, 1));
        }
        var mean = rows.stream().mapToDouble(Observation::candidate).average().orElseThrow();
        var variance = rows.stream()
                        .mapToDouble(row -> Math.pow(row.candidate() - mean, 2))
                        .sum()
                / 399;
        var half = 1.96 * Math.sqrt(variance / 400);

        var paired = bootstrap.compare(rows);

        assertThat(paired.low()).isCloseTo(mean - half, within(0.01));
        assertThat(paired.high()).isCloseTo(mean + half, within(0.01));
    }

    @Test
    void sameRowsGiveTheSameIntervalAgain() {
        var rows = List.of(new Observation(0, 1, 0, 1), new Observation(1, 0, 1, 2), new Observation(2, 3, 1, 5));

        assertThat(bootstrap.compare(rows)).isEqualTo(new PairedBootstrap(2000, 20).compare(rows));
    }

    @Test
    void nothingToWeighIsRefused() {
        assertThatThrownBy(() -> bootstrap.compare(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be more than 0");
    }
}
