package dev.gyre.eval.detector;

/// HDDM_W: McDiarmid's bound between the weighted mean at its best and the weighted mean since.
///
/// Frías-Blanco and others, "Online and non-parametric drift detection methods based on Hoeffding's bounds", IEEE TKDE
/// 2015, the W-test. Reads values from 0 to 1.
public final class HddmW implements StreamDetector {

    /// @param weights sum of the squared weights, the paper's condition of independent bounds
    private record Weighted(double mean, double weights, boolean isEmpty) {

        static final Weighted NONE = new Weighted(0, 1, true);

        Weighted with(double value, double weight) {
            return new Weighted(
                    isEmpty ? value : weight * value + (1 - weight) * mean,
                    weight * weight + (1 - weight) * (1 - weight) * weights,
                    false);
        }

        double bound(double confidence) {
            return bound(weights, confidence);
        }

        /// Whether that mean is above this one by more than chance.
        boolean isBelow(Weighted that, double confidence) {
            return !isEmpty && !that.isEmpty && that.mean - mean > bound(weights + that.weights, confidence);
        }

        private static double bound(double weights, double confidence) {
            return Math.sqrt(weights * Math.log(1 / confidence) / 2);
        }
    }

    private final double drift;
    private final double warning;
    private final double weight;
    private final boolean twoSided;
    private Weighted all = Weighted.NONE;
    private Weighted lowest = Weighted.NONE;
    private Weighted sinceLowest = Weighted.NONE;
    private Weighted highest = Weighted.NONE;
    private Weighted sinceHighest = Weighted.NONE;
    private double lowestTop = Double.POSITIVE_INFINITY;
    private double highestBottom = Double.NEGATIVE_INFINITY;

    public HddmW() {
        this(0.001, 0.005, 0.05, false);
    }

    /// @param drift chance of a false alarm
    /// @param warning chance of a false warning
    /// @param weight λ, weight of the newest value
    /// @param twoSided whether a mean that falls counts too
    public HddmW(double drift, double warning, double weight, boolean twoSided) {
        this.drift = drift;
        this.warning = warning;
        this.weight = weight;
        this.twoSided = twoSided;
    }

    @Override
    public Signal update(double value) {
        all = all.with(value, weight);
        var reach = all.bound(drift);
        if (all.mean() + reach < lowestTop) {
            lowestTop = all.mean() + reach;
            lowest = all;
            sinceLowest = Weighted.NONE;
        } else {
            sinceLowest = sinceLowest.with(value, weight);
        }
        if (all.mean() - reach > highestBottom) {
            highestBottom = all.mean() - reach;
            highest = all;
            sinceHighest = Weighted.NONE;
        } else {
            sinceHighest = sinceHighest.with(value, weight);
        }
        var signal = signal(lowest, sinceLowest);
        if (twoSided) {
            signal = signal.or(signal(sinceHighest, highest));
        }
        if (signal == Signal.DRIFT) {
            restart();
        }
        return signal;
    }

    private Signal signal(Weighted low, Weighted high) {
        if (low.isBelow(high, drift)) {
            return Signal.DRIFT;
        }
        return low.isBelow(high, warning) ? Signal.WARNING : Signal.CALM;
    }

    private void restart() {
        all = Weighted.NONE;
        lowest = Weighted.NONE;
        sinceLowest = Weighted.NONE;
        highest = Weighted.NONE;
        sinceHighest = Weighted.NONE;
        lowestTop = Double.POSITIVE_INFINITY;
        highestBottom = Double.NEGATIVE_INFINITY;
    }
}
