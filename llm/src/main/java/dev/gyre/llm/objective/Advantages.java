package dev.gyre.llm.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import java.util.Map;

/// By how much tokens did better than expected ([paper](https://arxiv.org/abs/1506.02438), eq. 16).
public final class Advantages {

    /// Both (rows, time).
    public record Estimate(NDArray advantages, NDArray returns) {}

    private final ProgramRunner runner;
    private final Program program;

    public Advantages(ProgramRunner runner) {
        this.runner = runner;
        this.program = runner.load("numerics", Map.of());
    }

    /// Generalised advantage estimation.
    ///
    /// @param rewards (rows, time), 0 beyond a row's end
    /// @param values (rows, time), 0 beyond a row's end
    /// @param gamma discount of later rewards, 0 to 1
    /// @param decay λ, weight of later errors, 0 to 1
    public Estimate estimate(NDManager scope, NDArray rewards, NDArray values, double gamma, double decay) {
        Checks.between("gamma", gamma, 0, 1);
        Checks.between("decay", decay, 0, 1);
        var found = runner.tensors(scope, program, "advantages", rewards, values, gamma, decay);
        return new Estimate(found.get(0), found.get(1));
    }

    /// Values with mean 0 and unbiased variance 1 over a mask of two or more, 0 outside it.
    public NDArray whitened(NDManager scope, NDArray values, NDArray mask) {
        return runner.tensor(scope, program, "whitened", values, mask);
    }
}
