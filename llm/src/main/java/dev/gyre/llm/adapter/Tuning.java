package dev.gyre.llm.adapter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// An adapter to begin with, in few words; [#json] gives it as PEFT writes it.
///
/// Ranks, widths and counts are 1 or more; `targets` are last words of the names of linear layers, those of a Llama block
/// standing for the layers of a GPT-2 block that do their work.
public sealed interface Tuning {

    /// What kind of LoRA.
    enum Kind {
        /// `W + alpha / rank · B·A` ([paper](https://arxiv.org/abs/2106.09685), eq. 3).
        LORA,
        /// Scaled by `alpha / √rank` ([paper](https://arxiv.org/abs/2312.03732), eq. 3).
        RSLORA,
        /// Direction and length learned apart ([paper](https://arxiv.org/abs/2402.09353), eq. 5).
        DORA,
        /// Begins with the largest singular values of W ([paper](https://arxiv.org/abs/2404.02948), eq. 2 to 4).
        PISSA,
        /// Begins with the first columns of Q of `W = Q R` ([paper](https://arxiv.org/abs/2406.01775), algorithm 1).
        OLORA
    }

    /// Low-rank adaptation.
    ///
    /// @param alpha above 0
    record LowRank(Kind kind, int rank, double alpha, List<String> targets) implements Tuning {
        public LowRank {
            targets = List.copyOf(targets);
        }
    }

    /// AdaLoRA ([paper](https://arxiv.org/abs/2303.10512), eq. 3 and 4) with a rank that stays as it begins: nothing is
    /// pruned while it learns.
    ///
    /// @param orthogonality weight of the regularisation in the loss, 0 or more
    record AdaLora(int rank, double alpha, double orthogonality, List<String> targets) implements Tuning {
        public AdaLora {
            targets = List.copyOf(targets);
        }
    }

    /// (IA)³ on keys, values and the last layer of the feed-forward block
    /// ([paper](https://arxiv.org/abs/2205.05638), section 3.3).
    record Ia3() implements Tuning {}

    /// Vectors on shared random matrices ([paper](https://arxiv.org/abs/2310.11454), eq. 2).
    record Vera(int rank, List<String> targets) implements Tuning {
        public Vera {
            targets = List.copyOf(targets);
        }
    }

    /// Orthogonal fine-tuning ([paper](https://arxiv.org/abs/2306.07280), section 4).
    ///
    /// @param block width of a block, 2 or more, a divisor of what each target reads
    record Oft(int block, List<String> targets) implements Tuning {
        public Oft {
            targets = List.copyOf(targets);
        }
    }

    /// Hadamard product of two low ranks ([paper](https://arxiv.org/abs/2108.06098), proposition 1).
    record Loha(int rank, double alpha, List<String> targets) implements Tuning {
        public Loha {
            targets = List.copyOf(targets);
        }
    }

    /// Kronecker product ([paper](https://arxiv.org/abs/2309.14859), section 3.2).
    record Lokr(int rank, double alpha, List<String> targets) implements Tuning {
        public Lokr {
            targets = List.copyOf(targets);
        }
    }

    /// The norms alone ([paper](https://arxiv.org/abs/2312.11420), section 3).
    record LayerNorms() implements Tuning {}

    /// Learned vectors before the text ([paper](https://arxiv.org/abs/2104.08691), section 2); cannot be merged.
    record Prompt(int count) implements Tuning {}

    /// The same through a network ([paper](https://arxiv.org/abs/2103.10385), section 2.2); cannot be merged.
    ///
    /// @param hidden width of its layers
    record PTuning(int count, int hidden) implements Tuning {}

    /// Learned keys and values before the text ([paper](https://arxiv.org/abs/2101.00190), eq. 3); cannot be merged.
    ///
    /// @param hidden width of the network they are learned through (section 4.3); 0 is none
    record Prefix(int count, int hidden) implements Tuning {}

    /// Bottleneck adapters; they cannot be merged, and PEFT has none.
    ///
    /// @param reduction width of the layer over that of the bottleneck
    /// @param attention after the attention too ([paper](https://arxiv.org/abs/1902.00751), with SiLU), else after the
    /// feed-forward layer alone ([paper](https://arxiv.org/abs/2005.00247), with ReLU)
    record Bottleneck(int reduction, boolean attention) implements Tuning {}

