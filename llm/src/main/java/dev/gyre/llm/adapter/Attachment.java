package dev.gyre.llm.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/// An adapter on a device, fitted to a model: its tensors beside or in place of the model's.
///
/// Its folder is PEFT's: `adapter_config.json` and `adapter_model.safetensors`.
public final class Attachment {

    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    private final ProgramRunner runner;
    private final Base base;
    private final ObjectNode json;
    private final Method method;
    private final Map<Part, NDArray> parts = new LinkedHashMap<>();
    private final Map<String, ElementType> types = new LinkedHashMap<>();
    private final Set<String> adapted = new HashSet<>();
    private final Program program;

    private Attachment(ProgramRunner runner, Base base, AdapterConfig config) {
        this.runner = runner;
        this.base = base;
        this.json = config.json();
        this.method = Method.of(config);
        this.program = runner.load("adapting", method.slots());
    }

    /// A new adapter, in the memory of a scope.
    ///
    /// @throws IllegalArgumentException where it does not fit the model
    public static Attachment begin(ProgramRunner runner, NDManager scope, Base base, ObjectNode json, long seed) {
        var attachment = new Attachment(runner, base, new AdapterConfig("the adapter", json));
        var beginning = new Beginning(runner, scope, base, attachment.program, seed);
        attachment.learning().forEach(part -> attachment.put(part, beginning.tensor(part)));
        attachment.parts.keySet().stream()
                .map(Part::stored)
                .filter(Objects::nonNull)
                .forEach(stored -> attachment.types.put(stored, ElementType.F32));
        return attachment;
    }

    /// A new adapter as an `adapter_config.json` tells it.
    public static Attachment begin(ProgramRunner runner, NDManager scope, Base base, Path folder, long seed) {
        return begin(runner, scope, base, JsonFile.read(folder.resolve(CONFIG)), seed);
    }

    /// Opens a folder, into the memory of a scope.
    ///
    /// @throws IllegalArgumentException where a setting is not computed here, or a tensor is missing, left over or of
    /// another shape than settings and model imply
    public static Attachment open(ProgramRunner runner, NDManager scope, Base base, Path folder) {
        var attachment = new Attachment(runner, base, AdapterConfig.read(folder.resolve(CONFIG)));
        if (!TensorFile.exists(folder.resolve(WEIGHTS))) {
            throw new IllegalArgumentException("%s is missing".formatted(folder.resolve(WEIGHTS)));
        }
        try (var file = TensorFile.open(folder.resolve(WEIGHTS))) {
            attachment.read(file, new Beginning(runner, scope, base, attachment.program, 0), scope);
        }
        return attachment;
    }

    private void read(TensorFile file, Beginning beginning, NDManager scope) {
        for (var part : method.parts(base)) {
            var entry = part.stored() == null ? null : file.entries().get(part.stored());
            if (entry != null) {
                if (!entry.shape().equals(part.shape())) {
                    throw new IllegalArgumentException("tensor %s in %s has shape %s, model and settings imply %s"
                            .formatted(entry.name(), file.path(), entry.shape(), part.shape()));
                }
                put(part, adopt(scope, file, entry));
                types.put(entry.name(), entry.type());
            } else if (part.stored() == null) {
                put(part, beginning.tensor(part));
            } else if (part.learns() || !(part.start() instanceof Start.Copy)) {
                throw new IllegalArgumentException("tensor %s is missing from %s, its settings imply %s"
                        .formatted(part.stored(), file.path(), part.shape()));
            }
        }
        var more = new TreeSet<>(file.entries().keySet());
        more.removeAll(types.keySet());
        if (!more.isEmpty()) {
            throw new IllegalArgumentException("tensor %s in %s belongs to nothing that its settings imply for this model"
                    .formatted(more.first(), file.path()));
        }
    }

    private NDArray adopt(NDManager scope, TensorFile file, TensorFile.Entry entry) {
        return runner.adopt(scope, file.bytes(entry), entry.type().kind(), entry.shape(), ElementType.F32.kind());
    }

    private void put(Part part, NDArray tensor) {
        parts.put(part, tensor);
        if (!base.shapes().containsKey(part.name())) {
            base.shapes().keySet().stream()
                    .map(Base::module)
                    .filter(module -> part.name().startsWith(module + "."))
                    .forEach(adapted::add);
        }
    }

