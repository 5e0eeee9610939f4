package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// LoKr ([paper](https://arxiv.org/abs/2309.14859), section 3.2): a Kronecker product whose factors may be of low rank.
///
/// @param both whether the first factor too may be of low rank
/// @param factor the size wanted for the first factor; −1 is near the square root
record KroneckerProduct(AdapterConfig config, boolean both, int factor, Targets targets, List<String> saved)
        implements Method {

    static KroneckerProduct read(AdapterConfig config) {
        config.takeRanks("alpha");
        if (!config.take("init_weights").asText("true").matches("true|false|lycoris")) {
            throw config.refusal("init_weights", "true, false or lycoris");
        }
        return new KroneckerProduct(
                config,
                config.flag("decompose_both", false),
                config.whole("decompose_factor", -1, -1),
                Targets.read(config),
                config.names("modules_to_save"));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("linear", "lokr");
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        for (var layer : base.plainLinears(targets)) {
            var name = layer.name();
            int rank = config.rank(name);
            double alpha = config.alpha("alpha", name);
            var out = split(layer.out());
            var in = split(layer.in());
            boolean lowFirst = both && rank < Math.max(out[0], in[0]) / 2.0;
            boolean lowSecond = rank < Math.max(out[1], in[1]) / 2.0;
            if (lowFirst) {
                parts.add(Part.learned(name + ".lokr_w1_a", Start.zero(), out[0], rank));
                parts.add(Part.learned(name + ".lokr_w1_b", Start.kaiming(in[0]), rank, in[0]));
            } else {
                parts.add(Part.learned(name + ".lokr_w1", Start.zero(), out[0], in[0]));
            }
            if (lowSecond) {
                parts.add(Part.learned(name + ".lokr_w2_a", Start.kaiming(rank), out[1], rank));
                parts.add(Part.learned(name + ".lokr_w2_b", Start.kaiming(in[1]), rank, in[1]));
            } else {
                parts.add(Part.learned(name + ".lokr_w2", Start.kaiming(in[1]), out[1], in[1]));
            }
            parts.add(Part.number(name + ".lokr_scale", alpha / rank));
        }
        parts.addAll(Method.saved(base, saved));
        return parts;
    }

    /// Two factors of a size, the smaller first: the wanted one where it divides, else the nearest to it from below.
    long[] split(long size) {
        if (factor > 0 && size % factor == 0) {
            return new long[] {factor, size / factor};
        }
        long most = factor == -1 ? size : factor;
        long first = 1;
        long second = size;
        long sum = first + second;
        while (first < second) {
            long next = first + 1;
            while (size % next != 0) {
                next++;
            }
            if (next + size / next > sum || next > most) {
                break;
            }
            first = next;
            second = size / next;
        }
        return new long[] {Math.min(first, second), Math.max(first, second)};
    }
}
