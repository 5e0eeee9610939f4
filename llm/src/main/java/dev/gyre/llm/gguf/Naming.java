package dev.gyre.llm.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How llama.cpp names and lays out the tensors of one family of models.
///
/// @param architecture its name there
/// @param interleaved whether a rotated pair of a head's dimensions lies side by side, as in Meta's own
/// checkpoints, where Hugging Face keeps the two halves apart
/// @param shifted whether norms, which a folder keeps less 1, are whole there
record Naming(String architecture, boolean interleaved, boolean shifted) {

    private static final Map<String, String> WHOLE = Map.of(
            "model.embed_tokens", "token_embd",
            "model.norm", "output_norm",
            "lm_head", "output");

    private static final Map<String, String> LAYER = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"));

    /// As the others from Gemma 2 on, but for the norms on both sides of attention and feed-forward layer.
    private static final Map<String, String> GEMMA_LAYER = gemmaLayer();

    private static Map<String, String> gemmaLayer() {
        var names = new LinkedHashMap<>(LAYER);
        names.put("post_attention_layernorm", "post_attention_norm");
        names.put("pre_feedforward_layernorm", "ffn_norm");
        names.put("post_feedforward_layernorm", "post_ffw_norm");
        return names;
    }

    private static Naming of(String architecture) {
        return new Naming(architecture, architecture.equals("llama"), architecture.startsWith("gemma"));
    }

    private Map<String, String> layer() {
        return shifted && !architecture.equals("gemma") ? GEMMA_LAYER : LAYER;
    }

    /// The naming for a `model_type` of transformers.
    static Naming ofModel(JsonNode config) {
        var type = config.path("model_type").asText();
        return switch (type) {
            case "llama", "mistral" -> of("llama");
            case "qwen2", "qwen3", "gemma", "gemma2" -> of(type);
            case "gemma3_text" -> of("gemma3");
            default ->
                throw new IllegalArgumentException(
                        "model_type is %s, GGUF is written for llama, mistral, qwen2, qwen3, gemma, gemma2 and gemma3_text"
                                .formatted(type));
        };
    }

    /// The naming for a `general.architecture` of llama.cpp.
    static Naming ofFile(GgufFile file) {
        var name = file.text("general.architecture");
        return switch (name) {
            case "llama", "qwen2", "qwen3", "gemma", "gemma2", "gemma3" -> of(name);
            default -> throw file.missing("general.architecture", "llama, qwen2, qwen3, gemma, gemma2 or gemma3");
        };
    }

    String key(String name) {
        return architecture + "." + name;
    }

    /// The name in a GGUF file of a tensor in a Hugging Face folder.
    ///
    /// @throws IllegalArgumentException where there is none
    String toFile(String tensor) {
        return renamed(tensor, WHOLE, layer(), "model.layers.", "blk.")
                .orElseThrow(() -> new IllegalArgumentException(
                        "tensor %s has no name in a GGUF file of architecture %s".formatted(tensor, architecture)));
    }

    /// The way back.
    String toFolder(String tensor) {
        return renamed(tensor, inverse(WHOLE), inverse(layer()), "blk.", "model.layers.")
                .orElseThrow(() -> new IllegalArgumentException(
                        "tensor %s is none of a model of architecture %s".formatted(tensor, architecture)));
    }

    private static Optional<String> renamed(
            String tensor, Map<String, String> whole, Map<String, String> layer, String before, String after) {
        int dot = tensor.lastIndexOf('.');
        var module = tensor.substring(0, Math.max(0, dot));
        var part = tensor.substring(module.length());
        if (whole.containsKey(module)) {
            return Optional.of(whole.get(module) + part);
        }
        int number = module.indexOf('.', before.length());
        if (!module.startsWith(before) || number < 0 || !layer.containsKey(module.substring(number + 1))) {
            return Optional.empty();
        }
        return Optional.of(
                after + module.substring(before.length(), number + 1) + layer.get(module.substring(number + 1)) + part);
    }

    private static Map<String, String> inverse(Map<String, String> map) {
        var result = new LinkedHashMap<String, String>();
        map.forEach((key, value) -> result.put(value, key));
        return result;
    }

    /// What is added to the numbers of a tensor on its way into a file.
    ///
    /// @param tensor its name in a Hugging Face folder
    float shift(String tensor) {
        return shifted && tensor.endsWith("norm.weight") ? 1 : 0;
    }

    /// How many heads the rows of a tensor are interleaved by, 0 for one that is not.
    ///
    /// @param tensor its name in a Hugging Face folder
    int heads(String tensor, int heads, int groups) {
        if (!interleaved) {
            return 0;
        }
        return tensor.contains(".q_proj.") ? heads : tensor.contains(".k_proj.") ? groups : 0;
    }

    /// Which row of a folder's tensor is a row of a file's: (heads, 2, half) becomes (heads, half, 2).
    static long interleave(long row, long headWidth) {
        long within = row % headWidth;
        return row - within + within % 2 * (headWidth / 2) + within / 2;
    }

    /// The way back.
    static long separate(long row, long headWidth) {
        long within = row % headWidth;
        return row - within + within % (headWidth / 2) * 2 + within / (headWidth / 2);
    }
}
