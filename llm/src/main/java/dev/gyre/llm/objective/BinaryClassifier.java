package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// Binary classifier optimisation of answers judged one by one.
/// [Paper](https://arxiv.org/abs/2404.04656), eq. 13.
///
/// Given: `reference` (targets), `desirable` (rows), 1 or 0, and `running` (2): the mean of all
/// rewards seen so far and their number, which the program moves on.
///
/// @param beta strength of the pull towards the frozen model, above 0
public record BinaryClassifier(double beta) implements Objective {

    public BinaryClassifier {
        Checks.above("beta", beta, 0);
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("objective", "binary_classifier", "likelihood", "likelihood");
    }

    @Override
    public double[] settings() {
        return new double[] {beta};
    }

    @Override
    public List<String> metrics() {
        return Metrics.pairsAnd("meanReward");
    }

    @Override
    public boolean needsReference() {
        return true;
    }
}
