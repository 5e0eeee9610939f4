package dev.gyre.llm.training;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.optimization.Optimizer;
import dev.gyre.llm.recipe.Adapter;
import dev.gyre.llm.recipe.Recipe;
import java.util.List;
import java.util.Optional;

/// What a training holds at least, in bytes, told before anything is opened. Twice as much is usual.
///
/// @param weights of the model
/// @param learning gradients and what the optimizer remembers, where the model itself learns; an adapter's are small
/// @param activations what a step of an average batch keeps for the way back, and the logits with their gradient
record MemoryNeed(long weights, long learning, long activations) {

    private static final int FP32 = 4;
    private static final double MEBIBYTE = 1 << 20;

    /// @param held in what numbers the weights are kept
    /// @param computed in what numbers the model computes
    static MemoryNeed of(
            Architecture model, Recipe recipe, List<Example> examples, ElementType held, ElementType computed) {
        long numbers = model.tensors().values().stream()
                .mapToLong(shape -> shape.stream().mapToLong(side -> side).reduce(1, Math::multiplyExact))
                .sum();
        boolean moves = recipe.adapter() instanceof Adapter.None;
        double batch = Math.min(recipe.regime().batch(), examples.size());
        double tokens = batch * examples.stream().mapToInt(Example::length).average().orElse(0);
        double targets = batch
                * examples.stream()
                        .mapToInt(example -> example.sequences().getFirst().targets())
                        .average()
                        .orElse(0);
        return new MemoryNeed(
                numbers * held.bytes(),
                moves ? numbers * FP32 * (1 + remembered(recipe.regime().optimizer())) : 0,
                (long) (tokens * computed.bytes() * keptPerToken(model, recipe.regime().step().recompute())
                        + 2 * targets * FP32 * outputs(model)));
    }

    /// Numbers that an optimizer remembers of a weight.
    private static int remembered(Optimizer optimizer) {
        return switch (optimizer) {
            case Optimizer.AdamW _, Optimizer.Adam _ -> 2;
            case Optimizer.Lion _ -> 1;
            case Optimizer.Sgd sgd -> sgd.momentum() > 0 ? 1 : 0;
            case Optimizer.Adafactor _ -> 0;
        };
    }

    private static long outputs(Architecture model) {
        return switch (model) {
            case DecoderConfig decoder -> decoder.vocabulary();
            case BertConfig bert -> bert.labels().size();
        };
    }

    /// Numbers that every token leaves behind: a block computed again keeps its input alone; else the norms' inputs and
    /// answers, queries and what attention answers, keys and values, and four widths of the feed-forward part.
    private static long keptPerToken(Architecture model, boolean recompute) {
        return switch (model) {
            case DecoderConfig decoder ->
                (long) decoder.layers()
                        * (recompute
                                ? decoder.width()
                                : 4 * decoder.width()
                                        + 2 * decoder.headWidth() * (decoder.heads() + decoder.groups())
                                        + 4 * decoder.feedForward());
            case BertConfig bert -> recompute ? bert.width() : 8L * bert.width();
        };
    }

    long total() {
        return weights + learning + activations;
    }

    /// Why the training should not begin; nothing where it may fit.
    ///
    /// What others hold, and what this process kept of an earlier training and takes again, is not looked at.
    ///
    /// @param all bytes that the device has
    Optional<String> refusal(String device, long all) {
        if (total() <= all) {
            return Optional.empty();
        }
        return Optional.of(
                "this training needs at least %.0f MiB (weights %.0f, gradients and optimizer %.0f, a batch %.0f) and %s has %.0f MiB; lower batch or maxTokens, set recompute=true, or train an adapter"
                        .formatted(
                                total() / MEBIBYTE,
                                weights / MEBIBYTE,
                                learning / MEBIBYTE,
                                activations / MEBIBYTE,
                                device,
                                all / MEBIBYTE));
    }
}
