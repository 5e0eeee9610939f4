package dev.gyre.eval.gate;

/// How much worse than the champion a candidate may be on a past suite.
///
/// @param size 0 or more
/// @param relative true for a share of the champion's figure, false for the metric's own unit
record Margin(double size, boolean relative) {

    Margin {
        if (!(size >= 0)) {
            throw new IllegalArgumentException("margin is %s, must be 0 or more".formatted(size));
        }
    }

    /// In the metric's own unit.
    double against(double champion) {
        return relative ? size * Math.abs(champion) : size;
    }
}
