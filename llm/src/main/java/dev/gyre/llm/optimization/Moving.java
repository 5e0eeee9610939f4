package dev.gyre.llm.optimization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Weights that an optimizer moves, and what it remembers of each.
///
/// @param decays 1 for each weight that decays, 0 for the others
/// @param first what it remembers of each weight, most often the gradient
/// @param second what else, most often its square
/// @param steps taken by each weight: () in fp32
public record Moving(
        List<NDArray> weights, double[] decays, List<NDArray> first, List<NDArray> second, List<NDArray> steps) {

    /// Weights before a step; `decays` is as long as they are.
    public static Moving of(
            ProgramRunner runner,
            NDManager memory,
            Optimizer optimizer,
            List<NDArray> weights,
            double[] decays,
            int step) {
        var program = program(runner, optimizer);
        var first = new ArrayList<NDArray>();
        var second = new ArrayList<NDArray>();
        var steps = new ArrayList<NDArray>();
        for (var weight : weights) {
            var known = runner.tensors(memory, program, "memory", weight);
            first.add(known.get(0));
            second.add(known.get(1));
            steps.add(runner.floats(memory, new float[] {step}));
        }
        return new Moving(List.copyOf(weights), decays, first, second, steps);
    }

    /// The program that moves weights by gradients that are known.
    public static Program program(ProgramRunner runner, Optimizer optimizer) {
        return runner.load("optimizing", Map.of("optimizer", optimizer.program()));
    }
}
