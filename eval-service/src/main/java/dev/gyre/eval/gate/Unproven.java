package dev.gyre.eval.gate;

/// What follows where a past suite shows no loss beyond the margin but is too small to exclude one.
public enum Unproven {
    /// The candidate may pass; the reasons say what could not be excluded.
    RESERVATION,
    /// The candidate does not pass.
    INCONCLUSIVE
}
