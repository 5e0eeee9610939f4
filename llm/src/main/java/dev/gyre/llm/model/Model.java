package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.adapter.Attachment;
import dev.gyre.llm.adapter.Base;
import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The weights of a model on a device under their Hugging Face names, and what a program must know to
/// run them.
public final class Model implements AutoCloseable {

    private static final List<String> ROPES = List.of("rope", "rope.local");
    private static final String CLASSIFIER = "lm_head.weight";

    private static final Pattern EMBEDDINGS = Pattern.compile("(embed_tokens|wte|wpe)\\.weight$");

    /// The head that gives a whole text numbers.
    public static final String SCORES = "score.weight";

    private final ProgramRunner runner;
    private final NDManager memory;
    private final ModelFolder folder;
    private final Architecture config;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();

    /// Of a head that the folder has not.
    private final long seed;

    private Model(ProgramRunner runner, NDManager memory, ModelFolder folder, Architecture config, long seed) {
        this.seed = seed;
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
        var model = new Model(runner, runner.newScope(), folder, grown(folder.config(), labels), 0);
        try {
            model.read(held, compute);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /// Opens a model that writes to learn to score: the head that gives a text one number stands in place of the one
    /// that writes; one that the folder has not is drawn by a seed, as transformers draws it.
    ///
    /// @throws IllegalArgumentException for a family whose head of scores is not known here
    public static Model openScoring(
            ProgramRunner runner, Path path, ElementType held, ElementType compute, long seed) {
        var folder = ModelFolder.open(path);
        if (!(folder.config() instanceof LlamaConfig llama)) {
            folder.close();
            throw new IllegalArgumentException(
                    "%s gets no head of scores here; give a llama, mistral, qwen2, qwen3 or smollm3".formatted(path));
        }
        if (llama.scores() > 1) {
            folder.close();
            throw new IllegalArgumentException(
                    "%s gives a text %d scores, must be one".formatted(path, llama.scores()));
        }
        var model = new Model(runner, runner.newScope(), folder, llama.withScores(1), seed);
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
        if (name.equals(SCORES) && !folder.config().tensors().containsKey(SCORES)) {
            return runner.adopt(
                    scope,
                    FirstWeights.of(name, Objects.requireNonNull(config.tensors().get(name)), seed),
                    ElementType.F32.kind(),
                    Objects.requireNonNull(config.tensors().get(name)),
                    wanted.kind());
        }
        return stored(scope, name, wanted);
    }

    private NDArray stored(NDManager scope, String name, ElementType wanted) {
        var entry = folder.entry(name);
        if (config.isTurned(name)) {
            try (var passing = runner.newScope()) {
                return runner.convert(scope, "turned", adopt(passing, name, entry, wanted));
            }
        }
        return adopt(scope, name, entry, wanted);
    }

    private NDArray adopt(NDManager scope, String name, TensorFile.Entry entry, ElementType wanted) {
        return runner.adopt(scope, folder.bytes(name), entry.type().kind(), entry.shape(), wanted.kind());
    }

    private static ByteBuffer number(float value) {
        return ByteBuffer.allocateDirect(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .flip();
    }

    /// This model as what an adapter changes.
    public Base base() {
        var shapes = new LinkedHashMap<String, List<Long>>();
        config.tensors().forEach((name, shape) -> shapes.put(name, config.isTurned(name) ? shape.reversed() : shape));
        return new Base(shapes, shape()[2], config.tensors().keySet().stream().anyMatch(config::isTurned), this::tensor);
    }

    /// Keeps the matrices of all linear layers in 8 bits with a scale for each row, for writing with the slot `linear`
    /// filled by `narrow`; the embedding stays as it is.
    void narrow() {
        for (var name : List.copyOf(tensors.keySet())) {
            var layer = name.substring(0, Math.max(0, name.length() - ".weight".length()));
            if (name.endsWith(".weight") && isLinear(name)) {
                var weight = Objects.requireNonNull(tensors.remove(name));
                var narrowed = runner.convertAll(memory, "narrowed", weight);
                tensors.put(layer + ".int8", narrowed.get(0));
                tensors.put(layer + ".scale", narrowed.get(1));
                if (!tensors.containsValue(weight)) {
                    weight.close();
                }
            }
        }
    }

    private boolean isLinear(String name) {
        var shape = config.tensors().get(name);
        return name.equals(CLASSIFIER) || shape != null && shape.size() == 2 && !EMBEDDINGS.matcher(name).find();
    }

    /// Reads a PEFT folder into `scope`.
    public Attachment readAdapter(NDManager scope, Path path) {
        return Attachment.open(runner, scope, base(), path);
    }

    /// The factor of an adapter as the tensor that programs take.
    public NDArray scale(NDManager scope, double value) {
        int kind = ElementType.F32.kind();
        return runner.adopt(scope, number((float) value), kind, List.of(), kind);
    }

    /// Folds an adapter into the weights on the device.
    ///
    /// @throws IllegalArgumentException where no weight can stand for it
    public void merge(Attachment adapter) {
        try (var scope = runner.newScope()) {
            var after = new LinkedHashMap<String, NDArray>();
            names().forEach(name -> after.put(name, adapter.merged(scope, name, (_, other) -> tensor(other))));
            after.forEach((name, weight) -> {
                var before = tensor(name);
                if (weight != before) {
                    runner.convert(scope, "fill", before, weight);
                }
            });
        }
    }

    /// The id of the padding behind a row, as the `config.json` of this model tells it once it is saved; -1 for none.
    public long pad() {
        var json = JsonFile.read(folder.folder().resolve("config.json"));
        config.describe(json);
        return json.path("pad_token_id").asLong(-1);
    }

    public Architecture config() {
        return config;
    }

    /// What a program must know of the architecture, as whole numbers.
    public long[] shape() {
        return config.shape();
    }

    /// What most methods of programs begin with, weights, shape and the epsilon of the norms, and what follows.
    public Object[] arguments(Weights weights, Object... more) {
        return Stream.concat(Stream.of(weights, shape(), config.normEpsilon()), Arrays.stream(more))
                .toArray();
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

    /// All tensors as programs take them, with others beside them or in their place, such as an adapter's.
    public Weights bind(Map<String, NDArray> others) {
        var all = new LinkedHashMap<>(tensors);
        all.putAll(others);
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
    ///
    /// @throws IllegalArgumentException where no weight can stand for it
    public void saveMerged(Path target, Attachment adapter) {
        write(target, (scope, name) -> adapter.merged(scope, name, this::original));
    }

    /// Writes an adapter as plain LoRA of a rank, which every server takes; see [Attachment#saveAsLowRank].
    public double saveAsLowRank(Path target, Attachment adapter, int rank) {
        return adapter.saveAsLowRank(target, rank, this::original);
    }

    private NDArray original(NDManager scope, String name) {
        return original(scope, name, ElementType.F32);
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
                        var weight = source.weight(scope, name);
                        var stored = config.isTurned(name) ? runner.convert(scope, "turned", weight) : weight;
                        return runner.bytes(stored, type.kind());
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
