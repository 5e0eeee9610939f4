package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Bottleneck adapters: after attention and feed-forward ([paper](https://arxiv.org/abs/1902.00751), figure 2), or after
/// the feed-forward layer alone ([paper](https://arxiv.org/abs/2005.00247), section 3.1).
///
/// PEFT has none; the folder is of its form, `peft_type` BOTTLENECK.
///
/// @param reduction the layer's width over the bottleneck's
/// @param swish SiLU for ReLU
record Bottleneck(int reduction, boolean swish, Targets targets) implements Method {

    static Bottleneck read(AdapterConfig config) {
        var activation = config.take("non_linearity").asText("relu");
        if (!activation.matches("relu|swish")) {
            throw config.refusal("non_linearity", "relu or swish");
        }
        return new Bottleneck(
                config.whole("reduction_factor", 16, 1), activation.equals("swish"), Targets.read(config));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("linear", "bottleneck");
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        for (var layer : base.linears(targets)) {
            long narrow = Math.max(1, layer.out() / reduction);
            var name = layer.name();
            parts.add(Part.learned(name + ".adapter_down.weight", new Start.Normal(0.02), narrow, layer.out()));
            parts.add(Part.learned(name + ".adapter_down.bias", Start.zero(), narrow));
            parts.add(Part.learned(name + ".adapter_up.weight", new Start.Normal(0.02), layer.out(), narrow));
            parts.add(Part.learned(name + ".adapter_up.bias", Start.zero(), layer.out()));
            if (swish) {
                parts.add(Part.number(name + ".adapter_swish", 1));
            }
        }
        return parts;
    }

    @Override
    public boolean merges() {
        return false;
    }
}
