package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/// Group relative policy optimisation and its relatives: GRPO, DAPO, Dr.
/// [Paper](https://arxiv.org/abs/2402.03300), eq. 3. GRPO, GSPO, CISPO, SAPO, LUSPO, VESPO.
///
/// Given: `advantages` (rows), `old` (targets) unless the answers are the model's own of now,
/// `reference` (targets) where `beta` is not 0, `tokens` (), the targets of the whole step, where
/// the batch is a part of it.
///
/// @param beta weight of the divergence from the frozen model, 0 or more
/// @param wholeAnswers whether ratios are of whole answers (GSPO,
/// [paper](https://arxiv.org/abs/2507.18071), eq. 7)
/// @param weightedPenalty whether the penalty is weighted by the ratio, which makes its gradient
/// unbiased
/// @param uncertain share of the tokens of greatest entropy that learn
/// ([paper](https://arxiv.org/abs/2506.01939)), above 0 to 1
/// @param entropyWeight weight of an entropy bonus
/// @param farthest answers to avoid that have moved farther than this (nats per token) do not
/// count; below 0 is no bound
/// @param length what sums are divided by under [Aggregation#LENGTH], above 0
public record PolicyGradient(
        Surrogate surrogate,
        Aggregation aggregation,
        double beta,
        boolean wholeAnswers,
        boolean weightedPenalty,
        double uncertain,
        double entropyWeight,
        double farthest,
        double length)
        implements Objective {

    /// What is averaged.
    public enum Aggregation {
        /// The mean over answers of the mean over tokens (GRPO).
        ANSWER("per_answer"),
        /// The mean over all tokens of the step (DAPO).
        TOKEN("per_token"),
        /// The sum over tokens, divided by one length for all (Dr. GRPO).
        LENGTH("per_length"),
        /// The mean over answers of the sum over tokens (LUSPO).
        SUM("per_sum");

        private final String program;

        Aggregation(String program) {
            this.program = program;
        }
    }

    public PolicyGradient {
        Checks.from("beta", beta, 0);
        Checks.between("uncertain", uncertain, 0, 1);
        Checks.above("length", length, 0);
    }

    @Override
    public Map<String, String> slots() {
        boolean observed = uncertain < 1 || entropyWeight != 0;
        return Map.of(
                "objective",
                "policy_gradient",
                "likelihood",
                observed ? "observed_likelihood" : "likelihood",
                "surrogate",
                surrogate.program(),
                "aggregation",
                aggregation.program);
    }

    @Override
    public double[] settings() {
        return DoubleStream.concat(
                        DoubleStream.of(
                                beta,
                                wholeAnswers ? 1 : 0,
                                weightedPenalty ? 1 : 0,
                                uncertain,
                                entropyWeight,
                                farthest,
                                length),
                        DoubleStream.of(surrogate.settings()))
                .toArray();
    }

    @Override
    public List<String> metrics() {
        return List.of(
                "divergence",
                "clippedBelow",
                "clippedAbove",
                "clipped",
                "leastClippedBelow",
                "mostClippedAbove",
                "weightsCapped");
    }

    @Override
    public boolean needsReference() {
        return beta != 0;
    }
}
