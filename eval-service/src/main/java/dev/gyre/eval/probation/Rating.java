package dev.gyre.eval.probation;

/// What somebody thought of one answer.
///
/// @param slice of the interaction
record Rating(String slice, boolean bad) {}
