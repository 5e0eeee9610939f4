package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.checkpoint.LlamaFolder;
import dev.gyre.llm.checkpoint.LoraFolder;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The weights of a Llama on a device under their Hugging Face names, and what a program must know to
/// run them.
public final class Llama implements AutoCloseable {

    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String CLASSIFIER = "lm_head.weight";

    private final ProgramRunner runner;
    private final NDManager memory;
    private final LlamaFolder folder;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();

    private Llama(ProgramRunner runner, NDManager memory, LlamaFolder folder) {
        this.runner = runner;
        this.memory = memory;
        this.folder = folder;
    }

    /// Opens a Hugging Face folder.
    ///
    /// @param held in what numbers the weights are kept
    /// @param compute in what numbers the model computes
    public static Llama open(ProgramRunner runner, Path path, ElementType held, ElementType compute) {
        var llama = new Llama(runner, runner.newScope(), LlamaFolder.open(path));
        try {
            llama.read(held, compute);
            return llama;
        } catch (RuntimeException e) {
            llama.close();
            throw e;
        }
    }

    private void read(ElementType held, ElementType compute) {
        config().tensors().keySet().forEach(name -> tensors.put(name, original(memory, name, held)));
        if (config().tied()) {
            tensors.put(CLASSIFIER, tensor(EMBEDDING));
        }
        tensors.put("compute", runner.adopt(memory, number(0), ElementType.F32.kind(), List.of(), compute.kind()));
        try (var scope = runner.newScope()) {
            var frequencies = config().rope().inverseFrequencies(config().headWidth());
            var tables = runner.convertAll(
                    memory, "rope", runner.floats(scope, frequencies, frequencies.length), (long) config().context());
            tensors.put("rope.cos", tables.get(0));
            tensors.put("rope.sin", tables.get(1));
        }
    }

    /// A weight as it stands in the folder.
    private NDArray original(NDManager scope, String name, ElementType wanted) {
        var entry = folder.entry(name);
        return runner.adopt(scope, folder.bytes(name), entry.type().kind(), entry.shape(), wanted.kind());
    }

    private static ByteBuffer number(float value) {
        return ByteBuffer.allocateDirect(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .flip();
    }

    /// Reads an adapter's tensors into `scope`, by module.
    public Map<String, LowRank> readAdapter(NDManager scope, Path path) {
        try (var adapter = LoraFolder.open(path, config())) {
            var found = new LinkedHashMap<String, LowRank>();
            adapter.modules().forEach((module, pair) -> {
                double scale = adapter.config()
                        .scale(module, pair.down().shape().getFirst().intValue());
                found.put(
                        module,
                        new LowRank(
                                read(scope, adapter.file(), pair.down()),
                                read(scope, adapter.file(), pair.up()),
                                scale(scope, scale)));
            });
            return found;
        }
    }

    private NDArray read(NDManager scope, TensorFile file, TensorFile.Entry entry) {
        return runner.adopt(scope, file.bytes(entry), entry.type().kind(), entry.shape(), ElementType.F32.kind());
    }

    /// The factor of an adapter as the tensor that programs take.
    public NDArray scale(NDManager scope, double value) {
        int kind = ElementType.F32.kind();
        return runner.adopt(scope, number((float) value), kind, List.of(), kind);
    }

    /// Folds an adapter into the weights on the device.
    public void merge(Map<String, LowRank> adapter) {
        adapter.forEach((module, pair) -> {
            var name = module + ".weight";
            var before = tensor(name);
            tensors.put(name, merged(memory, before, pair));
            before.close();
        });
    }

    private NDArray merged(NDManager scope, NDArray weight, LowRank pair) {
        return runner.convert(scope, "merge", weight, pair.down(), pair.up(), pair.scale());
    }

    public LlamaConfig config() {
        return folder.config();
    }

    /// What a program must know of the architecture: layers, heads, groups.
    public long[] shape() {
        return new long[] {config().layers(), config().heads(), config().groups()};
    }

    /// The names of the weights that a checkpoint has.
    public List<String> names() {
        return List.copyOf(config().tensors().keySet());
    }

    public NDArray tensor(String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("%s has no tensor %s".formatted(folder.folder(), name));
        }
        return tensor;
    }

    /// All tensors as programs take them, with an adapter beside them.
    public Weights bind(Map<String, LowRank> adapter) {
        var all = new LinkedHashMap<>(tensors);
        adapter.forEach((module, pair) -> {
            all.put(module + ".lora_A.weight", pair.down());
            all.put(module + ".lora_B.weight", pair.up());
            all.put(module + ".lora_scale", pair.scale());
        });
        return runner.bind(all);
    }

    /// Writes the weights on the device as a complete folder, in the type they were read from.
    public void save(Path target) {
        write(target, (_, name) -> tensor(name));
    }

    /// Writes the original weights with an adapter folded into them, computed in fp32, as a complete
    /// folder.
    public void saveMerged(Path target, Map<String, LowRank> adapter) {
        write(target, (scope, name) -> {
            var weight = original(scope, name, ElementType.F32);
            var pair = adapter.get(name.substring(0, name.lastIndexOf('.')));
            return pair == null || name.endsWith(".bias") ? weight : merged(scope, weight, pair);
        });
    }

    private interface Source {
        NDArray weight(NDManager scope, String name);
    }

    private void write(Path target, Source source) {
        var type = folder.type();
        var weights = new ArrayList<TensorFileWriter.Tensor>();
        config().tensors()
                .forEach((name, shape) -> weights.add(new TensorFileWriter.Tensor(name, type, shape, () -> {
                    try (var scope = runner.newScope()) {
                        return runner.bytes(source.weight(scope, name), type.kind());
                    }
                })));
        folder.writeTo(target, weights);
    }

    @Override
    public void close() {
        memory.close();
        folder.close();
    }
}
