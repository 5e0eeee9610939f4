package dev.gyre.llm.adapter;

import java.util.ArrayList;
import java.util.List;

/// Prompt tuning ([paper](https://arxiv.org/abs/2104.08691), section 2) and P-tuning
/// ([paper](https://arxiv.org/abs/2103.10385), section 2.2), which learns its vectors through a network.
///
/// @param count of vectors
/// @param hidden width of the network; 0 is none
/// @param sampled whether the vectors begin as words of the vocabulary
record Prompt(int count, int hidden, boolean sampled) implements Placed {

    static Prompt read(AdapterConfig config) {
        int hidden = 0;
        if (config.type().equals("P_TUNING")) {
            if (!config.take("encoder_reparameterization_type").asText("MLP").matches("MLP|LSTM")) {
                throw config.refusal("encoder_reparameterization_type", "MLP or LSTM");
            }
            config.ignore("encoder_num_layers");
            boolean network = config.json()
                    .path("encoder_reparameterization_type")
                    .asText("MLP")
                    .equals("MLP");
            hidden = config.whole("encoder_hidden_size", 0, 0);
            hidden = network ? hidden : 0;
        }
        config.ignore("num_attention_heads", "num_layers", "num_transformer_submodules", "token_dim");
        config.ignore("prompt_tuning_init_text", "inference_mode");
        return new Prompt(
                config.whole("num_virtual_tokens", 0, 1),
                hidden,
                config.take("prompt_tuning_init").asText("").equals("SAMPLE_VOCAB"));
    }

    @Override
    public List<Part> parts(Base base) {
        long width = base.shape(base.embedding()).get(1);
        var start = sampled ? new Start.Rows(base.embedding()) : new Start.Normal(1);
        return List.of(
                new Part("prompt.embedding", "prompt_embeddings", Part.sizes(count, width), start, true));
    }

    /// The network through which the vectors learn; it is left behind when they are kept.
    @Override
    public List<Part> network(Base base) {
        long width = base.shape(base.embedding()).get(1);
        return hidden == 0
                ? List.of()
                : network("prompt.mlp_head.", List.of(0, 2, 4), List.of(width, (long) hidden, (long) hidden, width));
    }

    static List<Part> network(String name, List<Integer> layers, List<Long> widths) {
        var parts = new ArrayList<Part>();
        for (int i = 0; i < layers.size(); i++) {
            long in = widths.get(i);
            long out = widths.get(i + 1);
            parts.add(new Part(name + layers.get(i) + ".weight", null, Part.sizes(out, in), Start.kaiming(in), true));
            parts.add(new Part(name + layers.get(i) + ".bias", null, Part.sizes(out), Start.kaiming(in), true));
        }
        return parts;
    }
}
