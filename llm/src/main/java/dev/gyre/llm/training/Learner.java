package dev.gyre.llm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.LoraConfig;
import dev.gyre.llm.checkpoint.LoraFolder;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.model.LowRank;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.text.Sequence;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A model while it learns: its moving weights, what the optimizer remembers of them, and the step that
/// changes both.
final class Learner implements AutoCloseable {

    private static final String WEIGHTS = "weights.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";

    private final ProgramRunner runner;
    private final NDManager memory;
    private final Model model;
    private final Recipe recipe;
    private final Map<String, LowRank> adapter;
    private final Map<String, NDArray> learned = new LinkedHashMap<>();
    private final List<NDArray> decayed;
    private final List<NDArray> first = new ArrayList<>();
    private final List<NDArray> second = new ArrayList<>();
    private final List<NDArray> steps = new ArrayList<>();
    private final Weights weights;
    private final Program program;

    /// Begins to learn, or goes on from what [#save] wrote.
    Learner(ProgramRunner runner, Model model, Recipe recipe, long seed, @Nullable Path saved, int step) {
        this.runner = runner;
        this.memory = runner.newScope();
        this.model = model;
        this.recipe = recipe;
        this.adapter = newAdapter(recipe.adapter(), seed);
        model.names().stream().filter(this::moves).forEach(name -> learned.put(name, model.tensor(name)));
        adapter.forEach((module, pair) -> {
            learned.put(module + ".lora_A.weight", pair.down());
            learned.put(module + ".lora_B.weight", pair.up());
        });
        // Matrices decay, the vectors of norms and biases do not.
        this.decayed = learned.values().stream()
                .filter(weight -> weight.getShape().dimension() > 1)
                .toList();
        for (var weight : learned.values()) {
            first.add(runner.convert(memory, "zeros", weight));
            second.add(runner.convert(memory, "zeros", weight));
            steps.add(model.scale(memory, step));
        }
        if (saved != null) {
            restore(saved);
        }
        this.weights = model.bind(adapter);
        this.program = runner.load(
                "learning",
                model.slots(Map.of(
                        "linear",
                        adapter.isEmpty() ? "linear" : "lora",
                        "likelihood",
                        likelihood(),
                        "objective",
                        objective())));
    }

    /// Whether a weight of the model itself learns.
    private boolean moves(String name) {
        return switch (recipe.adapter()) {
            case Adapter.None _ -> true;
            case Adapter.Frozen _ -> BertConfig.HEAD.contains(name);
            case Adapter.Lora _ -> false;
        };
    }

    private String likelihood() {
        return switch (recipe) {
            case Recipe.Supervised _, Recipe.Dpo _ -> "likelihood";
            case Recipe.Classification _ -> isFrozen() ? "head" : "labels";
        };
    }

    private boolean isFrozen() {
        return recipe.adapter() instanceof Adapter.Frozen;
    }

    private String objective() {
        return switch (recipe) {
            case Recipe.Supervised _, Recipe.Classification _ -> "supervised";
            case Recipe.Dpo _ -> "dpo";
        };
    }

    private double[] objectiveSettings() {
        return switch (recipe) {
            case Recipe.Supervised _, Recipe.Classification _ -> new double[0];
            case Recipe.Dpo dpo -> new double[] {dpo.beta(), dpo.supervisedWeight()};
        };
    }

    private Map<String, LowRank> newAdapter(Adapter adapter, long seed) {
        return switch (adapter) {
            case Adapter.None _, Adapter.Frozen _ -> Map.of();
            case Adapter.Lora lora -> newAdapter(lora, seed);
        };
    }

