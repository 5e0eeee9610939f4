package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// REINFORCE with a leave-one-out baseline, RLOO, on clipped ratios of whole answers.
/// [Paper](https://arxiv.org/abs/2402.14740), eq. 8.
///
/// Given: `advantages` (rows) and `old` (targets).
///
/// @param low how far below 1 the ratio counts, 0 or more
/// @param high how far above 1 the ratio counts, 0 or more
public record LeaveOneOut(double low, double high) implements Objective {

    public LeaveOneOut {
        Checks.from("low", low, 0);
        Checks.from("high", high, 0);
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("objective", "leave_one_out", "likelihood", "likelihood");
    }

    @Override
    public double[] settings() {
        return new double[] {low, high};
    }

    @Override
    public List<String> metrics() {
        return List.of("clippedBelow", "clippedAbove", "clipped", "leastClippedBelow", "mostClippedAbove");
    }
}
