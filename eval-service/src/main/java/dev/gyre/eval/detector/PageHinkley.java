package dev.gyre.eval.detector;

/// Page–Hinkley: the sum of what goes beyond the mean, forgotten slowly; says when a mean has risen.
///
/// Page, "Continuous inspection schemes", Biometrika 1954.
public final class PageHinkley implements StreamDetector {

    private final int warmUp;
    private final double tolerance;
    private final double threshold;
    private final double memory;
    private RunningMean mean = RunningMean.NONE;
    private double excess;

    public PageHinkley() {
        this(30, 0.005, 50, 0.9999);
    }

    /// @param warmUp values before anything is said
    /// @param tolerance δ, a rise per value that is none
    /// @param threshold λ, in units of the values
    /// @param memory α, what is left of the sum after each value
    public PageHinkley(int warmUp, double tolerance, double threshold, double memory) {
        this.warmUp = warmUp;
        this.tolerance = tolerance;
        this.threshold = threshold;
        this.memory = memory;
    }

    @Override
    public Signal update(double value) {
        mean = mean.with(value);
        excess = Math.max(0, memory * excess + (value - mean.mean() - tolerance));
        if (mean.count() + 1 < warmUp || excess < threshold) {
            return Signal.CALM;
        }
        mean = RunningMean.NONE;
        excess = 0;
        return Signal.DRIFT;
    }

    /// The sum that is compared with the threshold.
    public double excess() {
        return excess;
    }
}
