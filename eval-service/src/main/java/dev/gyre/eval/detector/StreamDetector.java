package dev.gyre.eval.detector;

/// Reads a stream one value at a time.
///
/// A detector is never stored: the same values in the same order bring it back. After DRIFT it starts anew with the
/// next value.
public sealed interface StreamDetector permits Adwin, Ddm, Eddm, HddmA, HddmW, Kswin, PageHinkley {

    Signal update(double value);
}
