package dev.gyre.llm.training;

import java.util.LinkedHashMap;
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
    /// @param supervisedWeight weight of an added cross-entropy on the chosen answers (RPO,
    /// [paper](https://arxiv.org/abs/2404.19733), α); 0 is plain DPO
    record Dpo(Adapter adapter, Regime regime, double beta, double supervisedWeight) implements Recipe {}

    /// Gives a text one of the labels seen: cross-entropy of an encoder's classification head.
    record Classification(Adapter adapter, Regime regime) implements Recipe {}

    /// Reads a recipe from words; what `settings` leaves out has a default.
    ///
    /// Keys: those of [Regime] by the names of its components; for `lora` also `rank`, `alpha`,
    /// `targets` (names with
    /// commas between); for `dpo` also `beta`, `supervisedWeight`.
    ///
    /// @param method `supervised`, `dpo` or `classification`
    /// @param adapter `lora` or `none`, for classification `frozen` or `none`
    /// @throws IllegalArgumentException naming the key, the value and the bound, also for a key nobody
    /// knows
    static Recipe of(String method, String adapter, Map<String, String> settings) {
        var reader = new Settings(settings);
        var recipe = switch (method) {
            case "supervised" ->
                new Supervised(adapter(adapter, reader), regime(reader, adapter.equals("lora") ? 2e-4 : 2e-5));
            case "dpo" ->
                new Dpo(
                        adapter(adapter, reader),
                        regime(reader, adapter.equals("lora") ? 1e-5 : 1e-6),
                        reader.number("beta", 0.1, 0, false, 1e9),
                        reader.number("supervisedWeight", 0, 0, true, 1e9));
            case "classification" -> classification(adapter, reader);
            default ->
                throw new IllegalArgumentException(
                        "method is %s, must be supervised, dpo or classification".formatted(method));
        };
        reader.finish();
        return recipe;
    }

    /// A head on features is a convex problem and takes large, cheap steps; a whole encoder is tuned as
    /// BERT's authors did it ([paper](https://arxiv.org/abs/1810.04805), appendix A.3).
    private static Classification classification(String adapter, Settings reader) {
        return switch (adapter) {
            case "frozen" ->
                new Classification(new Adapter.Frozen(), regime(reader, 1e-2, 20, 32, Regime.TooLong.CUT));
            case "none" -> new Classification(new Adapter.None(), regime(reader, 5e-5, 3, 16, Regime.TooLong.CUT));
            default ->
                throw new IllegalArgumentException(
                        "adapter is %s, for classification it must be frozen or none".formatted(adapter));
        };
    }

    private static Adapter adapter(String word, Settings reader) {
        return switch (word) {
            case "lora" ->
                new Adapter.Lora(
                        reader.whole("rank", 16, 1),
                        reader.number("alpha", 32, 0, false, 1e9),
                        reader.names("targets", Adapter.Lora.PROJECTIONS, Adapter.Lora.PROJECTIONS));
            case "none" -> new Adapter.None();
            default -> throw new IllegalArgumentException("adapter is %s, must be lora or none".formatted(word));
        };
    }

    private static Regime regime(Settings reader, double learningRate) {
        return regime(reader, learningRate, 1, 8, Regime.TooLong.REFUSE);
    }

    private static Regime regime(
            Settings reader, double learningRate, int epochs, int batch, Regime.TooLong tooLong) {
        return new Regime(
                reader.number("learningRate", learningRate, 0, false, 10),
                reader.choice("schedule", Regime.Schedule.LINEAR, Regime.Schedule.class),
                reader.number("warmup", 0.1, 0, true, 1),
                reader.whole("epochs", epochs, 1),
                reader.whole("steps", 0, 0),
                reader.whole("batch", batch, 1),
                reader.whole("maxTokens", 0, 0),
                reader.choice("tooLong", tooLong, Regime.TooLong.class),
                reader.number("gradientNorm", 1, 0, true, 1e9),
                reader.number("weightDecay", 0, 0, true, 1),
                reader.number("beta1", 0.9, 0, true, 0.999999),
                reader.number("beta2", 0.999, 0, true, 0.999999),
                reader.number("epsilon", 1e-8, 0, false, 1),
                reader.choice("precision", Regime.Precision.FP32, Regime.Precision.class),
                reader.whole("checkpointSteps", 0, 0),
                reader.whole("checkpointSeconds", 60, 0));
    }

    /// What decides the result, as words: the same identity, rows, base and seed give the same weights.
    default Map<String, String> identity() {
        var words = new LinkedHashMap<String, String>();
        words.put("adapter", adapter().toString());
        words.put("regime", regime().withCheckpoints(0, 0).toString());
        words.put(
                "objective",
                switch (this) {
                    case Supervised _ -> "supervised";
                    case Classification _ -> "classification";
                    case Dpo dpo -> "dpo beta=%s supervisedWeight=%s".formatted(dpo.beta(), dpo.supervisedWeight());
                });
        return words;
    }
}
