package dev.gyre.annotation.reliability;

/// What one annotator said of one task.
///
/// @param value a label, or for a pair `first`, `second`, `tie` or `bad` in the order of the source
public record Vote(String task, String annotator, String value) {}
