package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// Kahneman-Tversky optimisation of answers judged one by one.
/// [Paper](https://arxiv.org/abs/2402.01306), eq. 8.
///
/// Rows: the judged answers, then as many with the same prompts and other answers, by which the
/// distance to the frozen model is estimated; without these it is 0, which is unpaired APO-zero
/// ([paper](https://arxiv.org/abs/2408.06266), eq. 7). Given: `reference` (targets) and `desirable`
/// (judged rows), 1 or 0.
///
/// @param beta strength of the pull towards the frozen model, above 0
/// @param desirable weight of desirable answers, 0 or more
/// @param undesirable weight of undesirable answers, 0 or more
/// @param anchored whether the distance to the frozen model is taken as 0
public record KahnemanTversky(double beta, double desirable, double undesirable, boolean anchored)
        implements Objective {

    public KahnemanTversky {
        Checks.above("beta", beta, 0);
        Checks.from("desirable", desirable, 0);
        Checks.from("undesirable", undesirable, 0);
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("objective", "kahneman_tversky", "likelihood", "likelihood");
    }

    @Override
    public double[] settings() {
        return new double[] {beta, desirable, undesirable};
    }

    @Override
    public List<String> metrics() {
        return Metrics.pairsAnd("divergence");
    }

    @Override
    public boolean needsReference() {
        return true;
    }
}
