package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;

/// Prefix tuning ([paper](https://arxiv.org/abs/2101.00190), eq. 3): keys and values before those of the text.
///
/// @param count of places
/// @param hidden width of the network that they learn through (section 4.3); 0 is none
record Prefix(int count, int hidden) implements Placed {

    static Prefix read(AdapterConfig config) {
        config.ignore("num_attention_heads", "num_layers", "num_transformer_submodules", "token_dim");
        int hidden = config.whole("encoder_hidden_size", 0, 0);
        boolean projected = config.flag("prefix_projection", false);
        return new Prefix(config.whole("num_virtual_tokens", 0, 1), projected ? hidden : 0);
    }

    @Override
    public List<Part> parts(Base base) {
        return List.of(new Part(
                "prefix.embedding",
                "prompt_embeddings",
                Part.sizes(count, 2 * base.keys()[0] * base.keys()[1]),
                new Start.Normal(1),
                true));
    }

    /// The vectors and the network that makes the prefix of them while it learns.
    @Override
    public List<Part> network(Base base) {
        if (hidden == 0) {
            return List.of();
        }
        long width = base.keys()[0];
        var parts = new ArrayList<Part>();
        parts.add(new Part("prefix.embedding", null, Part.sizes(count, width), new Start.Normal(1), true));
        parts.addAll(Prompt.network(
                "prefix.transform.", List.of(0, 2), List.of(width, (long) hidden, 2 * width * base.keys()[1])));
        return parts;
    }
}
