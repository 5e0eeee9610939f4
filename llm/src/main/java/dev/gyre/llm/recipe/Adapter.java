package dev.gyre.llm.recipe;

import dev.gyre.llm.adapter.Tuning;
import java.util.List;
import java.util.Optional;

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

    /// Another adapter, of [Tuning]'s kinds.
    record Tuned(Tuning tuning) implements Adapter {}

    /// The words for the kinds of [Tuned].
    List<String> TUNINGS = List.of(
            "rslora", "dora", "pissa", "olora", "adalora", "ia3", "vera", "oft", "loha", "lokr", "layernorm", "prompt",
            "ptuning", "prefix", "bottleneck");

    /// Reads an adapter from its word and settings: `rank`, `alpha`, `targets` for those of a rank, else `block`
    /// (`oft`), `orthogonality` (`adalora`), `count` of places, `hidden` width of a network (`ptuning`, `prefix`),
    /// `reduction` and `where` (`bottleneck`: `both` or `feedforward`).
    static Adapter of(String word, Settings reader) {
        return switch (word) {
            case "none" -> new None();
            case "lora" -> new Lora(rank(reader, 16), alpha(reader, 32), targets(reader));
            case "rslora" -> lowRank(Tuning.Kind.RSLORA, 32, reader);
            case "dora" -> lowRank(Tuning.Kind.DORA, 32, reader);
            case "pissa" -> lowRank(Tuning.Kind.PISSA, 16, reader);
            case "olora" -> lowRank(Tuning.Kind.OLORA, 16, reader);
            case "adalora" ->
                new Tuned(new Tuning.AdaLora(
                        rank(reader, 8),
                        alpha(reader, 32),
                        reader.number("orthogonality", 0.5, 0, true, 1e9),
                        targets(reader)));
            case "ia3" -> new Tuned(new Tuning.Ia3());
            case "vera" -> new Tuned(new Tuning.Vera(rank(reader, 256), targets(reader)));
            case "oft" -> new Tuned(new Tuning.Oft(reader.whole("block", 32, 2), targets(reader)));
            case "loha" -> new Tuned(new Tuning.Loha(rank(reader, 8), alpha(reader, 16), targets(reader)));
            case "lokr" -> new Tuned(new Tuning.Lokr(rank(reader, 8), alpha(reader, 16), targets(reader)));
            case "layernorm" -> new Tuned(new Tuning.LayerNorms());
            case "prompt" -> new Tuned(new Tuning.Prompt(reader.whole("count", 20, 1)));
            case "ptuning" ->
                new Tuned(new Tuning.PTuning(reader.whole("count", 20, 1), reader.whole("hidden", 128, 1)));
            case "prefix" ->
                new Tuned(new Tuning.Prefix(reader.whole("count", 20, 1), reader.whole("hidden", 0, 0)));
            case "bottleneck" ->
                new Tuned(new Tuning.Bottleneck(
                        reader.whole("reduction", 16, 1), reader.choice("where", Where.BOTH, Where.class) == Where.BOTH));
            default ->
                throw new IllegalArgumentException(
                        "adapter is %s, must be lora, none, %s".formatted(word, String.join(", ", TUNINGS)));
        };
    }

    /// The layers that a bottleneck follows.
    enum Where {
        BOTH,
        FEEDFORWARD
    }

    private static Adapter lowRank(Tuning.Kind kind, double alpha, Settings reader) {
        return new Tuned(new Tuning.LowRank(kind, rank(reader, 16), alpha(reader, alpha), targets(reader)));
    }

    private static int rank(Settings reader, int preset) {
        return reader.whole("rank", preset, 1);
    }

    private static double alpha(Settings reader, double preset) {
        return reader.number("alpha", preset, 0, false, 1e9);
    }

    private static List<String> targets(Settings reader) {
        return reader.names("targets", Lora.PROJECTIONS, Lora.PROJECTIONS);
    }

    /// The adapter to begin with, where one is put beside the model.
    default Optional<Tuning> begun() {
        return switch (this) {
            case Lora lora ->
                Optional.of(new Tuning.LowRank(Tuning.Kind.LORA, lora.rank(), lora.alpha(), lora.targets()));
            case Tuned tuned -> Optional.of(tuned.tuning());
            case Frozen _, None _ -> Optional.empty();
        };
    }

    /// How many places before each text it takes.
    default int places() {
        return begun().map(tuning -> switch (tuning) {
                    case Tuning.Prompt prompt -> prompt.count();
                    case Tuning.PTuning prompt -> prompt.count();
                    case Tuning.Prefix prefix -> prefix.count();
                    case Tuning.LowRank _,
                            Tuning.AdaLora _,
                            Tuning.Ia3 _,
                            Tuning.Vera _,
                            Tuning.Oft _,
                            Tuning.Loha _,
                            Tuning.Lokr _,
                            Tuning.LayerNorms _,
                            Tuning.Bottleneck _ -> 0;
                })
                .orElse(0);
    }

    /// The head of a classifier alone, on features that the encoder computes once
    /// ([paper](https://arxiv.org/abs/1810.04805), section 5.3).
    record Frozen() implements Adapter {}

    /// All weights of the model.
    record None() implements Adapter {}
}
