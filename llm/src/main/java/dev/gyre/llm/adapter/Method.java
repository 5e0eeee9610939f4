package dev.gyre.llm.adapter;

import java.util.List;
import java.util.Map;

/// A way to adapt a model, as an `adapter_config.json` tells it.
sealed interface Method
        permits AdaptiveRank,
                Bottleneck,
                HadamardProduct,
                InnerActivations,
                KroneckerProduct,
                LowRank,
                NormTuning,
                Orthogonal,
                Placed,
                VectorRank {

    /// The fillings of the programs' slots.
    Map<String, String> slots();

    /// Every tensor that this method gives a model.
    List<Part> parts(Base base);

    /// Whether weights of the model can stand for it.
    default boolean merges() {
        return true;
    }

    /// Places before each text that it takes.
    default int places() {
        return 0;
    }

    /// Reads a configuration.
    ///
    /// @throws IllegalArgumentException for a method, or a setting of one, that is not computed here
    static Method of(AdapterConfig config) {
        Method method = switch (config.type()) {
            case "LORA" -> LowRank.read(config);
            case "ADALORA" -> AdaptiveRank.read(config);
            case "IA3" -> InnerActivations.read(config);
            case "VERA" -> VectorRank.read(config);
            case "OFT" -> Orthogonal.read(config);
            case "LOHA" -> HadamardProduct.read(config);
            case "LOKR" -> KroneckerProduct.read(config);
            case "LN_TUNING" -> NormTuning.read(config);
            case "PROMPT_TUNING", "P_TUNING" -> Prompt.read(config);
            case "PREFIX_TUNING" -> Prefix.read(config);
            case "BOTTLENECK" -> Bottleneck.read(config);
            default ->
                throw config.refusal(
                        "peft_type",
                        "LORA, ADALORA, IA3, VERA, OFT, LOHA, LOKR, LN_TUNING, PROMPT_TUNING, P_TUNING, PREFIX_TUNING or"
                                + " BOTTLENECK");
        };
        config.finish();
        return method;
    }

    /// The modules that learn whole beside the adapter (`modules_to_save`).
    static List<Part> saved(Base base, List<String> names) {
        var parts = new java.util.ArrayList<Part>();
        for (var name : names) {
            var found = base.shapes().keySet().stream()
                    .filter(weight -> {
                        var module = Base.module(weight);
                        return module.equals(name) || module.endsWith("." + name);
                    })
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        "modules_to_save names %s, but the model has no weights of its own there".formatted(name));
            }
            found.forEach(weight ->
                    parts.add(Part.learnedAs(weight, weight, new Start.Copy(weight), base.shape(weight))));
        }
        return parts;
    }
}
