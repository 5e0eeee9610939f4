package dev.gyre.llm.recipe;

import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.optimization.Optimizer;
import dev.gyre.llm.optimization.Schedule;
import dev.gyre.llm.program.ProgramRunner;

/// How fast, how long and on how much at a time to learn, the same for every recipe.
///
/// @param epochs passes over the rows, used where `steps` is 0
/// @param steps of the optimizer; 0 follows `epochs`
/// @param batch rows (or pairs) computed at a time; `batch` times `accumulate` (times the workers of a group) make a
/// step of the optimizer, as in transformers and TRL
/// @param maxTokens longest row; 0 is the model's context
/// @param warmup share of the steps over which the learning rate climbs from 0, 0 to 1
/// @param gradientNorm the gradients are scaled down to this global norm; 0 leaves them
/// @param step what happens inside one step
/// @param moves which weights move, and how fast beside the others
/// @param ema share of itself that the running average of the weights keeps at each step, 0 to below 1: what is saved
/// is this average ([paper](https://arxiv.org/abs/1412.6980), section 7.2), begun at the first weights; 0 saves the
/// weights of the last step
/// @param stopping what is held out to see when to stop
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
        Step step,
        Optimizer optimizer,
        Precision precision,
        Moves moves,
        double ema,
        Stopping stopping,
        int checkpointSteps,
        int checkpointSeconds) {

    /// What happens inside one step of the optimizer. None of it but `neftune` changes what is learned.
    ///
    /// @param accumulate batches whose gradients make one step, 1 or more. The step is that of one large batch: a mean
    /// over targets counts those of the whole step, a mean over pairs its pairs. What an objective compares across rows
    /// (KTO's point of reference, AOT's order, BCO's running mean) or averages beside its pairs (the cross-entropy in
    /// ORPO and CPO) stays within a batch
    /// @param packing whether the rows of a batch stand in one line without padding, where what they begin with alike
    /// stands once; each is seen by itself alone ([paper](https://arxiv.org/abs/2107.02027), section 3.2)
    /// @param recompute whether each layer keeps only what goes into it and is computed again on the way back: less
    /// memory for about a third more time ([paper](https://arxiv.org/abs/1604.06174), section 4.2)
    /// @param neftune α of the noise on embedded tokens, uniform within ±α/√(tokens · width) of a row while it
    /// learns ([paper](https://arxiv.org/abs/2310.05914), algorithm 1; there 5 to 15); 0 is none
    public record Step(int accumulate, boolean packing, boolean recompute, double neftune) {

        /// One batch, once, without padding or noise.
        public static final Step PLAIN = new Step(1, true, false, 0);

        public Step {
            if (accumulate < 1) {
                throw new IllegalArgumentException("accumulate is %d, must be 1 or more".formatted(accumulate));
            }
            if (!(neftune >= 0 && neftune < 1e9)) {
                throw new IllegalArgumentException("neftune is %s, must be from 0 to 1e9".formatted(neftune));
            }
        }
    }

    /// What happens to a row beyond `maxTokens`.
    public enum TooLong {
        REFUSE,
        CUT
    }

    /// In what numbers the model computes: bf16 only where the device has units for it, see [#numbers]. Weights that
    /// move are kept in fp32 by both, since a bf16 weight would swallow small steps
    /// ([paper](https://arxiv.org/abs/1710.03740), section 3.1).
    public enum Precision {
        FP32,
        BF16
    }

    /// In what numbers the model computes on a device: fp32 also where bf16 is asked for and the device cannot multiply
    /// it, on which fp32 is nearer to the truth and a hundred times faster.
    public ElementType numbers(ProgramRunner runner) {
        return switch (precision) {
            case FP32 -> ElementType.F32;
            case BF16 -> runner.multipliesBf16() ? ElementType.BF16 : ElementType.F32;
        };
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
                Step.PLAIN,
                new Optimizer.AdamW(0.9, 0.95, 1e-8, 0.1),
                Precision.FP32,
                Moves.ALL,
                0,
                Stopping.NONE,
                0,
                60);
    }

    /// The same regime with other steps.
    public Regime withStep(Step other) {
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
                other,
                optimizer,
                precision,
                moves,
                ema,
                stopping,
                checkpointSteps,
                checkpointSeconds);
    }

    /// The same regime with other rows held out.
    public Regime withStopping(Stopping other) {
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
                step,
                optimizer,
                precision,
                moves,
                ema,
                other,
                checkpointSteps,
                checkpointSeconds);
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
                step,
                optimizer,
                precision,
                moves,
                ema,
                stopping,
                everySteps,
                everySeconds);
    }
}
