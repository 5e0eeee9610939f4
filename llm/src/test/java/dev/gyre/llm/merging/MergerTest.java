package dev.gyre.llm.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.program.ProgramRunner;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MergerTest {

    private static final int SIZE = 40;
    private static final ProgramRunner runner = ProgramRunner.open("cpu");

    private final float[] tasks = numbers(2 * SIZE);

    @AfterAll
    static void close() {
        runner.close();
    }

    @Test
    void dareDropsByItsSeedAndEnlargesWhatItKeeps() {
        var dare = new Merge.Dare(0.4, 5, new Merge.Linear());
        var draws = dare.draws(2 * SIZE);

        var found = merge(dare, List.of(1.0, 0.5));

        int kept = 0;
        for (int i = 0; i < SIZE; i++) {
            double first = draws[i] < 0.4f ? tasks[i] / 0.4 : 0;
            double second = draws[SIZE + i] < 0.4f ? tasks[SIZE + i] / 0.4 : 0;
            kept += first != 0 ? 1 : 0;
            assertThat((double) found[i]).isCloseTo(first + 0.5 * second, within(1e-5));
        }
        assertThat(kept).isBetween(4, 32);
        assertThat(merge(dare, List.of(1.0, 0.5))).isEqualTo(found);
        assertThat(merge(new Merge.Dare(0.4, 6, new Merge.Linear()), List.of(1.0, 0.5)))
                .isNotEqualTo(found);
    }

    @Test
    void dareThenTiesAveragesThoseThatAgree() {
        var dare = new Merge.Dare(0.7, 9, new Merge.Ties(1, Merge.Election.TOTAL));
        var draws = dare.draws(2 * SIZE);

        var found = merge(dare, List.of(1.0, 1.0));

        for (int i = 0; i < SIZE; i++) {
            double first = draws[i] < 0.7f ? tasks[i] / 0.7 : 0;
            double second = draws[SIZE + i] < 0.7f ? tasks[SIZE + i] / 0.7 : 0;
            double sign = first + second >= 0 ? 1 : -1;
            double one = Math.signum(first) == sign ? 1 : 0;
            double two = Math.signum(second) == sign ? 1 : 0;
            assertThat((double) found[i])
                    .isCloseTo((first * one + second * two) / Math.max(1, one + two), within(1e-5));
        }
    }

    @Test
    void sphericalInterpolationKeepsToTheGreatCircle() {
        double dot = 0;
        double one = 0;
        double two = 0;
        for (int i = 0; i < SIZE; i++) {
            dot += tasks[i] * tasks[SIZE + i];
            one += tasks[i] * tasks[i];
            two += tasks[SIZE + i] * tasks[SIZE + i];
        }
        double angle = Math.acos(dot / Math.sqrt(one * two));

        var found = merge(new Merge.Spherical(0.3), List.of(1.0, 1.0));

        for (int i = 0; i < SIZE; i++) {
            double wanted =
                    (Math.sin(0.7 * angle) * tasks[i] + Math.sin(0.3 * angle) * tasks[SIZE + i]) / Math.sin(angle);
            assertThat((double) found[i]).isCloseTo(wanted, within(1e-5));
        }
    }

    @Test
    void parallelTensorsAreInterpolatedStraight() {
        System.arraycopy(tasks, 0, tasks, SIZE, SIZE);

        var found = merge(new Merge.Spherical(0.3), List.of(1.0, 1.0));

        for (int i = 0; i < SIZE; i++) {
            assertThat((double) found[i]).isCloseTo(tasks[i], within(1e-5));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> merge(new Merge.Linear(), List.of(1.0))).hasMessage("there are 1 weights for 2 tasks");
        assertThatThrownBy(() -> new Merge.Largest(1.5)).hasMessage("density is 1.5, must be from 0 to 1");
        assertThatThrownBy(() -> new Merge.Dare(0, 1, new Merge.Linear())).hasMessage("density is 0, must be above 0");
    }

    private float[] merge(Merge merge, List<Double> weights) {
        try (var scope = runner.newScope()) {
            var tensor = runner.floats(scope, tasks, 2, 5, 8);
            return runner.read(new Merger(runner).merge(scope, merge, tensor, Collections.unmodifiableList(weights)));
        }
    }

    private static float[] numbers(int count) {
        var random = new Random(3);
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
