package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The norms alone learn ([paper](https://arxiv.org/abs/2312.11420), section 3).
record NormTuning(Targets targets, List<String> saved) implements Method {

    static NormTuning read(AdapterConfig config) {
        return new NormTuning(Targets.read(config), config.names("modules_to_save"));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of();
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        for (var norm : base.norms(targets)) {
            for (var end : List.of(".weight", ".bias")) {
                if (base.shapes().containsKey(norm + end)) {
                    parts.add(Part.learnedAs(
                            norm + ".ln_tuning_layers" + end,
                            norm + end,
                            new Start.Copy(norm + end),
                            base.shape(norm + end)));
                }
            }
        }
        parts.addAll(Method.saved(base, saved));
        return parts;
    }
}
