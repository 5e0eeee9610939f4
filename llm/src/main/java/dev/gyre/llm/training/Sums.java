package dev.gyre.llm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.parallel.Group;
import dev.gyre.llm.program.ProgramRunner;
import java.util.List;

/// The gradients of one step, gathered of several batches and of all workers before the weights move.
///
/// @param tensors of each learned weight one of its shape, fp32
record Sums(ProgramRunner runner, List<NDArray> tensors, Group group) {

    /// Sums at 0 in `memory`.
    static Sums of(ProgramRunner runner, NDManager memory, List<NDArray> weights, Group group) {
        return new Sums(
                runner,
                weights.stream()
                        .map(weight -> runner.convert(memory, "zeros", weight))
                        .toList(),
                group);
    }

    /// Adds what the other workers have gathered.
    void exchange() {
        if (group.size() == 1) {
            return;
        }
        for (var tensor : tensors) {
            try (var scope = runner.newScope()) {
                var values = runner.read(tensor);
                group.sum(values);
                runner.convert(
                        scope,
                        "fill",
                        tensor,
                        runner.floats(scope, values, tensor.getShape().getShape()));
            }
        }
    }
}
