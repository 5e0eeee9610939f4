package dev.gyre.llm.recipe;

import dev.gyre.llm.objective.BinaryClassifier;
import dev.gyre.llm.objective.BradleyTerry;
import dev.gyre.llm.objective.Contrastive;
import dev.gyre.llm.objective.Divergence;
import dev.gyre.llm.objective.JensenShannon;
import dev.gyre.llm.objective.KahnemanTversky;
import dev.gyre.llm.objective.Objective;
import dev.gyre.llm.objective.OddsRatio;
import dev.gyre.llm.objective.PairLoss;
import dev.gyre.llm.objective.Preference;
import dev.gyre.llm.optimization.Optimizer;
import dev.gyre.llm.optimization.Schedule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A way to learn: the loss, the weights that move, and the regime.
public sealed interface Recipe {

    Adapter adapter();

    Regime regime();

    Objective objective();

    /// Learns to write given completions: cross-entropy on completion and end token.
    record Supervised(Adapter adapter, Regime regime, Objective objective) implements Recipe {
        public Supervised(Adapter adapter, Regime regime) {
            this(adapter, regime, CROSS_ENTROPY);
        }
    }

    /// Learns from preferences, as pairs or as answers judged one by one.
    /// [Paper](https://arxiv.org/abs/2305.18290), eq. 7. Direct Preference Optimization or another
    /// objective.
    record Dpo(Adapter adapter, Regime regime, Objective objective) implements Recipe {}

    /// Learns to say how good an answer is, from pairs: a head of one number on a model that writes.
    /// [Paper](https://arxiv.org/abs/2203.02155), eq. 1.
    record Reward(Adapter adapter, Regime regime, BradleyTerry objective) implements Recipe {}

    /// Learns from rewards for answers that it draws itself while it learns: GRPO, RLOO, PPO.
    record Reinforcement(Adapter adapter, Regime regime, Objective objective, Rollout rollout) implements Recipe {}

    /// Learns to write as a teacher does, on given answers and on its own.
    /// [Paper](https://arxiv.org/abs/2306.13649), algorithm 1.
    ///
    /// @param lambda chance that a step is on the student's own answers, 0 to 1
    /// @param maxNewTokens of an answer of its own
    record Distillation(
            Adapter adapter, Regime regime, JensenShannon objective, double lambda, int maxNewTokens)
            implements Recipe {}

    /// Gives a text one of the labels seen: cross-entropy of an encoder's classification head.
    record Classification(Adapter adapter, Regime regime) implements Recipe {
        @Override
        public Objective objective() {
            return CROSS_ENTROPY;
        }
    }

    Objective CROSS_ENTROPY = new dev.gyre.llm.objective.Supervised(false);

    /// The words for the ways to learn.
    List<String> METHODS =
            List.of("supervised", "dpo", "reward", "grpo", "rloo", "ppo", "distill", "classification");

    /// The words for objectives that are not a pair loss against the frozen model.
    List<String> OTHER_LOSSES = List.of("cpo", "simpo", "alphapo", "orpo", "kto", "apo_zero_unpaired", "bco");

    /// Reads a recipe from words; what `settings` leaves out has a default.
    ///
    /// Keys: those of [Regime] and [Regime.Step] by the names of their components (of [Regime.Step] only `accumulate`
    /// for `classification`); for an adapter also those of [Adapter#of], as for `lora`
    /// `rank`, `alpha`, `targets` (names with commas between). `schedule` and `optimizer` choose theirs, each with
    /// settings of its own. For `supervised` also `loss` (`nll` or `dft`); for `dpo` also `loss`, a [PairLoss] or one
    /// of [#OTHER_LOSSES], and its parameters, such as `beta`, `supervisedWeight`, `smoothing`; for `reward` also
    /// `centering`; for `grpo`, `rloo`, `ppo` and `distill` those of [Rollout] and of their objective.
    ///
    /// @param method one of [#METHODS]
    /// @param adapter `lora`, `none` or one of [Adapter#TUNINGS], for classification `frozen` or `none`
    /// @throws IllegalArgumentException naming the key, the value and the bound, also for a key
    /// nobody knows
    static Recipe of(String method, String adapter, Map<String, String> settings) {
        var reader = new Settings(settings);
        var recipe = switch (method) {
            case "supervised" ->
                new Supervised(
                        Adapter.of(adapter, reader),
                        writing(reader, adapter.equals("none") ? 2e-5 : 2e-4),
                        new dev.gyre.llm.objective.Supervised(
                                reader.word("loss", "nll", List.of("nll", "dft")).equals("dft")));
            case "dpo" ->
                new Dpo(
                        Adapter.of(adapter, reader),
                        writing(reader, adapter.equals("none") ? 1e-6 : 1e-5),
                        preference(reader));
            case "reward" -> reward(adapter, reader);
            case "grpo" ->
                Rollouts.grpo(
                        Adapter.of(adapter, reader), drawing(reader, adapter.equals("none") ? 1e-6 : 1e-5), reader);
            case "rloo" ->
                Rollouts.leaveOneOut(
                        Adapter.of(adapter, reader), drawing(reader, adapter.equals("none") ? 1e-6 : 1e-5), reader);
            case "ppo" ->
                Rollouts.ppo(
                        Adapter.of(adapter, reader), drawing(reader, adapter.equals("none") ? 3e-6 : 3e-5), reader);
            case "distill" ->
                Rollouts.distillation(
                        Adapter.of(adapter, reader), drawing(reader, adapter.equals("none") ? 2e-5 : 2e-4), reader);
            case "classification" -> classification(adapter, reader);
            default ->
                throw new IllegalArgumentException(
                        "method is %s, must be one of %s".formatted(method, String.join(", ", METHODS)));
        };
        reader.finish();
        return recipe;
    }

