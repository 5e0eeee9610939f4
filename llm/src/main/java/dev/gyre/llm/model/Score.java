package dev.gyre.llm.model;

/// How likely a model finds a completion after its prompt.
///
/// @param logProbability sum of the natural log-probabilities of the completion's tokens and the end
/// token, in nats
/// @param tokens number of tokens in that sum, the end token included
/// @param characters Unicode code points of the completion, for per-character comparison of models with
/// other
/// tokenizers
/// @param cut true where the row was longer than the model's context and its end was left out of the sum
public record Score(double logProbability, int tokens, int characters, boolean cut) {}
