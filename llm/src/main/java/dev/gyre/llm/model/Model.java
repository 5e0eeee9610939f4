package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.LoraFolder;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The weights of a model on a device under their Hugging Face names, and what a program must know to
/// run them.
public final class Model implements AutoCloseable {

    private static final List<String> ROPES = List.of("rope", "rope.local");
    private static final String CLASSIFIER = "lm_head.weight";

    private final ProgramRunner runner;
    private final NDManager memory;
    private final ModelFolder folder;
    private final Architecture config;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();

    private Model(ProgramRunner runner, NDManager memory, ModelFolder folder, Architecture config) {
        this.runner = runner;
        this.memory = memory;
        this.folder = folder;
        this.config = config;
    }

    /// Opens a Hugging Face folder.
    ///
    /// @param held in what numbers the weights are kept
    /// @param compute in what numbers the model computes
    public static Model open(ProgramRunner runner, Path path, ElementType held, ElementType compute) {
        return open(runner, path, held, compute, List.of());
    }

    /// Opens an encoder with a head for these labels beside its own; what a label has not learned is 0.
    public static Model open(
            ProgramRunner runner, Path path, ElementType held, ElementType compute, Collection<String> labels) {
        var folder = ModelFolder.open(path);
        var model = new Model(runner, runner.newScope(), folder, grown(folder.config(), labels));
        try {
            model.read(held, compute);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Architecture grown(Architecture config, Collection<String> labels) {
        return switch (config) {
            case BertConfig bert -> labels.isEmpty() ? bert : bert.withLabels(labels);
            case DecoderConfig decoder -> decoder;
        };
    }

    private void read(ElementType held, ElementType compute) {
        config.tensors().keySet().forEach(name -> tensors.put(name, original(memory, name, held)));
        tensors.put("compute", runner.adopt(memory, number(0), ElementType.F32.kind(), List.of(), compute.kind()));
        if (config instanceof DecoderConfig decoder) {
            readTables(decoder);
        }
    }

    /// What a decoder's program takes beside the checkpoint: the classifier of a tied model, the tables of the
    /// rotations, numbers of its architecture.
    private void readTables(DecoderConfig decoder) {
        if (decoder.tied()) {
            tensors.put(CLASSIFIER, tensor(decoder.embedding()));
        }
        decoder.scalars().forEach((name, value) -> tensors.put(name, scale(memory, value)));
        for (int kind = 0; kind < decoder.ropes().size(); kind++) {
            var rope = decoder.ropes().get(kind);
            try (var scope = runner.newScope()) {
                var frequencies = rope.inverseFrequencies(decoder.headWidth());
                var tables = runner.convertAll(
                        memory,
                        "rope",
                        runner.floats(scope, frequencies, frequencies.length),
                        (long) decoder.context(),
                        rope.attentionFactor());
                tensors.put(ROPES.get(kind) + ".cos", tables.get(0));
                tensors.put(ROPES.get(kind) + ".sin", tables.get(1));
            }
        }
    }

    /// The head's rows by label, those of the folder where it has them; always fp32, so that it can learn.
    private NDArray head(NDManager scope, BertConfig bert, String name) {
        var shape = Objects.requireNonNull(bert.tensors().get(name));
        int wide = shape.size() == 2 ? bert.width() : 1;
        var values = new float[bert.labels().size() * wide];
        if (folder.config() instanceof BertConfig known && !known.labels().isEmpty()) {
            try (var passing = runner.newScope()) {
                var stored = runner.read(stored(passing, name, ElementType.F32));
                for (int row = 0; row < known.labels().size(); row++) {
                    int target = bert.labels().indexOf(known.labels().get(row));
                    System.arraycopy(stored, row * wide, values, target * wide, wide);
                }
            }
        }
        var bytes = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return runner.adopt(scope, bytes, ElementType.F32.kind(), shape, ElementType.F32.kind());
    }

    /// A weight as it stands in the folder, the head with what it has grown by.
    private NDArray original(NDManager scope, String name, ElementType wanted) {
        if (config instanceof BertConfig bert && BertConfig.HEAD.contains(name)) {
            return head(scope, bert, name);
        }
        return stored(scope, name, wanted);
    }

    private NDArray stored(NDManager scope, String name, ElementType wanted) {
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

    public Architecture config() {
        return config;
    }

    /// What a program must know of the architecture, as whole numbers.
    public long[] shape() {
        return config.shape();
    }

    /// The fillings of a program's slots that this model needs.
    ///
    /// @param others such as `linear` and `objective`
    public Map<String, String> slots(Map<String, String> others) {
        var slots = new LinkedHashMap<>(others);
        if (config instanceof DecoderConfig decoder) {
            slots.put("decoder", decoder.program());
        }
        return slots;
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
        return bind(adapter, Map.of());
    }

    /// As [#bind(Map)], with more that a program reads beside the weights, such as a `temperature`.
    public Weights bind(Map<String, LowRank> adapter, Map<String, NDArray> more) {
        var all = new LinkedHashMap<>(tensors);
        all.putAll(more);
        adapter.forEach((module, pair) -> {
            all.put(module + ".lora_A.weight", pair.down());
            all.put(module + ".lora_B.weight", pair.up());
            all.put(module + ".lora_scale", pair.scale());
        });
        return runner.bind(all);
    }

    /// Writes a complete folder, in the type it was read from: these weights as they stand on the
    /// device, the others as they stood in the folder.
    public void save(Path target, Set<String> moved) {
        write(
                target,
                (scope, name) -> moved.contains(name) ? tensor(name) : original(scope, name, ElementType.F32));
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
        folder.writeTo(target, config, weights);
    }

    @Override
    public void close() {
        memory.close();
        folder.close();
    }
}
