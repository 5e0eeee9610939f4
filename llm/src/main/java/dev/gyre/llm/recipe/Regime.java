package dev.gyre.llm.recipe;

import dev.gyre.llm.optimization.Optimizer;
import dev.gyre.llm.optimization.Schedule;

/// How fast, how long and on how much at a time to learn, the same for every recipe.
///
/// @param epochs passes over the rows, used where `steps` is 0
/// @param steps of the optimizer; 0 follows `epochs`
/// @param batch rows (or pairs) per step
/// @param maxTokens longest row; 0 is the model's context
/// @param warmup share of the steps over which the learning rate climbs from 0, 0 to 1
/// @param gradientNorm the gradients are scaled down to this global norm; 0 leaves them
/// @param moves which weights move, and how fast beside the others
/// @param checkpointSteps a checkpoint after every so many steps; 0 is never
/// @param checkpointSeconds a checkpoint after so many seconds; 0 is never
public record Regime(
        double learningRate,
        Schedule schedule,
        double warmup,
        int epochs,
        int steps,
        int batch,
        int maxTokens,
        TooLong tooLong,
        double gradientNorm,
        Optimizer optimizer,
        Precision precision,
        Moves moves,
        int checkpointSteps,
        int checkpointSeconds) {

    /// What happens to a row beyond `maxTokens`.
    public enum TooLong {
        REFUSE,
        CUT
    }

    /// In what numbers the model computes.
    public enum Precision {
        FP32,
        BF16
    }

    /// A regime for a model made from nothing: cosine schedule, weight decay 0.1, as Llama was trained
    /// ([paper](https://arxiv.org/abs/2302.13971), section 2.3).
    public static Regime pretraining(double learningRate, int steps, int batch) {
        return new Regime(
                learningRate,
                Schedule.COSINE,
                0.05,
                1,
                steps,
                batch,
                0,
                TooLong.CUT,
                1,
                new Optimizer.AdamW(0.9, 0.95, 1e-8, 0.1),
                Precision.FP32,
                Moves.ALL,
                0,
                60);
    }

    /// The same regime with other checkpoints, which never change the result.
    public Regime withCheckpoints(int everySteps, int everySeconds) {
        return new Regime(
                learningRate,
                schedule,
                warmup,
                epochs,
                steps,
                batch,
                maxTokens,
                tooLong,
                gradientNorm,
                optimizer,
                precision,
                moves,
                everySteps,
                everySeconds);
    }
}
