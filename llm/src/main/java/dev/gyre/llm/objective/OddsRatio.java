package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// Odds ratio preference optimisation, without a frozen model.
/// [Paper](https://arxiv.org/abs/2403.07691), eq. 6 and 7.
///
/// Rows: all chosen answers, then all rejected ones; a chosen row's targets begin with its prompt,
/// which is learned too. Given: `completion` (targets), 1 for an answer's tokens.
///
/// @param beta weight of the odds ratio (the paper's λ), above 0
public record OddsRatio(double beta) implements Objective {

    public OddsRatio {
        Checks.above("beta", beta, 0);
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("objective", "odds_ratio", "likelihood", "likelihood");
    }

    @Override
    public double[] settings() {
        return new double[] {beta};
    }

    @Override
    public List<String> metrics() {
        return Metrics.pairsAnd("supervisedLoss", "logOddsRatio", "logOddsChosen");
    }
}
