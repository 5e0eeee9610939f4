package dev.gyre.llm.training;

import java.util.List;

/// Which weights learn.
public sealed interface Adapter {

    /// Low-Rank Adaptation ([paper](https://arxiv.org/abs/2106.09685), eq. 3): `W + alpha/rank · B·A`,
    /// the base stays
    /// frozen.
    ///
    /// @param targets names of the projections that get one, of [#PROJECTIONS]
    record Lora(int rank, double alpha, List<String> targets) implements Adapter {

        /// Every linear layer of a Llama block.
        public static final List<String> PROJECTIONS =
                List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

        public Lora {
            targets = List.copyOf(targets);
        }
    }

    /// The head of a classifier alone, on features that the encoder computes once
    /// ([paper](https://arxiv.org/abs/1810.04805), section 5.3).
    record Frozen() implements Adapter {}

    /// All weights of the model.
    record None() implements Adapter {}
}
