package dev.gyre.llm.objective;

import ai.djl.ndarray.NDArray;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import java.util.Map;

/// How far a student is from its teacher: the generalised Jensen-Shannon divergence
/// ([paper](https://arxiv.org/abs/2306.13649), eq. 1).
public final class Distillation {

    private final ProgramRunner runner;
    private final Program program;

    public Distillation(ProgramRunner runner) {
        this.runner = runner;
        this.program = runner.load("numerics", Map.of());
    }

    /// The mean over positions, in nats.
    ///
    /// @param student logits (positions, vocabulary)
    /// @param teacher logits (positions, vocabulary)
    /// @param beta 0 is KL(teacher ‖ student), 1 is KL(student ‖ teacher), between them their
    /// mixture
    /// @param temperature by which both logits are divided, above 0
    public double divergence(NDArray student, NDArray teacher, double beta, double temperature) {
        Checks.between("beta", beta, 0, 1);
        Checks.above("temperature", temperature, 0);
        try (var scope = runner.newScope()) {
            return runner.read(runner.tensor(scope, program, "jensen_shannon", student, teacher, beta, temperature))[0];
        }
    }
}
