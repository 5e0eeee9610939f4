package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// VeRA ([paper](https://arxiv.org/abs/2310.11454), eq. 2): random matrices shared by all layers, two learned vectors
/// in each.
record VectorRank(int rank, double initial, Targets targets, List<String> saved) implements Method {

    static VectorRank read(AdapterConfig config) {
        if (!config.flag("save_projection", true)) {
            throw config.refusal(
                    "save_projection", "true: the random matrices cannot be made again without torch's generator");
        }
        config.flag("init_weights", true);
        config.ignore("projection_prng_key");
        return new VectorRank(
                config.whole("r", 256, 1),
                config.number("d_initial", 0.1),
                Targets.read(config),
                config.names("modules_to_save"));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("linear", "vera");
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        var layers = base.linears(targets);
        for (var layer : layers) {
            parts.add(Part.learned(layer.name() + ".vera_lambda_b", Start.zero(), layer.out()));
            parts.add(Part.learned(layer.name() + ".vera_lambda_d", new Start.Constant(initial), rank));
        }
        long in = layers.stream().mapToLong(Base.Layer::in).max().orElseThrow();
        long out = layers.stream().mapToLong(Base.Layer::out).max().orElseThrow();
        parts.add(Part.kept("base_model.vera_A", "vera_A", Start.kaiming(in), Part.sizes(rank, in)));
        parts.add(Part.kept("base_model.vera_B", "vera_B", Start.kaiming(rank), Part.sizes(out, rank)));
        parts.addAll(Method.saved(base, saved));
        return parts;
    }
}
