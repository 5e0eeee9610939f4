package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// A reward model from pairs, its score read at each row's last token.
/// [Paper](https://arxiv.org/abs/2203.02155), eq. 1.
///
/// Rows: all chosen answers, then all rejected ones, each with one target, whose position is its
/// last token's. Given: `margin` (pairs), by which a chosen answer should lead
/// ([paper](https://arxiv.org/abs/2307.09288), eq. 2), or nothing.
///
/// @param centering weight of the pull of rewards towards 0
/// ([paper](https://arxiv.org/abs/2312.09244), eq. 4), 0 or more
public record BradleyTerry(double centering) implements Objective {

    public BradleyTerry {
        Checks.from("centering", centering, 0);
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("objective", "bradley_terry", "likelihood", "rewards");
    }

    @Override
    public double[] settings() {
        return new double[] {centering};
    }

    @Override
    public List<String> metrics() {
        return List.of("accuracy", "margin", "meanReward", "leastReward", "greatestReward");
    }
}
