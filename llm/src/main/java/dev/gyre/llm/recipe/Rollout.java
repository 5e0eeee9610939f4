package dev.gyre.llm.recipe;

/// How answers are drawn from the model that learns, and what is learned from them.
///
/// @param group answers to each prompt
/// @param maxNewTokens of an answer, 1 or more
/// @param updates how often the same answers are learned from, 1 or more
/// @param beta weight of the divergence from the frozen model, in the loss or in the rewards; 0 or more
/// @param gamma discount of later rewards, 0 to 1
/// @param decay λ of generalised advantage estimation, 0 to 1
/// @param scaled whether the advantages of a group are divided by the deviation of its rewards
public record Rollout(
        int group, int maxNewTokens, int updates, double beta, double gamma, double decay, boolean scaled) {}
