package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// Generalised knowledge distillation: the divergence of a student from its teacher, place by place.
/// [Paper](https://arxiv.org/abs/2306.13649), eq. 1.
///
/// Given: `teacher` (targets, vocabulary), the teacher's logits.
///
/// @param beta 0 is KL(teacher ‖ student), 1 is KL(student ‖ teacher), between them their mixture
/// @param temperature by which both logits are divided, above 0
public record JensenShannon(double beta, double temperature) implements Objective {

    public JensenShannon {
        Checks.between("beta", beta, 0, 1);
        Checks.above("temperature", temperature, 0);
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("objective", "distilled", "likelihood", "distributions");
    }

    @Override
    public double[] settings() {
        return new double[] {beta, temperature};
    }

    @Override
    public List<String> metrics() {
        return List.of();
    }
}
