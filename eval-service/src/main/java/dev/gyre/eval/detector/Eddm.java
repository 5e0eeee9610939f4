package dev.gyre.eval.detector;

/// EDDM: errors that come closer together than they once did.
///
/// Baena-García and others, "Early drift detection method", IWKDDS 2006. Reads 0 and 1. Gives many false alarms
/// with the paper's limits; here for comparison, no monitor uses it.
public final class Eddm implements StreamDetector {

    private final int warmUp;
    private final double warning;
    private final double drift;
    private long values;
    private long lastError;
    private RunningMean distance = RunningMean.NONE;
    private double squares;
    private double farthest = -1;
    private Signal level = Signal.CALM;

    public Eddm() {
        this(30, 0.95, 0.9);
    }

    /// @param warmUp errors before anything is said
    /// @param warning α, share of the largest distance under which there is a warning
    /// @param drift β, share under which there is drift
    public Eddm(int warmUp, double warning, double drift) {
        this.warmUp = warmUp;
        this.warning = warning;
        this.drift = drift;
    }

    @Override
    public Signal update(double value) {
        values++;
        if (value != 1) {
            return level;
        }
        add((double) (values - lastError));
        lastError = values;
        if (values > warmUp) {
            judge();
        }
        if (level == Signal.DRIFT) {
            restart();
            return Signal.DRIFT;
        }
        return level;
    }

    private void add(double since) {
        var before = distance.mean();
        distance = distance.with(since);
        squares += (since - before) * (since - distance.mean());
    }

    private void judge() {
        var deviation = distance.count() > 1 ? Math.sqrt(squares / (distance.count() - 1)) : 0;
        var reach = distance.mean() + 2 * deviation;
        if (reach > farthest) {
            farthest = reach;
        } else if (distance.count() > warmUp) {
            var share = reach / farthest;
            level = share < drift ? Signal.DRIFT : share < warning ? Signal.WARNING : Signal.CALM;
        }
    }

    private void restart() {
        values = 0;
        lastError = 0;
        distance = RunningMean.NONE;
        squares = 0;
        farthest = -1;
        level = Signal.CALM;
    }
}
