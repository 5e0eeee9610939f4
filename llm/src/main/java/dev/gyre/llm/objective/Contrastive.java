package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// Contrastive preference optimisation without a frozen model, and SimPO and AlphaPO.
/// [Paper](https://arxiv.org/abs/2401.08417), eq. 3.
///
/// Rows: all chosen answers, then all rejected ones.
///
/// @param beta scale of the difference, above 0; for SimPO 2 to 2.5
/// @param smoothing chance that a label is wrong, 0 to 1
/// @param gamma SimPO's margin between the rewards ([paper](https://arxiv.org/abs/2405.14734), eq.
/// 6), 0 or more
/// @param alpha of AlphaPO's reward (1 − p^−α) / α ([paper](https://arxiv.org/abs/2501.03884)); 0
/// is log p
/// @param supervisedWeight weight of the chosen answers' cross-entropy, 0 or more
public record Contrastive(Kind kind, double beta, double smoothing, double gamma, double alpha, double supervisedWeight)
        implements Objective {

    /// The loss of a pair; `ipo` and `simpo` compare averages over tokens, the others sums.
    public enum Kind {
        SIGMOID("pair_sigmoid", false),
        HINGE("pair_hinge", false),
        IPO("pair_ipo", true),
        SIMPO("pair_simpo", true);

        private final String program;
        private final boolean averaged;

        Kind(String program, boolean averaged) {
            this.program = program;
            this.averaged = averaged;
        }
    }

    public Contrastive {
        Checks.above("beta", beta, 0);
        Checks.between("smoothing", smoothing, 0, 1);
        Checks.from("gamma", gamma, 0);
        Checks.from("supervisedWeight", supervisedWeight, 0);
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("objective", "contrastive", "likelihood", "likelihood", "first", kind.program);
    }

    @Override
    public double[] settings() {
        return new double[] {beta, smoothing, gamma, alpha, kind.averaged ? 1 : 0, supervisedWeight};
    }

    @Override
    public List<String> metrics() {
        return Metrics.pairsAnd("supervisedLoss");
    }
}
