package dev.gyre.llm.merging;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import java.util.List;
import java.util.Map;

/// Merges task tensors on a device.
public final class Merger {

    private final ProgramRunner runner;
    private final Program program;

    public Merger(ProgramRunner runner) {
        this.runner = runner;
        this.program = runner.load("numerics", Map.of());
    }

    /// Makes one tensor of several.
    ///
    /// @param tasks fp32 (tasks, …)
    /// @param weights one for each task
    /// @throws IllegalArgumentException where the numbers of tasks and weights do not fit
    public NDArray merge(NDManager scope, Merge merge, NDArray tasks, List<Double> weights) {
        long count = tasks.getShape().get(0);
        if (weights.size() != count) {
            throw new IllegalArgumentException("there are %d weights for %d tasks".formatted(weights.size(), count));
        }
        var factors = new float[weights.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = weights.get(i).floatValue();
        }
        try (var passing = runner.newScope()) {
            return merge(scope, passing, merge, tasks, runner.floats(passing, factors, factors.length));
        }
    }

    private NDArray merge(NDManager scope, NDManager passing, Merge merge, NDArray tasks, NDArray weights) {
        return switch (merge) {
            case Merge.Linear _ -> runner.tensor(scope, program, "linear", tasks, weights);
            case Merge.Largest largest ->
                runner.tensor(scope, program, "linear", largest(passing, tasks, largest.density()), weights);
            case Merge.Ties ties ->
                runner.tensor(scope, program, "ties", largest(passing, tasks, ties.density()), weights, (long)
                        ties.election().ordinal());
            case Merge.Dare dare -> {
                var shape = tasks.getShape().getShape();
                var draws = runner.floats(
                        passing, dare.draws(Math.toIntExact(tasks.getShape().size())), shape);
                var thinned = runner.tensor(passing, program, "dare", tasks, draws, dare.density());
                yield merge(scope, passing, dare.then(), thinned, weights);
            }
            case Merge.Spherical spherical -> {
                if (tasks.getShape().get(0) != 2) {
                    throw new IllegalArgumentException("spherical interpolation takes 2 tasks, not %d"
                            .formatted(tasks.getShape().get(0)));
                }
                var pair = runner.tensors(passing, program, "apart", tasks);
                yield runner.tensor(scope, program, "spherical", pair.get(0), pair.get(1), spherical.share());
            }
        };
    }

    private NDArray largest(NDManager passing, NDArray tasks, double density) {
        return runner.tensor(passing, program, "largest", tasks, density);
    }
}
