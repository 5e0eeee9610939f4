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
import dev.gyre.llm.optimization.Moving;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
    private final Moving moving;
    private final NDArray running;
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
        this.moving = Moving.of(
                runner,
                memory,
                recipe.regime().optimizer(),
                List.copyOf(learned.values()),
                learned.values().stream().mapToDouble(Learner::decays).toArray(),
                step);
        this.running = runner.floats(memory, new float[2], 2);
        if (saved != null) {
            restore(saved);
        }
        this.weights = model.bind(adapter);
        this.program = runner.load("learning", slots());
    }

    /// Matrices decay, the vectors of norms and biases do not.
    private static double decays(NDArray weight) {
        return weight.getShape().dimension() > 1 ? 1 : 0;
    }

    private Map<String, String> slots() {
        var slots = new HashMap<>(recipe.objective().slots());
        slots.put("linear", adapter.isEmpty() ? "linear" : "lora");
        slots.put("optimizer", recipe.regime().optimizer().program());
        if (recipe instanceof Recipe.Classification) {
            slots.put("likelihood", isFrozen() ? "head" : "labels");
        }
        return model.slots(slots);
    }

    /// Whether a weight of the model itself learns.
    private boolean moves(String name) {
        return switch (recipe.adapter()) {
            case Adapter.None _ -> true;
            case Adapter.Frozen _ -> BertConfig.HEAD.contains(name);
            case Adapter.Lora _ -> false;
        };
    }

    private boolean isFrozen() {
        return recipe.adapter() instanceof Adapter.Frozen;
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
            var lessons = new Batch(runner, scope, recipe, model, examples, known);
            var batch = lessons.tokens();
            try (var given = runner.bind(lessons.given(running))) {
                return runner.read(runner.tensor(
                        scope,
                        program,
                        "step",
                        weights,
                        model.shape(),
                        model.config().normEpsilon(),
                        moving.weights(),
                        moving.decays(),
                        moving.first(),
                        moving.second(),
                        moving.steps(),
                        batch.ids(),
                        batch.positions(),
                        batch.targets(),
                        batch.rows(),
                        given,
                        recipe.objective().settings(),
                        rate,
                        regime.gradientNorm(),
                        regime.optimizer().settings()));
            }
        }
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
            all.put("first." + name, moving.first().get(i));
            all.put("second." + name, moving.second().get(i++));
        }
        all.put("objective", running);
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