    /// All parts while it learns: with the network that makes a prompt or a prefix.
    private List<Part> learning() {
        var all = new ArrayList<>(method.parts(base));
        switch (method) {
            case Prompt prompt -> all.addAll(prompt.network(base));
            case Prefix prefix when prefix.hidden() > 0 -> {
                all.clear();
                all.addAll(prefix.network(base));
            }
            case Prefix _,
                    AdaptiveRank _,
                    Bottleneck _,
                    HadamardProduct _,
                    InnerActivations _,
                    KroneckerProduct _,
                    LowRank _,
                    NormTuning _,
                    Orthogonal _,
                    VectorRank _ -> {}
        }
        return all;
    }

    /// The fillings of the slots of programs that run the model with it.
    public Map<String, String> slots() {
        return method.slots();
    }

    /// Its tensors under the names that programs know; some take the place of the model's own.
    public Map<String, NDArray> tensors() {
        var all = new LinkedHashMap<String, NDArray>();
        parts.forEach((part, tensor) -> all.put(part.name(), tensor));
        return all;
    }

    /// Those that learn.
    public Map<String, NDArray> learned() {
        var all = new LinkedHashMap<String, NDArray>();
        parts.forEach((part, tensor) -> {
            if (part.learns()) {
                all.put(part.name(), tensor);
            }
        });
        return all;
    }

    /// The names in its file of the tensors that learn, by the names that programs know.
    public Map<String, String> stored() {
        var names = new LinkedHashMap<String, String>();
        parts.keySet().stream()
                .filter(part -> part.learns() && part.stored() != null)
                .forEach(part -> names.put(part.name(), Objects.requireNonNull(part.stored())));
        return names;
    }

    /// The ids that each text begins with: learned vectors, or places for learned keys and values; mostly none.
    public long[] places() {
        long first = method instanceof Prompt ? base.shape(base.embedding()).getFirst() : 0;
        return LongStream.range(0, method.places())
                .map(place -> first == 0 ? 0 : first + place)
                .toArray();
    }

    /// Whether weights of the model can stand for it.
    public boolean merges() {
        return method.merges();
    }

    /// A weight of the model with the adapter folded in.
    ///
    /// @param originals the model's own weights by name
    /// @throws IllegalArgumentException where no weight can stand for the adapter
    public NDArray merged(NDManager scope, String name, Originals originals) {
        checkMerge();
        var own = tensors();
        var module = Base.module(name);
        var taken = own.get(name);
        if (!adapted.contains(module)) {
            return taken == null ? originals.weight(scope, name) : taken;
        }
        var all = new LinkedHashMap<>(own);
        for (var end : List.of(".weight", ".bias")) {
            if (base.shapes().containsKey(module + end) && !own.containsKey(module + end)) {
                all.put(module + end, originals.weight(scope, module + end));
            }
        }
        return merged(scope, all, module).get(name.endsWith(".bias") ? 1 : 0);
    }

    private List<NDArray> merged(NDManager scope, Map<String, NDArray> all, String module) {
        try (var weights = runner.bind(all)) {
            return runner.tensors(scope, program, "merged", weights, module);
        }
    }

    private void checkMerge() {
        if (!method.merges()) {
            throw new IllegalArgumentException(
                    "an adapter of type %s has no weights of the model to be merged into; keep the adapter beside the model"
                            .formatted(json.path("peft_type").asText()));
        }
        boolean tied = !base.shapes().containsKey("lm_head.weight");
        var embedding = Base.module(base.embedding()) + ".";
        boolean embeds = learned().keySet().stream().anyMatch(name -> name.startsWith(embedding));
        if (tied && embeds) {
            throw new IllegalArgumentException(
                    "the adapter changes the embedding of a model whose head is the same tensor; merged, it would change"
                            + " the head too; keep the adapter beside the model");
        }
    }

    /// The weights of a model as they are without an adapter.
    public interface Originals {
        NDArray weight(NDManager scope, String name);
    }

    /// Writes its folder.
    public void save(Path target) {
        write(target, json, kept());
    }

    private List<TensorFileWriter.Tensor> kept() {
        var kept = new ArrayList<TensorFileWriter.Tensor>();
        if (method.places() > 0) {
            kept.add(places(method.parts(base).getFirst()));
            return kept;
        }
        parts.forEach((part, tensor) -> {
            var type = part.stored() == null ? null : types.get(part.stored());
            if (type != null) {
                kept.add(new TensorFileWriter.Tensor(
                        Objects.requireNonNull(part.stored()),
                        type,
                        part.shape(),
                        () -> runner.bytes(tensor, type.kind())));
            }
        });
        return kept;
    }

