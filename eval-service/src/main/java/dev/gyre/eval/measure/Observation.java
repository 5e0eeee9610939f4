package dev.gyre.eval.measure;

/// One row as the statistics see it: what each model adds above the line, and what the row weighs below it.
///
/// @param prompt number of the row's prompt; rows of one prompt are not independent and are drawn together
public record Observation(int prompt, double candidate, double champion, double weight) {}
