package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// LoRA ([paper](https://arxiv.org/abs/2106.09685), eq. 3) and what differs from it by scale (rsLoRA,
/// [paper](https://arxiv.org/abs/2312.03732), eq. 3: `alpha / √rank`), start (PiSSA, OLoRA) or norm (DoRA).
record LowRank(AdapterConfig config, Targets targets, boolean stable, boolean decomposed, String start, List<String> saved)
        implements Method {

    private static final List<String> STARTS =
            List.of("true", "false", "gaussian", "pissa", "olora", "orthogonal", "eva");

    static LowRank read(AdapterConfig config) {
        var start = config.take("init_lora_weights").asText("true");
        if (!STARTS.contains(start)) {
            throw config.refusal("init_lora_weights", "one of " + String.join(", ", STARTS));
        }
        config.takeRanks("lora_alpha");
        config.ignore("eva_config");
        return new LowRank(
                config,
                Targets.read(config),
                config.flag("use_rslora", false),
                config.flag("use_dora", false),
                start,
                config.names("modules_to_save"));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("linear", decomposed ? "dora" : "lora");
    }

    private double scale(String module, int rank) {
        return config.alpha("lora_alpha", module) / (stable ? Math.sqrt(rank) : rank);
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        var layers = base.layers(targets);
        for (var layer : layers) {
            int rank = config.rank(layer.name());
            double scale = scale(layer.name(), rank);
            if (base.isEmbedding(layer.name())) {
                embedded(parts, layer, rank);
            } else {
                linear(parts, layer, rank, scale);
            }
            parts.add(Part.number(layer.name() + ".lora_scale", scale));
            if (base.isEmbedding(layer.name()) || layer.name().equals("lm_head")) {
                var weight = layer.name() + ".weight";
                parts.add(Part.kept(
                        "base_model.model." + layer.name() + ".base_layer.weight",
                        weight,
                        new Start.Copy(weight),
                        base.shape(weight)));
            }
        }
        parts.addAll(Method.saved(base, saved));
        return parts;
    }

    private void linear(List<Part> parts, Base.Layer layer, int rank, double scale) {
        var name = layer.name();
        var weight = name + ".weight";
        if (start.equals("pissa") || start.equals("olora")) {
            if (rank > Math.min(layer.in(), layer.out())) {
                throw new IllegalArgumentException("r is %d, but %s is %d × %d, so %s takes at most %d"
                        .formatted(
                                rank, name, layer.out(), layer.in(), start, Math.min(layer.in(), layer.out())));
            }
            var by = start.equals("pissa") ? "principal" : "orthonormal";
            parts.add(Part.learned(
                    name + ".lora_A.weight", new Start.Factor(weight, by, rank, scale, 0), rank, layer.in()));
            parts.add(Part.learned(
                    name + ".lora_B.weight", new Start.Factor(weight, by, rank, scale, 1), layer.out(), rank));
            parts.add(new Part(
                    weight,
                    null,
                    Part.sizes(layer.out(), layer.in()),
                    new Start.Factor(weight, by, rank, scale, 2),
                    false));
        } else {
            var down = start.equals("gaussian") ? new Start.Normal(1.0 / rank) : Start.kaiming(layer.in());
            parts.add(Part.learned(name + ".lora_A.weight", down, rank, layer.in()));
            parts.add(Part.learned(name + ".lora_B.weight", Start.zero(), layer.out(), rank));
        }
        if (decomposed) {
            parts.add(Part.learned(name + ".lora_magnitude_vector", new Start.Lengths(weight), layer.out()));
        }
    }

    /// An embedding's matrices stand the other way round: B reads the width, A the vocabulary.
    private void embedded(List<Part> parts, Base.Layer layer, int rank) {
        if (!layer.name().equals("model.embed_tokens")) {
            throw new IllegalArgumentException(
                    "target_modules name %s; of the embeddings only model.embed_tokens can have an adapter"
                            .formatted(layer.name()));
        }
        if (decomposed) {
            throw new IllegalArgumentException("use_dora is true, but %s is an embedding".formatted(layer.name()));
        }
        parts.add(Part.learned(layer.name() + ".lora_embedding_A", Start.zero(), rank, layer.out()));
        parts.add(Part.learned(layer.name() + ".lora_embedding_B", new Start.Normal(1), layer.in(), rank));
    }
}
