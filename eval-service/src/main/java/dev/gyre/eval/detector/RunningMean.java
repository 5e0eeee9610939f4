package dev.gyre.eval.detector;

/// A mean and how many values it is of.
record RunningMean(double mean, long count) {

    static final RunningMean NONE = new RunningMean(0, 0);

    RunningMean with(double value) {
        return new RunningMean(mean + (value - mean) / (count + 1), count + 1);
    }
}
