package dev.gyre.llm.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A LoRA adapter in PEFT layout as the GGUF file that llama.cpp lays over its base model.
///
/// llama.cpp scales every module by alpha / rank. What PEFT scales otherwise (rsLoRA, ranks and alphas
/// by pattern) is folded into the second matrix, so the product is the same.
public final class GgufAdapter {

    private static final String PREFIX = "base_model.model.";
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    private final TensorFile file;
    private final JsonNode adapter;
    private final JsonNode base;
    private final Naming naming;
    private final double alpha;

    private GgufAdapter(TensorFile file, JsonNode adapter, JsonNode base) {
        this.file = file;
        this.adapter = adapter;
        this.base = base;
        this.naming = Naming.ofModel(base);
        this.alpha = adapter.path("lora_alpha").asDouble(8);
    }

    /// Writes an adapter.
    ///
    /// @param folder with `adapter_config.json` and `adapter_model.safetensors`
    /// @param base the folder of its base model
    /// @param type of the matrices
    /// @throws IllegalArgumentException for another method than LoRA, or a tensor llama.cpp has no place for
    public static void write(Path folder, Path base, Path target, GgufType type) {
        var config = folder.resolve("adapter_config.json");
        var adapter = JsonFile.read(config);
        boolean plain = adapter.path("peft_type").asText().equals("LORA")
                && !adapter.path("use_dora").asBoolean(false)
                && !adapter.path("fan_in_fan_out").asBoolean(false)
                && adapter.path("bias").asText("none").equals("none");
        if (!plain) {
            throw new IllegalArgumentException(
                    "%s is no plain LoRA, which is what GGUF is written for; merge it into its base".formatted(config));
        }
        try (var file = TensorFile.open(folder.resolve("adapter_model.safetensors"))) {
            var writer = new GgufAdapter(file, adapter, JsonFile.read(base.resolve("config.json")));
            GgufWriter.write(target, writer.keys(), writer.tensors(type));
        }
    }

    private Map<String, GgufValue> keys() {
        var keys = new LinkedHashMap<String, GgufValue>();
        keys.put("general.architecture", GgufValue.of(naming.architecture()));
        keys.put("general.type", GgufValue.of("adapter"));
        keys.put("adapter.type", GgufValue.of("lora"));
        keys.put("adapter.lora.alpha", GgufValue.real(alpha));
        keys.put("general.quantization_version", GgufValue.unsigned(2));
        return keys;
    }

    private List<GgufWriter.Tensor> tensors(GgufType type) {
        var tensors = new ArrayList<GgufWriter.Tensor>();
        for (var entry : file.entries().values()) {
            boolean down = entry.name().endsWith(DOWN);
            var pair = file.entries().get(other(entry.name()));
            if (!entry.name().startsWith(PREFIX)
                    || pair == null
                    || entry.shape().size() != 2) {
                throw new IllegalArgumentException(
                        "tensor %s in %s is not one of a pair %s*%s, *%s, which is what GGUF is written for"
                                .formatted(entry.name(), file.path(), PREFIX, DOWN, UP));
            }
            var module = entry.name().substring(PREFIX.length(), entry.name().length() - DOWN.length());
            var name = naming.toFile(module + ".weight") + (down ? ".lora_a" : ".lora_b");
            var fitting = type.fits(entry.shape().getLast()) ? type : GgufType.F16;
            tensors.add(new GgufWriter.Tensor(
                    name, fitting, entry.shape(), down ? row -> file.row(entry, row) : up(module, entry)));
        }
        return tensors;
    }

    private static String other(String name) {
        return name.endsWith(DOWN) ? name.replace(DOWN, UP) : name.endsWith(UP) ? name.replace(UP, DOWN) : "";
    }

    private GgufWriter.Rows up(String module, TensorFile.Entry entry) {
        int rank = entry.shape().getLast().intValue();
        int width = ModelKeys.headWidth(base);
        boolean turned = naming.heads(module + ".weight", ModelKeys.heads(base), ModelKeys.groups(base)) > 0;
        float factor = (float) (scale(module, rank) * rank / alpha);
        return row -> {
            var numbers = file.row(entry, turned ? Naming.interleave(row, width) : row);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] *= factor;
            }
            return numbers;
        };
    }

    /// What PEFT multiplies a module's product by.
    private double scale(String module, int rank) {
        double own = adapter.path("alpha_pattern").properties().stream()
                .filter(pattern -> module.matches("(.*\\.)?(%s)".formatted(pattern.getKey())))
                .map(pattern -> Objects.requireNonNull(pattern.getValue()).asDouble())
                .findFirst()
                .orElse(alpha);
        return own / (adapter.path("use_rslora").asBoolean(false) ? Math.sqrt(rank) : rank);
    }
}
