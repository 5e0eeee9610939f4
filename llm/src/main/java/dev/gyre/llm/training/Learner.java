package dev.gyre.llm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.adapter.Attachment;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.optimization.Moving;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.recipe.Adapter;
import dev.gyre.llm.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Optional<Attachment> adapter;
    private final Map<String, NDArray> learned = new LinkedHashMap<>();
    private final double[] factors;
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
        this.adapter = recipe.adapter()
                .begun()
                .map(tuning -> Attachment.begin(runner, memory, model.base(), tuning.json(model.base()), seed));
        var able = new LinkedHashMap<String, NDArray>();
        model.names().stream().filter(this::moves).forEach(name -> able.put(name, model.tensor(name)));
        adapter.ifPresent(attachment -> able.putAll(attachment.learned()));
        var factors = recipe.regime().moves().factors(able.keySet());
        factors.keySet().forEach(name -> learned.put(name, able.get(name)));
        this.factors = factors.values().stream().mapToDouble(factor -> factor).toArray();
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
        this.weights = model.bind(adapter.map(Attachment::tensors).orElse(Map.of()));
        this.program = runner.load("learning", slots());
    }

    /// Matrices decay, the vectors of norms and biases do not.
    private static double decays(NDArray weight) {
        return weight.getShape().dimension() > 1 ? 1 : 0;
    }

    private Map<String, String> slots() {
        var slots = new HashMap<>(recipe.objective().slots());
        adapter.ifPresent(attachment -> slots.putAll(attachment.slots()));
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
            case Adapter.Lora _, Adapter.Tuned _ -> false;
        };
    }

    private boolean isFrozen() {
        return recipe.adapter() instanceof Adapter.Frozen;
    }

    /// Learns from a batch once.
    ///
    /// @param known for each example, what the model gave it before it learned; empty where the recipe
    /// has none
    /// @return loss, gradient norm before clipping, then the objective's own numbers
    float[] step(List<Example> examples, List<float[]> known, double rate) {
        var regime = recipe.regime();
        try (var scope = runner.newScope()) {
            var lessons = new Batch(runner, scope, recipe, model, places(), examples, known);
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
                        factors,
                        regime.gradientNorm(),
                        regime.optimizer().settings()));
            }
        }
    }

    private long[] places() {
        return adapter.map(Attachment::places).orElse(new long[0]);
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

    /// Writes the model, an adapter merged in, as a complete Hugging Face folder; the model as it was before where an
    /// adapter cannot be merged and is to be kept beside it.
    void saveModel(Path target) {
        if (adapter.isPresent() && adapter.get().merges()) {
            model.saveMerged(target, adapter.get());
        } else {
            model.save(target, adapter.isPresent() ? Set.of() : learned.keySet());
        }
    }

    /// Writes the adapter alone as a PEFT folder.
    void saveAdapter(Path target) {
        adapter.orElseThrow().save(target);
    }

    @Override
    public void close() {
        weights.close();
        memory.close();
    }
}
