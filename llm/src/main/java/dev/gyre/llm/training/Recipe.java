package dev.gyre.llm.training;

import java.util.Map;

/// A way to learn: the loss, the weights that move, and the regime.
public sealed interface Recipe {

    Adapter adapter();

    Regime regime();

    /// Learns to write given completions: cross-entropy on completion and end token.
    record Supervised(Adapter adapter, Regime regime) implements Recipe {}

    /// Direct Preference Optimization ([paper](https://arxiv.org/abs/2305.18290), eq. 7).
    ///
    /// @param beta strength of the pull towards the base, above 0
    /// @param supervisedWeight weight of an added cross-entropy on the chosen answers (RPO, [paper](https://arxiv.org/abs/2404.19733), α); 0 is plain DPO
    record Dpo(Adapter adapter, Regime regime, double beta, double supervisedWeight) implements Recipe {}

    /// Reads a recipe from words; what `settings` leaves out has a default.
    ///
    /// @param method `supervised` or `dpo`
    /// @param adapter `lora` or `none`
    /// @throws IllegalArgumentException naming the key, the value and the bound, also for a key nobody knows
    static Recipe of(String method, String adapter, Map<String, String> settings) {
        throw new UnsupportedOperationException();
    }
}
