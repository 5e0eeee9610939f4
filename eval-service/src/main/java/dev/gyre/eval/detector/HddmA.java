package dev.gyre.eval.detector;

/// HDDM_A: Hoeffding's bound on how far the mean may be from its best beginning.
///
/// Frías-Blanco and others, "Online and non-parametric drift detection methods based on Hoeffding's bounds", IEEE TKDE
/// 2015, the A-test. Reads values from 0 to 1.
public final class HddmA implements StreamDetector {

    private final double drift;
    private final double warning;
    private final boolean twoSided;
    private RunningMean all = RunningMean.NONE;
    private RunningMean lowest = RunningMean.NONE;
    private RunningMean highest = RunningMean.NONE;

    public HddmA() {
        this(0.001, 0.005, false);
    }

    /// @param drift chance of a false alarm
    /// @param warning chance of a false warning
    /// @param twoSided whether a mean that falls counts too
    public HddmA(double drift, double warning, boolean twoSided) {
        this.drift = drift;
        this.warning = warning;
        this.twoSided = twoSided;
    }

    @Override
    public Signal update(double value) {
        all = all.with(value);
        if (lowest.count() == 0 || lowest.mean() + bound(lowest) >= all.mean() + bound(all)) {
            lowest = all;
        }
        if (highest.count() == 0 || highest.mean() - bound(highest) <= all.mean() - bound(all)) {
            highest = all;
        }
        var signal = signal(lowest, all.mean() - lowest.mean());
        if (twoSided) {
            signal = signal.or(signal(highest, highest.mean() - all.mean()));
        }
        if (signal == Signal.DRIFT) {
            all = RunningMean.NONE;
            lowest = RunningMean.NONE;
            highest = RunningMean.NONE;
        }
        return signal;
    }

    /// How far the mean has risen from its best beginning.
    public double rise() {
        return all.mean() - lowest.mean();
    }

    /// The rise that is drift; infinite while the mean is at its best.
    public double limit() {
        return lowest.count() == all.count() ? Double.POSITIVE_INFINITY : limit(lowest, drift);
    }

    private Signal signal(RunningMean best, double difference) {
        if (best.count() == all.count()) {
            return Signal.CALM;
        }
        if (difference >= limit(best, drift)) {
            return Signal.DRIFT;
        }
        return difference >= limit(best, warning) ? Signal.WARNING : Signal.CALM;
    }

    private double limit(RunningMean best, double confidence) {
        var share = (double) (all.count() - best.count()) / best.count() * (1.0 / all.count());
        return Math.sqrt(share / 2 * Math.log(2 / confidence));
    }

    private double bound(RunningMean mean) {
        return Math.sqrt(1.0 / (2 * mean.count()) * Math.log(1 / drift));
    }
}
