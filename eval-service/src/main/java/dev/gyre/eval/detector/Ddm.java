package dev.gyre.eval.detector;

/// DDM: an error rate that leaves its best by so many standard deviations.
///
/// Gama, Medas, Castillo and Rodrigues, "Learning with drift detection", SBIA 2004. Reads 0 and 1.
public final class Ddm implements StreamDetector {

    private final int warmUp;
    private final double warning;
    private final double drift;
    private RunningMean rate = RunningMean.NONE;
    private double bestRate = Double.POSITIVE_INFINITY;
    private double bestDeviation = Double.POSITIVE_INFINITY;

    public Ddm() {
        this(30, 2, 3);
    }

    /// @param warmUp values before anything is said
    /// @param warning standard deviations to a warning
    /// @param drift standard deviations to drift
    public Ddm(int warmUp, double warning, double drift) {
        this.warmUp = warmUp;
        this.warning = warning;
        this.drift = drift;
    }

    @Override
    public Signal update(double value) {
        rate = rate.with(value);
        if (rate.count() <= warmUp) {
            return Signal.CALM;
        }
        var deviation = Math.sqrt(rate.mean() * (1 - rate.mean()) / rate.count());
        var level = rate.mean() + deviation;
        if (level <= bestRate + bestDeviation) {
            bestRate = rate.mean();
            bestDeviation = deviation;
        }
        if (level > bestRate + drift * bestDeviation) {
            rate = RunningMean.NONE;
            bestRate = Double.POSITIVE_INFINITY;
            bestDeviation = Double.POSITIVE_INFINITY;
            return Signal.DRIFT;
        }
        return level > bestRate + warning * bestDeviation ? Signal.WARNING : Signal.CALM;
    }
}
