package dev.gyre.llm.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A LoRA adapter in PEFT layout: `adapter_config.json` and `adapter_model.safetensors`.
public final class LoraFolder implements AutoCloseable {

    /// The two matrices of an adapted module, as tensors of the file: A (rank, in) and B (out, rank).
    public record Pair(TensorFile.Entry down, TensorFile.Entry up) {}

    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PREFIX = "base_model.model.";
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    private final LoraConfig config;
    private final TensorFile file;
    private final Map<String, Pair> modules;

    private LoraFolder(LoraConfig config, TensorFile file, Map<String, Pair> modules) {
        this.config = config;
        this.file = file;
        this.modules = modules;
    }

    /// Opens an adapter for a model of this shape.
    ///
    /// @throws IllegalArgumentException where a tensor is missing, left over or of another shape than
    /// the model
    /// implies
    public static LoraFolder open(Path folder, Architecture model) {
        var config = LoraConfig.read(folder.resolve(CONFIG));
        if (!TensorFile.exists(folder.resolve(WEIGHTS))) {
            throw new IllegalArgumentException("%s is missing".formatted(folder.resolve(WEIGHTS)));
        }
        var file = TensorFile.open(folder.resolve(WEIGHTS));
        try {
            return new LoraFolder(config, file, modules(file, model));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Map<String, Pair> modules(TensorFile file, Architecture model) {
        var found = new LinkedHashMap<String, Pair>();
        var shapes = model.tensors();
        for (var down : file.entries().values()) {
            if (down.name().endsWith(UP)
                    && file.entries().containsKey(down.name().replace(UP, DOWN))) {
                continue;
            }
            var up = file.entries().get(down.name().replace(DOWN, UP));
            var module = down.name().startsWith(PREFIX) && down.name().endsWith(DOWN)
                    ? down.name().substring(PREFIX.length(), down.name().length() - DOWN.length())
                    : "";
            var base = shapes.get(module + ".weight");
            if (base == null || base.size() != 2 || up == null) {
                throw new IllegalArgumentException(
                        "tensor %s in %s is not one of a pair %s*%s, *%s on a layer of the model"
                                .formatted(down.name(), file.path(), PREFIX, DOWN, UP));
            }
            long rank = down.shape().getFirst();
            checkShape(file, down, List.of(rank, base.get(1)));
            checkShape(file, up, List.of(base.get(0), rank));
            found.put(module, new Pair(down, up));
        }
        return found;
    }

    private static void checkShape(TensorFile file, TensorFile.Entry entry, List<Long> wanted) {
        if (!entry.shape().equals(wanted)) {
            throw new IllegalArgumentException("tensor %s in %s has shape %s, the model implies %s"
                    .formatted(entry.name(), file.path(), entry.shape(), wanted));
        }
    }

    public LoraConfig config() {
        return config;
    }

    public TensorFile file() {
        return file;
    }

    /// The adapted modules by name, such as `model.layers.0.self_attn.q_proj`.
    public Map<String, Pair> modules() {
        return modules;
    }

    /// Writes an adapter; `weights` are named by module and `lora_A.weight` or `lora_B.weight`.
    public static void write(Path target, LoraConfig config, List<TensorFileWriter.Tensor> weights) {
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(target), e);
        }
        var named = new ArrayList<TensorFileWriter.Tensor>();
        for (var tensor : weights) {
            named.add(
                    new TensorFileWriter.Tensor(PREFIX + tensor.name(), tensor.type(), tensor.shape(), tensor.bytes()));
        }
        TensorFileWriter.write(target.resolve(WEIGHTS), named);
        JsonFile.write(target.resolve(CONFIG), config.json());
    }

    @Override
    public void close() {
        file.close();
    }
}
