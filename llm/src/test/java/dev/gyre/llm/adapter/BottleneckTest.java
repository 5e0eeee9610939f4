package dev.gyre.llm.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.gyre.llm.program.ProgramRunner;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BottleneckTest {

    private static final String ENTRY = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              _is_full_backward_hook : Optional[bool]
              def f(self: __torch__.M, w: Dict[str, Tensor], x: Tensor) -> Tensor:
                return __torch__.linear.forward(w, "m", x)
            """;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theAnswerIsThatOfTheLayerAndItsAdapterByHand(boolean swish) {
        float[] weight = {0.5f, -1, 2, 0.25f}; // (out 2, in 2)
        float[] down = {1.5f, -0.5f}; // (1, 2)
        float[] up = {2, -3}; // (2, 1)
        float[] x = {0.7f, -0.4f};
        DoubleUnaryOperator bend = swish ? h -> h / (1 + Math.exp(-h)) : h -> Math.max(0, h);
        double first = 0.5 * 0.7 + 0.4;
        double second = 2 * 0.7 - 0.25 * 0.4;
        double narrow = bend.applyAsDouble(1.5 * first - 0.5 * second + 0.1);

        try (var runner = ProgramRunner.open("cpu");
                var scope = runner.newScope()) {
            var named = new HashMap<String, NDArray>(Map.of(
                    "m.weight", runner.floats(scope, weight, 2, 2),
                    "m.adapter_down.weight", runner.floats(scope, down, 1, 2),
                    "m.adapter_down.bias", runner.floats(scope, new float[] {0.1f}, 1),
                    "m.adapter_up.weight", runner.floats(scope, up, 2, 1),
                    "m.adapter_up.bias", runner.floats(scope, new float[] {0.2f, 0.3f}, 2)));
            if (swish) {
                named.put("m.adapter_swish", runner.floats(scope, new float[] {1}, 1));
            }
            var program = runner.loadText("entry", ENTRY, Map.of("linear", "bottleneck"));
            try (var weights = runner.bind(named)) {
                var got = runner.read(runner.tensor(scope, program, "f", weights, runner.floats(scope, x, 1, 2)));

                assertThat(got[0]).isCloseTo((float) (first + 2 * narrow + 0.2), within(1e-5f));
                assertThat(got[1]).isCloseTo((float) (second - 3 * narrow + 0.3), within(1e-5f));
            }
        }
    }
}