    /// Whether weights of the model can stand for what was learned.
    default boolean merges() {
        return switch (this) {
            case Prompt _, PTuning _, Prefix _, Bottleneck _ -> false;
            case LowRank _, AdaLora _, Ia3 _, Vera _, Oft _, Loha _, Lokr _, LayerNorms _ -> true;
        };
    }

    /// Its `adapter_config.json` for a model.
    default ObjectNode json(Base base) {
        var json = JsonNodeFactory.instance.objectNode();
        json.putNull("base_model_name_or_path");
        json.put("inference_mode", true);
        json.put("task_type", "CAUSAL_LM");
        switch (this) {
            case LowRank it -> {
                json.put("peft_type", "LORA");
                json.put("r", it.rank()).put("lora_alpha", it.alpha()).put("lora_dropout", 0.0);
                json.put("bias", "none").put("fan_in_fan_out", base.turned());
                json.put("use_rslora", it.kind() == Kind.RSLORA).put("use_dora", it.kind() == Kind.DORA);
                switch (it.kind()) {
                    case LORA, RSLORA, DORA -> json.put("init_lora_weights", true);
                    case PISSA -> json.put("init_lora_weights", "pissa");
                    case OLORA -> json.put("init_lora_weights", "olora");
                }
                targets(json, base, it.targets());
            }
            case AdaLora it -> {
                json.put("peft_type", "ADALORA").put("fan_in_fan_out", base.turned());
                json.put("init_r", it.rank()).put("target_r", it.rank()).put("r", it.rank());
                json.put("lora_alpha", it.alpha()).put("orth_reg_weight", it.orthogonality());
                json.put("tinit", 0).put("tfinal", 0).put("deltaT", 1).put("total_step", 1);
                targets(json, base, it.targets());
            }
            case Ia3 _ -> {
                json.put("peft_type", "IA3").put("fan_in_fan_out", base.turned());
                targets(json, base, List.of("k_proj", "v_proj", "down_proj"));
                base.named(List.of("down_proj")).forEach(json.putArray("feedforward_modules")::add);
            }
            case Vera it -> {
                json.put("peft_type", "VERA").put("fan_in_fan_out", base.turned());
                json.put("r", it.rank()).put("d_initial", 0.1).put("save_projection", true);
                targets(json, base, it.targets());
            }
            case Oft it -> {
                json.put("peft_type", "OFT");
                json.put("r", 0).put("oft_block_size", it.block());
                json.put("use_cayley_neumann", true).put("num_cayley_neumann_terms", 5);
                targets(json, base, it.targets());
            }
            case Loha it -> {
                json.put("peft_type", "LOHA").put("r", it.rank()).put("alpha", it.alpha());
                targets(json, base, it.targets());
            }
            case Lokr it -> {
                json.put("peft_type", "LOKR").put("r", it.rank()).put("alpha", it.alpha());
                targets(json, base, it.targets());
            }
            case LayerNorms _ -> {
                json.put("peft_type", "LN_TUNING");
                targets(json, base, List.of("input_layernorm", "post_attention_layernorm", "norm"));
            }
            case Prompt it -> {
                json.put("peft_type", "PROMPT_TUNING").put("prompt_tuning_init", "SAMPLE_VOCAB");
                places(json, base, it.count(), base.shape(base.embedding()).get(1));
            }
            case PTuning it -> {
                json.put("peft_type", "P_TUNING").put("encoder_reparameterization_type", "MLP");
                json.put("encoder_hidden_size", it.hidden());
                places(json, base, it.count(), base.shape(base.embedding()).get(1));
            }
            case Prefix it -> {
                json.put("peft_type", "PREFIX_TUNING").put("prefix_projection", it.hidden() > 0);
                json.put("encoder_hidden_size", it.hidden());
                places(json, base, it.count(), base.keys()[0]);
            }
            case Bottleneck it -> {
                json.put("peft_type", "BOTTLENECK").put("reduction_factor", it.reduction());
                json.put("non_linearity", it.attention() ? "swish" : "relu");
                targets(json, base, it.attention() ? List.of("o_proj", "down_proj") : List.of("down_proj"));
            }
        }
        return json;
    }

    private static void targets(ObjectNode json, Base base, List<String> targets) {
        base.named(targets).forEach(json.putArray("target_modules")::add);
    }

    private static void places(ObjectNode json, Base base, int count, long width) {
        json.put("num_virtual_tokens", count).put("token_dim", width);
        json.put("num_layers", base.keys()[1]).put("num_attention_heads", base.groups());
        json.put("num_transformer_submodules", 1);
    }
}
