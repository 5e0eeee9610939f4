package dev.gyre.llm.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.GemmaConfig;
import dev.gyre.llm.checkpoint.RopeScaling;
import java.util.Map;
import java.util.Optional;

/// What Gemma has beside the shape of Llama, between `config.json` and the keys of a GGUF file.
///
/// llama.cpp knows some of it by the name of the architecture and not by a key: what such a model has otherwise is
/// refused.
final class GemmaKeys {

    /// The layers of the largest Gemma 2 and Gemma 3, whose scores are divided by another root than the head width's.
    private static final Map<String, Integer> LARGEST = Map.of("gemma2", 46, "gemma3", 62);

    private static final double LOCAL_THETA = 10_000;

    private GemmaKeys() {}

    /// Its shape in the words of a Llama's `config.json`, all of them given.
    static ObjectNode plain(GemmaConfig config) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("vocab_size", config.vocabulary());
        json.put("hidden_size", config.width());
        json.put("intermediate_size", config.feedForward());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.groups());
        json.put("head_dim", config.headWidth());
        json.put("max_position_embeddings", config.context());
        json.put("rms_norm_eps", config.normEpsilon());
        config.ropes().getFirst().describe(json);
        config.windows().stream()
                .filter(window -> window > 0)
                .findFirst()
                .ifPresent(window -> json.put("sliding_window", window));
        return json;
    }

    /// Its own keys.
    ///
    /// @throws IllegalArgumentException where llama.cpp would take it for another model
    static void put(Map<String, GgufValue> keys, GemmaConfig config, Naming naming) {
        double scalar = scalar(naming, config.layers(), config.width(), config.heads(), config.headWidth());
        check(config.queryScalar() == scalar, "query_pre_attn_scalar", config.queryScalar(), scalar);
        check(config.tied() || config.generation() == 3, "tie_word_embeddings", config.tied(), true);
        check(!config.attentionBias(), "attention_bias", config.attentionBias(), false);
        if (config.generation() == 2) {
            check(config.attentionCap() > 0, "attn_logit_softcapping", "off", "above 0");
            check(config.logitsCap() > 0, "final_logit_softcapping", "off", "above 0");
            keys.put(naming.key("attn_logit_softcapping"), GgufValue.real(config.attentionCap()));
        }
        if (config.logitsCap() > 0) {
            keys.put(naming.key("final_logit_softcapping"), GgufValue.real(config.logitsCap()));
        }
        int period = config.windows().indexOf(0) + 1;
        for (int layer = 0; layer < config.layers() && config.generation() > 1; layer++) {
            boolean wide = period > 0 && (layer + 1) % period == 0;
            check(
                    (config.windows().get(layer) == 0) == wide,
                    "layer_types[%d]".formatted(layer),
                    config.windows().get(layer) > 0 ? "sliding_attention" : "full_attention",
                    "as in the layers before: every so many have no window");
        }
        // Without a layer that sees all, any period beyond the last layer says so.
        int said = period > 0 ? period : Math.max(config.layers() + 1, period(naming));
        if (config.generation() > 1 && config.windows().stream().anyMatch(window -> window > 0) && said != period(naming)) {
            keys.put(naming.key("attention.sliding_window_pattern"), GgufValue.unsigned(said));
        }
        if (config.ropes().size() > 1 && config.ropes().getLast().theta() != LOCAL_THETA) {
            keys.put(naming.key("rope.freq_base_swa"), GgufValue.real(config.ropes().getLast().theta()));
        }
        if (config.ropes().size() > 1) {
            var local = config.ropes().getLast();
            check(local instanceof RopeScaling.Plain, "rope_type of sliding_attention", local, "default");
        }
    }

    private static void check(boolean met, String name, Object value, Object bound) {
        if (!met) {
            throw new IllegalArgumentException(
                    "%s is %s, llama.cpp runs such a model only where it is %s".formatted(name, value, bound));
        }
    }

    private static double scalar(Naming naming, long layers, long width, long heads, long headWidth) {
        boolean largest = layers == LARGEST.getOrDefault(naming.architecture(), 0);
        return largest ? (double) width / heads : headWidth;
    }

    private static int period(Naming naming) {
        return naming.architecture().equals("gemma2") ? 2 : 6;
    }

    /// Adds what a `config.json` of Gemma has beside that of a Llama.
    static void describe(ObjectNode config, GgufFile file, Naming naming) {
        config.remove("mlp_bias");
        config.put("attention_bias", false);
        config.put("hidden_act", "gelu_pytorch_tanh").put("hidden_activation", "gelu_pytorch_tanh");
        if (naming.architecture().equals("gemma")) {
            return;
        }
        long layers = config.path("num_hidden_layers").asLong();
        config.put(
                "query_pre_attn_scalar",
                scalar(
                        naming,
                        layers,
                        config.path("hidden_size").asLong(),
                        config.path("num_attention_heads").asLong(),
                        config.path("head_dim").asLong()));
        boolean second = naming.architecture().equals("gemma2");
        if (second) {
            config.put(
                    "attn_logit_softcapping",
                    file.real(naming.key("attn_logit_softcapping")).orElse(50.0));
        }
        file.real(naming.key("final_logit_softcapping"))
                .or(() -> second ? Optional.of(30.0) : Optional.empty())
                .ifPresentOrElse(
                        cap -> config.put("final_logit_softcapping", cap),
                        () -> config.putNull("final_logit_softcapping"));
        long period = file.whole(naming.key("attention.sliding_window_pattern")).orElse((long) period(naming));
        boolean slides = file.whole(naming.key("attention.sliding_window")).orElse(0L) > 0;
        var kinds = config.putArray("layer_types");
        for (long layer = 0; layer < layers; layer++) {
            kinds.add(!slides || period > 0 && (layer + 1) % period == 0 ? "full_attention" : "sliding_attention");
        }
        if (!second) {
            config.put(
                    "rope_local_base_freq",
                    file.real(naming.key("rope.freq_base_swa")).orElse(LOCAL_THETA));
        }
    }
}