    /// A prompt or a prefix as what its network made of it.
    private TensorFileWriter.Tensor places(Part part) {
        var name = Objects.requireNonNull(part.stored());
        var type = types.getOrDefault(name, ElementType.F32);
        return new TensorFileWriter.Tensor(name, type, part.shape(), () -> {
            try (var scope = runner.newScope();
                    var weights = runner.bind(tensors())) {
                var method = Base.module(part.name());
                return runner.bytes(runner.tensor(scope, program, method, weights), type.kind());
            }
        });
    }

    private static void write(Path target, ObjectNode json, List<TensorFileWriter.Tensor> tensors) {
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(target), e);
        }
        TensorFileWriter.write(target.resolve(WEIGHTS), tensors);
        JsonFile.write(target.resolve(CONFIG), json);
    }

    /// Writes it as plain LoRA, which every server takes (vLLM: no DoRA, no other method, no whole modules): the best
    /// product of that rank for what merging would add to each layer.
    ///
    /// @param rank 1 or more; in a layer with a smaller side, the rest is 0
    /// @return the smallest share of a layer's added weight, as sum of squares, that the rank keeps: 1 is all
    /// @throws IllegalArgumentException where it changes what LoRA cannot
    public double saveAsLowRank(Path target, int rank, Originals originals) {
        checkMerge();
        base.shapes().keySet().stream()
                .filter(name -> learned().containsKey(name)
                        || learned().keySet().stream()
                                .anyMatch(part -> base.isEmbedding(Base.module(name))
                                        && part.startsWith(Base.module(name) + ".")))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "the adapter changes %s, which plain LoRA on linear layers cannot; save the merged model"
                                    .formatted(name));
                });
        var tensors = new ArrayList<TensorFileWriter.Tensor>();
        var modules = new ArrayList<String>();
        double least = 1;
        try (var scope = runner.newScope()) {
            for (var weight : base.shapes().keySet()) {
                var module = Base.module(weight);
                if (adapted.contains(module) && weight.endsWith(".weight")) {
                    var factors = factors(scope, weight, rank, originals);
                    least = Math.min(least, runner.read(factors.get(2))[0]);
                    tensors.add(tensor(module + ".lora_A.weight", factors.get(0)));
                    tensors.add(tensor(module + ".lora_B.weight", factors.get(1)));
                    modules.add(module);
                }
            }
            write(target, plain(rank, modules), tensors);
        }
        return least;
    }

    /// The rank at which plain LoRA can stand for any change of the layers with this adapter: the largest of their
    /// smaller sides.
    public int fullRank() {
        return base.shapes().entrySet().stream()
                .filter(weight -> weight.getValue().size() == 2 && adapted.contains(Base.module(weight.getKey())))
                .mapToInt(weight -> Math.toIntExact(Collections.min(weight.getValue())))
                .max()
                .orElseThrow(() -> new IllegalArgumentException(
                        "an adapter of type %s changes no layer with a matrix, which plain LoRA needs; save the merged model"
                                .formatted(json.path("peft_type").asText())));
    }

    private List<NDArray> factors(NDManager scope, String weight, int rank, Originals originals) {
        try (var passing = runner.newScope()) {
            var after = merged(passing, weight, originals);
            var difference =
                    runner.tensor(passing, program, "difference", after, originals.weight(passing, weight));
            return runner.tensors(scope, program, "factors", difference, (long) rank);
        }
    }

    private TensorFileWriter.Tensor tensor(String name, NDArray values) {
        int kind = ElementType.F32.kind();
        return new TensorFileWriter.Tensor(
                "base_model.model." + name,
                ElementType.F32,
                Arrays.stream(values.getShape().getShape()).boxed().toList(),
                () -> runner.bytes(values, kind));
    }

    private ObjectNode plain(int rank, List<String> modules) {
        var plain = JsonNodeFactory.instance.objectNode();
        plain.set("base_model_name_or_path", json.path("base_model_name_or_path"));
        plain.put("bias", "none").put("fan_in_fan_out", base.turned()).put("inference_mode", true);
        plain.put("init_lora_weights", true).put("lora_alpha", rank).put("lora_dropout", 0.0);
        plain.put("peft_type", "LORA").put("r", rank).put("task_type", "CAUSAL_LM");
        plain.put("use_dora", false).put("use_rslora", false);
        plain.putNull("modules_to_save");
        var words = new TreeSet<String>();
        modules.forEach(module -> words.add(Base.word(module)));
        boolean whole = base.shapes().keySet().stream()
                .map(Base::module)
                .filter(module -> words.contains(Base.word(module)))
                .allMatch(modules::contains);
        (whole ? words : modules).forEach(plain.putArray("target_modules")::add);
        return plain;
    }
}
