package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// (IA)³ ([paper](https://arxiv.org/abs/2205.05638), section 3.3): activations times learned vectors.
record InnerActivations(Targets targets, List<String> before, List<String> saved) implements Method {

    static InnerActivations read(AdapterConfig config) {
        config.flag("init_ia3_weights", true);
        var before = config.take("feedforward_modules");
        if (before.isTextual()) {
            throw config.refusal("feedforward_modules", "names in a list");
        }
        return new InnerActivations(
                Targets.read(config), config.names("feedforward_modules"), config.names("modules_to_save"));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("linear", "ia3");
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        for (var layer : base.linears(targets)) {
            var name = layer.name() + ".ia3_l";
            boolean isBefore = before.stream()
                    .anyMatch(end -> layer.name().equals(end) || layer.name().endsWith("." + end));
            if (isBefore) {
                parts.add(Part.learned(name, new Start.Constant(1), 1, layer.in()));
                parts.add(Part.number(layer.name() + ".ia3_before", 1));
            } else {
                parts.add(Part.learned(name, new Start.Constant(1), layer.out(), 1));
            }
        }
        parts.addAll(Method.saved(base, saved));
        return parts;
    }
}
