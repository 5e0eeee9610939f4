package dev.gyre.eval.detector;

/// What is said of a stream or of a window, the worst last.
public enum Signal {
    CALM,
    WARNING,
    DRIFT;

    public Signal or(Signal other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
