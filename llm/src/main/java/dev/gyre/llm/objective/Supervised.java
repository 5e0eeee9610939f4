package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// Cross-entropy of the targets, averaged over all of them.
///
/// @param dynamic whether each token counts by its own probability (dynamic fine-tuning,
/// [paper](https://arxiv.org/abs/2508.05629), eq. 9)
public record Supervised(boolean dynamic) implements Objective {

    @Override
    public Map<String, String> slots() {
        return Map.of("likelihood", "likelihood", "objective", dynamic ? "dynamic_supervised" : "supervised");
    }

    @Override
    public double[] settings() {
        return new double[0];
    }

    @Override
    public boolean perTarget() {
        return true;
    }

    @Override
    public List<String> metrics() {
        return List.of();
    }
}