    private Map<String, LowRank> newAdapter(Adapter.Lora lora, long seed) {
        var pairs = new LinkedHashMap<String, LowRank>();
        var config = config(lora);
        model.config().tensors().forEach((name, shape) -> {
            var module = name.substring(0, name.lastIndexOf('.'));
            var word = module.substring(module.lastIndexOf('.') + 1);
            if (lora.targets().contains(word) && name.endsWith(".weight")) {
                long rank = lora.rank();
                pairs.put(
                        module,
                        new LowRank(
                                uniform(
                                        new Random(seed ^ (0x9E3779B97F4A7C15L * module.hashCode())),
                                        rank,
                                        shape.get(1)),
                                floats(new float[Math.toIntExact(shape.get(0) * rank)], shape.get(0), rank),
                                model.scale(memory, config.scale(module, lora.rank()))));
            }
        });
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("no module of this model is called one of %s".formatted(lora.targets()));
        }
        return pairs;
    }

    private static LoraConfig config(Adapter.Lora lora) {
        return LoraConfig.of(lora.rank(), lora.alpha(), lora.targets());
    }

    /// Kaiming's uniform start with a = √5, as PEFT has it: within ±1/√in.
    private NDArray uniform(Random random, long rank, long in) {
        var values = new float[Math.toIntExact(rank * in)];
        float bound = (float) (1 / Math.sqrt(in));
        for (int i = 0; i < values.length; i++) {
            values[i] = (2 * random.nextFloat() - 1) * bound;
        }
        return floats(values, rank, in);
    }

    private NDArray floats(float[] values, long... shape) {
        var bytes = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        int kind = ElementType.F32.kind();
        return runner.adopt(memory, bytes, kind, Arrays.stream(shape).boxed().toList(), kind);
    }

    /// Learns from a batch once.
    ///
    /// @param known for each example, what the model gave it before it learned; empty where the recipe
    /// has none
    /// @return loss, gradient norm before clipping, then the objective's own numbers
    float[] step(List<Example> examples, List<float[]> known, double rate) {
        var regime = recipe.regime();
        try (var scope = runner.newScope()) {
            var batch = batch(scope, examples, known);
            var reference = reference(known);
            return runner.read(runner.tensor(
                    scope,
                    program,
                    "step",
                    weights,
                    model.shape(),
                    model.config().normEpsilon(),
                    List.copyOf(learned.values()),
                    decayed,
                    first,
                    second,
                    steps,
                    batch.ids(),
                    batch.positions(),
                    batch.targets(),
                    batch.rows(),
                    runner.floats(scope, reference, reference.length),
                    objectiveSettings(),
                    rate,
                    regime.gradientNorm(),
                    new double[] {regime.beta1(), regime.beta2(), regime.epsilon(), regime.weightDecay()}));
        }
    }

    private TokenBatch batch(NDManager scope, List<Example> examples, List<float[]> known) {
        return switch (recipe) {
            case Recipe.Supervised _, Recipe.Dpo _ -> TokenBatch.of(runner, scope, rows(examples));
            case Recipe.Classification _ ->
                isFrozen()
                        ? TokenBatch.ofFeatures(runner, scope, known, labels(examples))
                        : TokenBatch.labelled(runner, scope, rows(examples), labels(examples));
        };
    }

    /// The token rows of a batch: demonstrations or texts, or all chosen answers and then all rejected
    /// ones.
    private static List<Sequence> rows(List<Example> examples) {
        var rows = new ArrayList<Sequence>();
        int perExample = examples.getFirst().sequences().size();
        for (int side = 0; side < perExample; side++) {
            for (var example : examples) {
                rows.add(example.sequences().get(side));
            }
        }
        return rows;
    }

    /// The rows of the head that belong to the examples' labels.
    private long[] labels(List<Example> examples) {
        var known = ((BertConfig) model.config()).labels();
        return examples.stream()
                .mapToLong(example -> known.indexOf(((Example.Labelled) example).label()))
                .toArray();
    }

    /// What the frozen model gives the chosen answers, then the rejected ones.
    private float[] reference(List<float[]> known) {
        if (!(recipe instanceof Recipe.Dpo)) {
            return new float[0];
        }
        var values = new float[2 * known.size()];
        for (int i = 0; i < known.size(); i++) {
            values[i] = known.get(i)[0];
            values[known.size() + i] = known.get(i)[1];
        }
        return values;
    }

    /// Writes the moving weights and the optimizer's memory.
    void save(Path folder) {
        TensorFileWriter.write(folder.resolve(WEIGHTS), tensors(learned));
        TensorFileWriter.write(folder.resolve(OPTIMIZER), tensors(optimizer()));
    }

    private Map<String, NDArray> optimizer() {
        var all = new LinkedHashMap<String, NDArray>();
        int i = 0;
        for (var name : learned.keySet()) {
            all.put("first." + name, first.get(i));
            all.put("second." + name, second.get(i++));
        }
        return all;
    }

    private List<TensorFileWriter.Tensor> tensors(Map<String, NDArray> named) {
        var result = new ArrayList<TensorFileWriter.Tensor>();
        named.forEach((name, tensor) -> result.add(new TensorFileWriter.Tensor(
                name,
                ElementType.F32,
                Arrays.stream(tensor.getShape().getShape()).boxed().toList(),
                () -> runner.bytes(tensor, ElementType.F32.kind()))));
        return result;
    }

    private void restore(Path folder) {
        fill(folder.resolve(WEIGHTS), learned);
        fill(folder.resolve(OPTIMIZER), optimizer());
    }

    private void fill(Path path, Map<String, NDArray> named) {
        int kind = ElementType.F32.kind();
        try (var file = TensorFile.open(path);
                var scope = runner.newScope()) {
            named.forEach((name, tensor) -> {
                var entry = file.entries().get(name);
                if (entry == null) {
                    throw new IllegalArgumentException("%s lacks tensor %s".formatted(path, name));
                }
                runner.convert(
                        scope, "fill", tensor, runner.adopt(scope, file.bytes(entry), kind, entry.shape(), kind));
            });
        }
    }

    /// Writes the model, an adapter merged in, as a complete Hugging Face folder.
    void saveModel(Path target) {
        if (adapter.isEmpty()) {
            model.save(target, learned.keySet());
        } else {
            model.saveMerged(target, adapter);
        }
    }

    /// Writes the adapter alone as a PEFT folder; false where there is none.
    boolean saveAdapter(Path target) {
        return switch (recipe.adapter()) {
            case Adapter.None _, Adapter.Frozen _ -> false;
            case Adapter.Lora lora -> {
                LoraFolder.write(target, config(lora), tensors(learned));
                yield true;
            }
        };
    }

    @Override
    public void close() {
        weights.close();
        memory.close();
    }
}
