package dev.gyre.llm.optimization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.program.ProgramRunner;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OptimizerTest {

    private static final int ROWS = 3;
    private static final int COLUMNS = 4;
    private static final int SIZE = ROWS * COLUMNS;
    private static final int STEPS = 4;

    private final Random random = new Random(2);

    @Test
    void lionStepsByTheSignOfItsMemory() {
        var weight = numbers();
        var gradients = List.of(numbers(), numbers(), numbers(), numbers());
        var memory = new double[SIZE];
        var wanted = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            wanted[i] = weight[i];
            for (var gradient : gradients) {
                double update = Math.signum(0.9 * memory[i] + 0.1 * gradient[i]);
                wanted[i] = wanted[i] * (1 - 0.01 * 0.2) - 0.01 * update;
                memory[i] = 0.99 * memory[i] + 0.01 * gradient[i];
            }
        }

        assertNear(after(new Optimizer.Lion(0.9, 0.99, 0.2), weight, gradients), wanted);
    }

    @Test
    void adafactorRemembersAMatrixByRowsAndColumns() {
        var weight = numbers();
        var gradients = List.of(numbers(), numbers(), numbers(), numbers());
        var rows = new double[ROWS];
        var columns = new double[COLUMNS];
        var wanted = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            wanted[i] = weight[i];
        }
        for (int step = 1; step <= STEPS; step++) {
            double kept = 1 - Math.pow(step, -0.8);
            var gradient = gradients.get(step - 1);
            var rowMeans = new double[ROWS];
            var columnMeans = new double[COLUMNS];
            for (int i = 0; i < SIZE; i++) {
                double square = gradient[i] * gradient[i] + 1e-30;
                rowMeans[i / COLUMNS] += square / COLUMNS;
                columnMeans[i % COLUMNS] += square / ROWS;
            }
            double mean = 0;
            for (int r = 0; r < ROWS; r++) {
                rows[r] = kept * rows[r] + (1 - kept) * rowMeans[r];
                mean += rows[r] / ROWS;
            }
            for (int c = 0; c < COLUMNS; c++) {
                columns[c] = kept * columns[c] + (1 - kept) * columnMeans[c];
            }
            var update = new double[SIZE];
            double size = 0;
            double scale = 0;
            for (int i = 0; i < SIZE; i++) {
                update[i] = gradient[i] / Math.sqrt(rows[i / COLUMNS] / mean * columns[i % COLUMNS]);
                size += update[i] * update[i] / SIZE;
                scale += wanted[i] * wanted[i] / SIZE;
            }
            double rate = 0.01 * Math.max(1e-3, Math.sqrt(scale));
            for (int i = 0; i < SIZE; i++) {
                wanted[i] = wanted[i] * (1 - 0.2 * rate) - update[i] / Math.max(1, Math.sqrt(size)) * rate;
            }
        }

        var optimizer = new Optimizer.Adafactor(1e-30, 1e-3, 1, -0.8, -1, 0.2, true, false, false);
        assertNear(after(optimizer, weight, gradients), wanted);
    }

    @Test
    void aWeightThatDoesNotDecayKeepsItsSizeWithoutGradients() {
        var weight = numbers();
        var still = List.of(new float[SIZE]);

        for (var optimizer : List.of(
                new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.5),
                new Optimizer.Sgd(0, 0, false, 0.5),
                new Optimizer.Lion(0.9, 0.99, 0.5),
                Optimizer.Adafactor.of(0.5))) {
            assertThat(after(optimizer, weight, still, 0))
                    .as(optimizer.program())
                    .isEqualTo(weight);
            assertThat(after(optimizer, weight, still, 1))
                    .as(optimizer.program())
                    .isNotEqualTo(weight);
        }
    }

    @Test
    void wrongParametersAreNamed() {
        assertThatThrownBy(() -> new Optimizer.AdamW(1, 0.9, 1e-8, 0))
                .hasMessage("beta1 is 1.0, must be from 0, below 1");
        assertThatThrownBy(() -> new Optimizer.Sgd(0, 0, true, 0)).hasMessageStartingWith("nesterov needs a momentum");
        assertThatThrownBy(() -> new Schedule.Restarts(0)).hasMessage("cycles is 0.0, must be above 0");
    }

    private static float[] after(Optimizer optimizer, float[] weight, List<float[]> gradients) {
        return after(optimizer, weight, gradients, 1);
    }

    private static float[] after(Optimizer optimizer, float[] weight, List<float[]> gradients, double decays) {
        try (var runner = ProgramRunner.open("cpu");
                var scope = runner.newScope()) {
            var moved = runner.floats(scope, weight, ROWS, COLUMNS);
            var moving = Moving.of(runner, scope, optimizer, List.of(moved), new double[] {decays}, 0);
            var program = Moving.program(runner, optimizer);
            for (var gradient : gradients) {
                runner.tensor(
                        scope,
                        program,
                        "update",
                        moving.weights(),
                        moving.decays(),
                        List.of(runner.floats(scope, gradient, ROWS, COLUMNS)),
                        moving.first(),
                        moving.second(),
                        moving.steps(),
                        0.01,
                        0.0,
                        optimizer.settings());
            }
            return runner.read(moved);
        }
    }

    private static void assertNear(float[] found, double[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) found[i]).isCloseTo(wanted[i], within(1e-6));
        }
    }

    private float[] numbers() {
        var numbers = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
