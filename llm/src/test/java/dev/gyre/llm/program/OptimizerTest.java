package dev.gyre.llm.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.model.Golden;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizerTest {

    private static final String ENTRY = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              _is_full_backward_hook : Optional[bool]
              def update(self: __torch__.M, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], rate: float, settings: List[float]) -> Tensor:
                clipped = __torch__.clip.forward(gradients, __torch__.clip.norm(gradients), 1.)
                __torch__.adamw.forward(weights, weights, clipped, first, second, steps, rate, settings)
                return weights[0]
            """;

    @Test
    void clippedUpdatesEqualTorch() {
        var golden = Golden.values().path("optimizer");
        var wanted = golden.path("adamw").path("after");

        try (var runner = ProgramRunner.open("cpu");
                var scope = runner.newScope()) {
            var program = runner.load("test", ProgramLinker.linkSource(ENTRY, Map.of("linear", "linear")));
            var weights = List.of(floats(runner, scope, Golden.doubles(golden.path("w0"))));
            var first = List.of(floats(runner, scope, new double[6]));
            var second = List.of(floats(runner, scope, new double[6]));
            var steps = List.of(floats(runner, scope, new double[1]));
            for (int step = 0; step < wanted.size(); step++) {
                var gradients = List.of(floats(
                        runner, scope, Golden.doubles(golden.path("grads").get(step))));
                var settings = new double[] {0.9, 0.999, 1e-8, 0.1};
                var after = runner.read(runner.tensor(
                        scope, program, "update", weights, gradients, first, second, steps, 0.01, settings));
                for (int i = 0; i < after.length; i++) {
                    assertThat((double) after[i])
                            .isCloseTo(wanted.get(step).get(i).asDouble(), within(1e-6));
                }
            }
        }
    }

    private static ai.djl.ndarray.NDArray floats(
            ProgramRunner runner, ai.djl.ndarray.NDManager scope, double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return values.length == 1 ? runner.floats(scope, floats) : runner.floats(scope, floats, values.length);
    }
}
