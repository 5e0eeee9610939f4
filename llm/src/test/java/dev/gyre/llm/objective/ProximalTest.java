package dev.gyre.llm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.program.ProgramRunner;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProximalTest {

    private static final int TIME = 7;
    private static final double EXACT = 1e-5;

    private final Random random = new Random(11);

    @Test
    void policyAndValueAreClippedAsThePaperHasIt() {
        var now = numbers(TIME, 1);
        var old = numbers(TIME, 1);
        var advantages = numbers(TIME, 2);
        var values = numbers(TIME, 1);
        var before = numbers(TIME, 1);
        var returns = numbers(TIME, 1);
        double policy = 0;
        double value = 0;
        for (int i = 0; i < TIME; i++) {
            double ratio = Math.exp(now[i] - old[i]);
            double near = Math.clamp(ratio, 0.8, 1.2);
            policy -= Math.min(ratio * advantages[i], near * advantages[i]) / TIME;
            double held = Math.clamp(values[i], before[i] - 0.3, before[i] + 0.3);
            value += 0.5 * Math.max(Math.pow(values[i] - returns[i], 2), Math.pow(held - returns[i], 2)) / TIME;
        }
        var objective = new Proximal(0.2, 0.3, 0.1);

        try (var runner = ProgramRunner.open("cpu");
                var scope = runner.newScope();
                var given = runner.bind(Map.of(
                        "old", runner.floats(scope, old, TIME),
                        "advantages", runner.floats(scope, advantages, TIME),
                        "values", runner.floats(scope, before, TIME),
                        "returns", runner.floats(scope, returns, TIME)))) {
            var seen = new float[2 * TIME];
            System.arraycopy(now, 0, seen, 0, TIME);
            System.arraycopy(values, 0, seen, TIME, TIME);
            var program = runner.load("numerics", Map.of("objective", "proximal"));
            var found = runner.read(runner.tensor(
                    scope,
                    program,
                    "objective",
                    runner.floats(scope, seen, 2, TIME),
                    runner.integers(scope, new long[TIME], TIME),
                    given,
                    objective.settings()));

            assertThat(objective.metrics()).hasSize(found.length - 1);
            assertThat((double) found[0]).isCloseTo(policy + 0.1 * value, within(EXACT));
            assertThat((double) found[1]).isCloseTo(policy, within(EXACT));
            assertThat((double) found[2]).isCloseTo(value, within(EXACT));
            assertThat(found[3]).isBetween(0.1f, 0.99f);
        }
    }

    @Test
    void advantagesAreDiscountedSumsOfErrorsAndWhitenedOverTheirMask() {
        int rows = 3;
        var rewards = numbers(rows * TIME, 1);
        var values = numbers(rows * TIME, 1);
        var mask = new float[rows * TIME];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % TIME < TIME - i / TIME ? 1 : 0;
            rewards[i] *= mask[i];
            values[i] *= mask[i];
        }
        var wanted = new double[rows * TIME];
        for (int row = 0; row < rows; row++) {
            for (int t = 0; t < TIME; t++) {
                for (int later = t; later < TIME; later++) {
                    int i = row * TIME + later;
                    double next = later + 1 < TIME ? values[i + 1] : 0;
                    wanted[row * TIME + t] += Math.pow(0.9 * 0.8, later - t) * (rewards[i] + 0.9 * next - values[i]);
                }
            }
        }
        double many = 0;
        double mean = 0;
        for (int i = 0; i < mask.length; i++) {
            many += mask[i];
            mean += wanted[i] * mask[i];
        }
        mean /= many;
        double variance = 0;
        for (int i = 0; i < mask.length; i++) {
            variance += mask[i] * Math.pow(wanted[i] - mean, 2) / (many - 1);
        }

        try (var runner = ProgramRunner.open("cpu");
                var scope = runner.newScope()) {
            var advantages = new Advantages(runner);
            var found = advantages.estimate(
                    scope,
                    runner.floats(scope, rewards, rows, TIME),
                    runner.floats(scope, values, rows, TIME),
                    0.9,
                    0.8);
            var whitened =
                    runner.read(advantages.whitened(scope, found.advantages(), runner.floats(scope, mask, rows, TIME)));
            var estimated = runner.read(found.advantages());
            var returns = runner.read(found.returns());

            for (int i = 0; i < mask.length; i++) {
                assertThat((double) estimated[i]).isCloseTo(wanted[i], within(EXACT));
                assertThat((double) returns[i]).isCloseTo(wanted[i] + values[i], within(EXACT));
                assertThat((double) whitened[i])
                        .isCloseTo(mask[i] * (wanted[i] - mean) / Math.sqrt(variance + 1e-8), within(EXACT));
            }
        }
    }

    private float[] numbers(int count, double size) {
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (size * random.nextGaussian());
        }
        return numbers;
    }
}
