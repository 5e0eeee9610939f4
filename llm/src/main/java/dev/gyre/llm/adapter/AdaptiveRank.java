package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// AdaLoRA ([paper](https://arxiv.org/abs/2303.10512), eq. 3 and 4): `W + alpha / rank · P Λ Q`, P and Q near
/// orthogonal.
record AdaptiveRank(AdapterConfig config, Targets targets, List<String> saved) implements Method {

    static AdaptiveRank read(AdapterConfig config) {
        config.whole("init_r", 12, 1);
        config.number("lora_alpha", 8);
        config.number("orth_reg_weight", 0.5);
        config.take("rank_pattern");
        if (!config.take("init_lora_weights").asText("true").matches("true|false")) {
            throw config.refusal("init_lora_weights", "true or false");
        }
        config.ignore("r", "target_r", "tinit", "tfinal", "deltaT", "beta1", "beta2", "total_step");
        return new AdaptiveRank(config, Targets.read(config), config.names("modules_to_save"));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("linear", "adalora", "penalty", "orthogonality");
    }

    /// The ranks that are left of those it began with: those that PEFT lists as true under the name of Λ.
    private int rank(String module) {
        for (var entry : config.take("rank_pattern").properties()) {
            if (entry.getKey().startsWith(module + ".lora_E") || entry.getKey().contains("." + module + ".lora_E")) {
                int left = 0;
                for (var kept : entry.getValue()) {
                    left += kept.asBoolean() ? 1 : 0;
                }
                return left;
            }
        }
        return config.whole("init_r", 12, 1);
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        double alpha = config.number("lora_alpha", 8);
        int first = config.whole("init_r", 12, 1);
        for (var layer : base.linears(targets)) {
            int rank = rank(layer.name());
            parts.add(Part.learned(layer.name() + ".lora_A", new Start.Normal(0.02), rank, layer.in()));
            parts.add(Part.learned(layer.name() + ".lora_B", new Start.Normal(0.02), layer.out(), rank));
            parts.add(Part.learned(layer.name() + ".lora_E", Start.zero(), rank, 1));
            parts.add(Part.number(layer.name() + ".lora_scale", (alpha > 0 ? alpha : first) / (first + 1e-5)));
        }
        parts.add(Part.number("adalora.orthogonality", config.number("orth_reg_weight", 0.5)));
        parts.addAll(Method.saved(base, saved));
        return parts;
    }
}
