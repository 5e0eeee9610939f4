package dev.gyre.llm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The shape of a LoRA adapter, as PEFT's `adapter_config.json` tells it.
///
/// @param rankPattern other ranks for modules whose name ends in, or matches, the key
/// @param alphaPattern other alphas, likewise
/// @param stabilised scale by `alpha / √rank` (rsLoRA, [paper](https://arxiv.org/abs/2312.03732))
/// instead of `alpha /
/// rank`
/// @param targets last words of the module names that have an adapter
public record LoraConfig(
        int rank,
        double alpha,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        boolean stabilised,
        List<String> targets) {

    public LoraConfig {
        rankPattern = Map.copyOf(rankPattern);
        alphaPattern = Map.copyOf(alphaPattern);
        targets = List.copyOf(targets);
        if (rank < 1) {
            throw new IllegalArgumentException("r is %d, must be 1 or more".formatted(rank));
        }
    }

    /// One rank and one alpha for all targets.
    public static LoraConfig of(int rank, double alpha, List<String> targets) {
        return new LoraConfig(rank, alpha, Map.of(), Map.of(), false, targets);
    }

    /// Reads an `adapter_config.json`.
    ///
    /// @throws IllegalArgumentException for another method than LoRA, or a variant of it that is not read
    public static LoraConfig read(Path file) {
        var json = JsonFile.read(file);
        require(file, json.path("peft_type").asText().equals("LORA"), "peft_type", json.path("peft_type"), "LORA");
        for (var flag : List.of("use_dora", "fan_in_fan_out", "lora_bias", "use_qalora")) {
            require(file, !json.path(flag).asBoolean(false), flag, json.path(flag), "false");
        }
        for (var extra :
                List.of("modules_to_save", "layer_replication", "target_parameters", "trainable_token_indices")) {
            require(file, json.path(extra).isEmpty(), extra, json.path(extra), "absent");
        }
        var bias = json.path("bias").asText("none");
        require(file, bias.equals("none"), "bias", bias, "none");
        var targets = json.path("target_modules");
        require(
                file,
                targets.isArray() || targets.asText().equals("all-linear"),
                "target_modules",
                targets,
                "a list of names");
        var ranks = new LinkedHashMap<String, Integer>();
        json.path("rank_pattern")
                .properties()
                .forEach(e -> ranks.put(e.getKey(), e.getValue().asInt()));
        var alphas = new LinkedHashMap<String, Double>();
        json.path("alpha_pattern")
                .properties()
                .forEach(e -> alphas.put(e.getKey(), e.getValue().asDouble()));
        var names = new TreeSet<String>();
        targets.forEach(name -> names.add(name.asText()));
        return new LoraConfig(
                json.path("r").asInt(8),
                json.path("lora_alpha").asDouble(8),
                ranks,
                alphas,
                json.path("use_rslora").asBoolean(false),
                List.copyOf(names));
    }

    private static void require(Path file, boolean met, String key, Object value, String bound) {
        if (!met) {
            throw new IllegalArgumentException("%s: %s is %s, must be %s".formatted(file, key, value, bound));
        }
    }

    /// The factor of `B·A` in a module.
    public double scale(String module, int itsRank) {
        double itsAlpha = alphaPattern.entrySet().stream()
                .filter(entry -> module.endsWith("." + entry.getKey())
                        || module.matches("(.*\\.)?(%s)".formatted(entry.getKey())))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(alpha);
        return itsAlpha / (stabilised ? Math.sqrt(itsRank) : itsRank);
    }

    /// This adapter as an `adapter_config.json`, in keys that PEFT has known since 0.10.
    public ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("alpha_pattern", patterns(alphaPattern));
        json.putNull("auto_mapping");
        json.putNull("base_model_name_or_path");
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.putNull("layers_pattern");
        json.putNull("layers_to_transform");
        if (alpha == Math.rint(alpha)) {
            json.put("lora_alpha", (long) alpha);
        } else {
            json.put("lora_alpha", alpha);
        }
        json.put("lora_dropout", 0.0);
        json.putNull("modules_to_save");
        json.put("peft_type", "LORA");
        json.put("r", rank);
        json.set("rank_pattern", patterns(rankPattern));
        json.putNull("revision");
        targets.forEach(json.putArray("target_modules")::add);
        json.put("task_type", "CAUSAL_LM");
        json.put("use_dora", false);
        json.put("use_rslora", stabilised);
        return json;
    }

    private static JsonNode patterns(Map<String, ? extends Number> values) {
        var json = JsonNodeFactory.instance.objectNode();
        values.forEach((key, value) -> {
            if (value instanceof Integer whole) {
                json.put(key, whole);
            } else {
                json.put(key, value.doubleValue());
            }
        });
        return json;
    }
}