    /// TRL's defaults: learning rate 1e-4, 1e-3 beside an adapter; no centering.
    private static Reward reward(String word, Settings reader) {
        var adapter = Adapter.of(word, reader);
        if (adapter.begun().isPresent() && !adapter.begun().get().merges()) {
            throw new IllegalArgumentException(
                    "adapter is %s, which cannot carry the head of a reward model; use lora, none or another that merges"
                            .formatted(word));
        }
        return new Reward(
                adapter,
                writing(reader, word.equals("none") ? 1e-4 : 1e-3),
                new BradleyTerry(reader.number("centering", 0, 0, true, 1e9)));
    }

    private static Objective preference(Settings reader) {
        var known = Stream.concat(Arrays.stream(PairLoss.values()).map(PairLoss::word), OTHER_LOSSES.stream())
                .toList();
        var loss = reader.word("loss", "sigmoid", known);
        double beta = reader.number("beta", List.of("simpo", "alphapo").contains(loss) ? 2 : 0.1, 0, false, 1e9);
        return switch (loss) {
            case "orpo" -> new OddsRatio(beta);
            case "bco" -> new BinaryClassifier(beta);
            case "kto", "apo_zero_unpaired" ->
                new KahnemanTversky(
                        beta,
                        reader.number("desirable", 1, 0, true, 1e9),
                        reader.number("undesirable", 1, 0, true, 1e9),
                        !loss.equals("kto"));
            case "cpo" ->
                new Contrastive(
                        Contrastive.Kind.SIGMOID,
                        beta,
                        reader.number("smoothing", 0, 0, true, 0.5),
                        0,
                        0,
                        reader.number("supervisedWeight", 1, 0, true, 1e9));
            case "simpo", "alphapo" ->
                new Contrastive(
                        Contrastive.Kind.SIMPO,
                        beta,
                        reader.number("smoothing", 0, 0, true, 0.5),
                        reader.number("gamma", 1, 0, true, 1e9),
                        loss.equals("alphapo") ? reader.number("rewardAlpha", 0.25, -10, false, 10) : 0,
                        reader.number("supervisedWeight", 0, 0, true, 1e9));
            default -> pairs(PairLoss.of(loss), beta, reader);
        };
    }

    private static Preference pairs(PairLoss loss, double beta, Settings reader) {
        double supervised = reader.number("supervisedWeight", 0, 0, true, 1e9);
        var plain = Preference.of(
                loss,
                beta,
                reader.number("smoothing", loss == PairLoss.EXO_PAIR ? 1e-3 : 0, 0, true, 0.499),
                supervised);
        return new Preference(
                plain.terms(),
                beta,
                plain.smoothing(),
                reader.number("temperature", plain.temperature(), 0, false, 1e9),
                reader.choice("divergence", plain.divergence(), Divergence.class),
                reader.number("divergenceAlpha", plain.alpha(), -10, false, 10),
                reader.number("tail", plain.tail(), 0, true, 1),
                reader.word("weighted", "false", List.of("false", "true")).equals("true"));
    }

    private static Schedule schedule(Settings reader, double peak) {
        var word = reader.word(
                "schedule",
                "linear",
                List.of(
                        "linear",
                        "cosine",
                        "constant",
                        "cosine_with_restarts",
                        "cosine_with_min_lr",
                        "polynomial",
                        "inverse_sqrt",
                        "warmup_stable_decay"));
        return switch (word) {
            case "cosine" -> Schedule.COSINE;
            case "constant" -> Schedule.CONSTANT;
            case "cosine_with_restarts" -> new Schedule.Restarts(reader.whole("cycles", 1, 1));
            case "cosine_with_min_lr" -> new Schedule.Cosine(0.5, reader.number("floor", 0.1, 0, true, 1));
            case "polynomial" ->
                new Schedule.Polynomial(
                        peak * reader.number("floor", 0, 0, true, 0.999), reader.number("power", 1, 0, false, 100));
            case "inverse_sqrt" -> new Schedule.InverseRoot(reader.whole("timescale", 0, 0));
            case "warmup_stable_decay" -> Schedule.WarmupStableDecay.of(reader.whole("decaySteps", 100, 1));
            default -> Schedule.LINEAR;
        };
    }

