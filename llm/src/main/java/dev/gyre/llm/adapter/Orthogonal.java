package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Orthogonal fine-tuning ([paper](https://arxiv.org/abs/2306.07280), section 4): inputs turned block by block.
///
/// @param blocks per layer, or 0 where their width is given
/// @param width of a block, or 0 where their number is given
/// @param terms of the series that stands for the inverse ([paper](https://arxiv.org/abs/2506.19847)); 0 inverts
/// @param shared whether all blocks of a layer are one
record Orthogonal(int blocks, int width, int terms, boolean shared, Targets targets, List<String> saved)
        implements Method {

    static Orthogonal read(AdapterConfig config) {
        int blocks = config.whole("r", 0, 0);
        int width = config.whole("oft_block_size", 32, 0);
        if ((blocks == 0) == (width == 0)) {
            throw config.refusal("oft_block_size", "0 where r is not, and r 0 where it is not");
        }
        config.flag("init_weights", true);
        config.ignore("eps");
        int terms = config.whole("num_cayley_neumann_terms", 5, 1);
        return new Orthogonal(
                blocks,
                width,
                config.flag("use_cayley_neumann", true) ? terms : 0,
                config.flag("block_share", false),
                Targets.read(config),
                config.names("modules_to_save"));
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("linear", "oft");
    }

    @Override
    public List<Part> parts(Base base) {
        var parts = new ArrayList<Part>();
        for (var layer : base.plainLinears(targets)) {
            long wide = width > 0 ? width : layer.in() / blocks;
            if (wide < 2 || layer.in() % wide != 0) {
                throw new IllegalArgumentException("%s reads %d numbers, which blocks of %d do not divide"
                        .formatted(layer.name(), layer.in(), wide));
            }
            parts.add(Part.learned(
                    layer.name() + ".oft_R.weight",
                    Start.zero(),
                    shared ? 1 : layer.in() / wide,
                    wide * (wide - 1) / 2));
            parts.add(Part.number(layer.name() + ".oft_terms", terms));
        }
        parts.addAll(Method.saved(base, saved));
        return parts;
    }
}
