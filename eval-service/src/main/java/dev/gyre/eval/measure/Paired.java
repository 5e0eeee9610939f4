package dev.gyre.eval.measure;

/// Candidate against champion on the same rows.
///
/// @param difference candidate − champion
/// @param low lower bound of the 95 % interval of the difference
/// @param high upper bound
/// @param signTest two-sided exact p-value of as many prompts going one way, see [SignTest]
public record Paired(double champion, double difference, double low, double high, double signTest) {}