    private static Optimizer optimizer(Settings reader) {
        var word = reader.word("optimizer", "adamw", List.of("adamw", "adam", "sgd", "adafactor", "lion"));
        double decay = reader.number("weightDecay", 0, 0, true, 1);
        return switch (word) {
            case "sgd" ->
                new Optimizer.Sgd(
                        reader.number("momentum", 0.9, 0, false, 0.999999),
                        0,
                        reader.word("nesterov", "false", List.of("false", "true"))
                                .equals("true"),
                        decay);
            case "adafactor" -> Optimizer.Adafactor.of(decay);
            case "lion" -> new Optimizer.Lion(beta(reader, "beta1", 0.9), beta(reader, "beta2", 0.99), decay);
            case "adam" ->
                new Optimizer.Adam(
                        beta(reader, "beta1", 0.9), beta(reader, "beta2", 0.999), epsilon(reader), decay);
            default ->
                new Optimizer.AdamW(
                        beta(reader, "beta1", 0.9), beta(reader, "beta2", 0.999), epsilon(reader), decay);
        };
    }

    private static double beta(Settings reader, String key, double preset) {
        return reader.number(key, preset, 0, true, 0.999999);
    }

    private static double epsilon(Settings reader) {
        return reader.number("epsilon", 1e-8, 0, false, 1);
    }

    /// A head on features is a convex problem and takes large, cheap steps; a whole encoder is
    /// tuned as BERT's authors did it ([paper](https://arxiv.org/abs/1810.04805), appendix A.3).
    private static Classification classification(String adapter, Settings reader) {
        return switch (adapter) {
            case "frozen" ->
                new Classification(
                        new Adapter.Frozen(), watched(reader, regime(reader, 1e-2, 20, 32, Regime.TooLong.CUT)));
            case "none" ->
                new Classification(
                        new Adapter.None(), watched(reader, regime(reader, 5e-5, 3, 16, Regime.TooLong.CUT)));
            default ->
                throw new IllegalArgumentException(
                        "adapter is %s, for classification it must be frozen or none".formatted(adapter));
        };
    }

    /// The regime of a model that writes.
    private static Regime writing(Settings reader, double learningRate) {
        var regime = regime(reader, learningRate);
        return watched(
                reader,
                regime.withStep(new Regime.Step(
                        regime.step().accumulate(),
                        reader.word("packing", "true", List.of("true", "false")).equals("true"),
                        flag(reader, "recompute"),
                        reader.number("neftune", 0, 0, true, 1e6))));
    }

    /// The regime of rows that are all there before the first step, of which some can be held out.
    private static Regime watched(Settings reader, Regime regime) {
        double holdOut = reader.number("holdOut", 0, 0, true, 0.5);
        return regime.withStopping(new Stopping(
                holdOut,
                reader.whole("evaluateSteps", 0, 0),
                reader.whole("patience", 0, 0),
                reader.number("improvement", 0, 0, true, 1e9)));
    }

    /// A step of a method that draws answers is whole.
    private static Regime drawing(Settings reader, double learningRate) {
        var regime = regime(reader, learningRate);
        if (regime.step().accumulate() > 1) {
            throw new IllegalArgumentException(
                    "setting accumulate is %d, must be 1 for a method that writes while it learns"
                            .formatted(regime.step().accumulate()));
        }
        return regime;
    }

    private static boolean flag(Settings reader, String key) {
        return reader.word(key, "false", List.of("false", "true")).equals("true");
    }

    private static Regime regime(Settings reader, double learningRate) {
        return regime(reader, learningRate, 1, 8, Regime.TooLong.REFUSE);
    }

    private static Regime regime(
            Settings reader, double learningRate, int epochs, int batch, Regime.TooLong tooLong) {
        double peak = reader.number("learningRate", learningRate, 0, false, 10);
        return new Regime(
                peak,
                schedule(reader, peak),
                reader.number("warmup", 0.1, 0, true, 1),
                reader.whole("epochs", epochs, 1),
                reader.whole("steps", 0, 0),
                reader.whole("batch", batch, 1),
                reader.whole("maxTokens", 0, 0),
                reader.choice("tooLong", tooLong, Regime.TooLong.class),
                reader.number("gradientNorm", 1, 0, true, 1e9),
                new Regime.Step(reader.whole("accumulate", 1, 1), false, false, 0),
                optimizer(reader),
                reader.choice("precision", Regime.Precision.FP32, Regime.Precision.class),
                new Moves(
                        reader.patterns("train"),
                        reader.rates("rates"),
                        reader.number("layerDecay", 1, 0, false, 1)),
                reader.number("ema", 0, 0, true, 0.999999),
                Stopping.NONE,
                reader.whole("checkpointSteps", 0, 0),
                reader.whole("checkpointSeconds", 60, 0));
    }

    /// What decides the result, as words: the same identity, rows, base and seed give the same
    /// weights.
    default Map<String, String> identity() {
        var words = new LinkedHashMap<String, String>();
        words.put("adapter", adapter().toString());
        words.put("regime", regime().withCheckpoints(0, 0).toString());
        words.put("objective", getClass().getSimpleName() + " " + objective());
        return words;
    }
}
