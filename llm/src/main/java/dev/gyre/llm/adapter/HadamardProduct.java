package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// LoHa ([paper](https://arxiv.org/abs/2108.06098), proposition 1): the product, number by number, of two low ranks.
record HadamardProduct(AdapterConfig config, Targets targets, List<String> saved) implements Method {

    static HadamardProduct read(AdapterConfig config) {
        config.takeRanks("alpha");
        config.flag("init_weights", true);
        return new HadamardProduct(config, Targets.read(config), config.names("modules_to_save"));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("linear", "loha");
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        for (var layer : base.plainLinears(targets)) {
            var name = layer.name();
            int rank = config.rank(name);
            double alpha = config.alpha("alpha", name);
            parts.add(Part.learned(name + ".hada_w1_a", Start.kaiming(rank), layer.out(), rank));
            parts.add(Part.learned(name + ".hada_w1_b", Start.kaiming(layer.in()), rank, layer.in()));
            parts.add(Part.learned(name + ".hada_w2_a", Start.kaiming(rank), layer.out(), rank));
            parts.add(Part.learned(name + ".hada_w2_b", Start.zero(), rank, layer.in()));
            parts.add(Part.number(name + ".hada_scale", alpha / rank));
        }
        parts.addAll(Method.saved(base, saved));
        return parts;
    }
}
