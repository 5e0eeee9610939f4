package dev.gyre.llm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.adapter.Attachment;
import dev.gyre.llm.adapter.Tuning;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.export.TorchScriptArchive;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.objective.Proximal;
import dev.gyre.llm.optimization.Moving;
import dev.gyre.llm.parallel.Group;
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
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A model while it learns: its moving weights, what the optimizer remembers of them, and the step that
/// changes both.
public final class Learner implements AutoCloseable {

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

    /// The running average of each weight that learns; empty where the last weights are saved.
    private final Map<String, NDArray> averages = new LinkedHashMap<>();
    private final NDArray running;

    /// The weights that foresaw the held-out rows best so far; empty where none are held out.
    private final Map<String, NDArray> best = new LinkedHashMap<>();

    /// The held-out loss of the best weights, their step, and how many evaluations have passed since.
    private final NDArray bestFound;
    private final Weights weights;
    private final Program program;
    private final Group group;
    private final @Nullable Noise noise;

    /// Where gradients are gathered; empty where every step is one batch of one worker.
    private final Sums sums;

    /// Begins to learn, or goes on from what [#save] wrote.
    public Learner(
            ProgramRunner runner, Model model, Recipe recipe, long seed, Group group, @Nullable Path saved, int step) {
        this.runner = runner;
        this.group = group;
        this.noise = noise(model, recipe.regime().step().neftune(), seed);
        this.memory = runner.newScope();
        this.model = model;
        this.recipe = recipe;
        this.adapter = recipe.adapter()
                .begun()
                .map(tuning -> Attachment.begin(runner, memory, model.base(), described(tuning), seed));
        var able = new LinkedHashMap<String, NDArray>();
        model.names().stream().filter(this::moves).forEach(name -> able.put(name, model.tensor(name)));
        adapter.ifPresent(attachment -> able.putAll(attachment.learned()));
        if (recipe.objective() instanceof Proximal) {
            able.put(Model.SCORES, runner.floats(memory, new float[width()], 1, width()));
        }
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
        this.bestFound = runner.floats(memory, new float[] {Float.POSITIVE_INFINITY, 0, 0}, 3);
        if (recipe.regime().ema() > 0) {
            averages.putAll(copies());
        }
        if (recipe.regime().stopping().holdOut() > 0) {
            best.putAll(copies());
        }
        if (saved != null) {
            restore(saved);
        }
        var beside = new HashMap<>(adapter.map(Attachment::tensors).orElse(Map.of()));
        if (recipe.objective() instanceof Proximal) {
            beside.put(Model.SCORES, Objects.requireNonNull(able.get(Model.SCORES)));
        }
        this.weights = model.bind(beside);
        this.program = runner.load("learning", slots());
        boolean gathers = recipe.regime().step().accumulate() > 1 || group.size() > 1;
        this.sums = Sums.of(runner, memory, gathers ? moving.weights() : List.of(), group);
    }

    private Map<String, NDArray> copies() {
        var copies = new LinkedHashMap<String, NDArray>();
        learned.forEach((name, weight) -> copies.put(name, copy(memory, weight)));
        return copies;
    }

    private NDArray copy(NDManager scope, NDArray tensor) {
        var copy = runner.convert(scope, "zeros", tensor);
        runner.convert(scope, "fill", copy, tensor);
        return copy;
    }

    private static @Nullable Noise noise(Model model, double alpha, long seed) {
        if (alpha == 0 || !(model.config() instanceof DecoderConfig decoder)) {
            return null;
        }
        var shape = model.tensor(decoder.embedding()).getShape();
        return new Noise(alpha, Math.toIntExact(shape.get(1)), seed);
    }

    /// The width of the model, which a value's head has too; it begins at 0 and is not kept with the model.
    private int width() {
        return Math.toIntExact(
                model.config().tensors().values().iterator().next().get(1));
    }

    /// Beside the adapter of a reward model its head learns as a whole.
    private ObjectNode described(Tuning tuning) {
        var json = tuning.json(model.base());
        if (recipe instanceof Recipe.Reward) {
            json.put("task_type", "SEQ_CLS");
            json.putArray("modules_to_save").add(Model.SCORES.substring(0, Model.SCORES.lastIndexOf('.')));
        }
        return json;
    }

    /// Matrices decay, the vectors of norms and biases do not.
    private static double decays(NDArray weight) {
        return weight.getShape().dimension() > 1 ? 1 : 0;
    }

    private Map<String, String> slots() {
        var slots = new HashMap<>(recipe.objective().slots());
        adapter.ifPresent(attachment -> slots.putAll(attachment.slots()));
        slots.put("optimizer", recipe.regime().optimizer().program());
        slots.put("backward", recipe.regime().step().recompute() ? "recomputing" : "backward");
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

    /// Learns from the examples of a step once.
    ///
    /// @param step from 0
    /// @param known for each example, what the model gave it before it learned; empty where the recipe
    /// has none
    /// @return loss, gradient norm before clipping, then the objective's own numbers
    float[] step(int step, List<Example> examples, List<float[]> known, double rate) {
        if (group.size() > 1 || examples.size() > recipe.regime().batch()) {
            return gatheredStep(step, examples, known, rate);
        }
        try (var scope = runner.newScope()) {
            var lessons = new Batch(runner, scope, recipe, model, places(), step, 0, noise, examples, known);
            return step(scope, lessons.tokens(), lessons.given(running), rate);
        }
    }

    /// As one step of all examples, but batch by batch, and of these only every so many as there are workers.
    private float[] gatheredStep(int step, List<Example> examples, List<float[]> known, double rate) {
        int most = recipe.regime().batch();
        var numbers = new float[1 + recipe.objective().metrics().size()];
        double all = Batch.count(recipe, examples);
        for (int from = group.rank() * most; from < examples.size(); from += group.size() * most) {
            int end = Math.min(examples.size(), from + most);
            var some = examples.subList(from, end);
            var found = gather(
                    step,
                    from,
                    some,
                    known.isEmpty() ? known : known.subList(from, end),
                    Batch.count(recipe, some) / all);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] += found[i];
            }
        }
        group.sum(numbers);
        sums.exchange();
        var answer = new float[numbers.length + 1];
        answer[0] = numbers[0];
        answer[1] = move(rate);
        System.arraycopy(numbers, 1, answer, 2, numbers.length - 1);
        return answer;
    }

    private float[] gather(int step, int first, List<Example> examples, List<float[]> known, double share) {
        try (var scope = runner.newScope()) {
            var lessons = new Batch(runner, scope, recipe, model, places(), step, first, noise, examples, known);
            var batch = lessons.tokens();
            try (var given = given(batch, lessons.given(running))) {
                return runner.read(runner.tensor(
                        scope,
                        program,
                        "gather",
                        weights,
                        model.shape(),
                        model.config().normEpsilon(),
                        moving.weights(),
                        sums.tensors(),
                        batch.ids(),
                        batch.positions(),
                        batch.targets(),
                        batch.rows(),
                        given,
                        recipe.objective().settings(),
                        share));
            }
        }
    }

    /// Moves the weights by what was gathered, which begins again at 0.
    private float move(double rate) {
        var regime = recipe.regime();
        try (var scope = runner.newScope()) {
            var norm = runner.tensor(
                    scope,
                    program,
                    "update",
                    moving.weights(),
                    moving.decays(),
                    sums.tensors(),
                    moving.first(),
                    moving.second(),
                    moving.steps(),
                    rate,
                    factors,
                    regime.gradientNorm(),
                    regime.optimizer().settings());
            runner.tensor(scope, program, "clear", sums.tensors());
            average(scope);
            return runner.read(norm)[0];
        }
    }

    /// Learns once from rows that are laid side by side.
    ///
    /// @param told what the objective is given beside the tokens
    /// @return loss, gradient norm before clipping, then the objective's own numbers
    public float[] step(NDManager scope, TokenBatch batch, Map<String, NDArray> told, double rate) {
        try (var given = given(batch, told)) {
            var arguments = arguments(batch, given, rate).values().toArray();
            var numbers = runner.read(runner.tensor(scope, program, "step", arguments));
            average(scope);
            return numbers;
        }
    }

    private Weights given(TokenBatch batch, Map<String, NDArray> told) {
        var all = new HashMap<>(batch.laid());
        all.putAll(told);
        return runner.bind(all);
    }

    /// What the program's step takes, by name and in order.
    private SequencedMap<String, Object> arguments(TokenBatch batch, Weights given, double rate) {
        var regime = recipe.regime();
        var arguments = new LinkedHashMap<String, Object>();
        arguments.put("w", weights);
        arguments.put("shape", model.shape());
        arguments.put("eps", model.config().normEpsilon());
        arguments.put("learned", moving.weights());
        arguments.put("decays", moving.decays());
        arguments.put("first", moving.first());
        arguments.put("second", moving.second());
        arguments.put("steps", moving.steps());
        arguments.put("ids", batch.ids());
        arguments.put("positions", batch.positions());
        arguments.put("targets", batch.targets());
        arguments.put("rows", batch.rows());
        arguments.put("given", given);
        arguments.put("objective", recipe.objective().settings());
        arguments.put("rate", rate);
        arguments.put("factors", factors);
        arguments.put("limit", regime.gradientNorm());
        arguments.put("settings", regime.optimizer().settings());
        return arguments;
    }

    /// Writes a step as an archive that runs without Gyre, everything inside; nothing is learned here.
    ///
    /// @throws IllegalArgumentException where a step is more than one call
    void export(int step, List<Example> examples, List<float[]> known, double rate, Path file) {
        if (group.size() > 1 || examples.size() > recipe.regime().batch() || !averages.isEmpty()) {
            throw new IllegalArgumentException(
                    "only a step of one batch can be exported: set accumulate to 1 and ema to 0");
        }
        try (var scope = runner.newScope()) {
            var lessons = new Batch(runner, scope, recipe, model, places(), step, 0, noise, examples, known);
            var batch = lessons.tokens();
            try (var given = given(batch, lessons.given(running))) {
                var arguments = arguments(batch, given, rate);
                TorchScriptArchive.write(runner, "exported_step", slots(), arguments, file);
            }
        }
    }

    private void average(NDManager scope) {
        if (!averages.isEmpty()) {
            runner.tensor(
                    scope,
                    program,
                    "average",
                    List.copyOf(averages.values()),
                    moving.weights(),
                    recipe.regime().ema());
        }
    }

    /// The loss of held-out examples under the weights that would be saved now, a few at a time; keeps these weights
    /// where that is the best so far.
    ///
    /// @param step how many steps are done
    double evaluate(int step, List<Example> examples, List<float[]> known) {
        exchangeAverages();
        int most = recipe.regime().batch();
        double all = Batch.count(recipe, examples);
        double loss = 0;
        for (int from = 0; from < examples.size(); from += most) {
            int end = Math.min(examples.size(), from + most);
            var some = examples.subList(from, end);
            loss += Batch.count(recipe, some) / all * measure(some, known.isEmpty() ? known : known.subList(from, end));
        }
        var before = found();
        boolean better = loss < before.loss() - recipe.regime().stopping().improvement();
        try (var scope = runner.newScope()) {
            if (better) {
                fill(scope, best, learned);
            }
            var now = better
                    ? new float[] {(float) loss, step, 0}
                    : new float[] {(float) before.loss(), before.step(), before.since() + 1};
            runner.convert(scope, "fill", bestFound, runner.floats(scope, now, now.length));
        }
        exchangeAverages();
        return loss;
    }

    /// @param step after which the best weights were found
    /// @param since evaluations that were no better
    record Found(double loss, int step, int since) {}

    Found found() {
        var numbers = runner.read(bestFound);
        return new Found(numbers[0], (int) numbers[1], (int) numbers[2]);
    }

    private float measure(List<Example> examples, List<float[]> known) {
        try (var scope = runner.newScope()) {
            var lessons = new Batch(runner, scope, recipe, model, places(), 0, 0, null, examples, known);
            var batch = lessons.tokens();
            try (var given = given(batch, lessons.given(copy(scope, running)))) {
                return runner.read(runner.tensor(
                        scope,
                        program,
                        "measure",
                        weights,
                        model.shape(),
                        model.config().normEpsilon(),
                        batch.ids(),
                        batch.positions(),
                        batch.targets(),
                        batch.rows(),
                        given,
                        recipe.objective().settings()))[0];
            }
        }
    }

    /// The averages where the weights stand, and the other way round.
    private void exchangeAverages() {
        try (var scope = runner.newScope()) {
            averages.forEach((name, average) -> {
                var weight = Objects.requireNonNull(learned.get(name));
                var aside = copy(scope, weight);
                runner.convert(scope, "fill", weight, average);
                runner.convert(scope, "fill", average, aside);
            });
        }
    }

    /// Puts what is to be saved where the weights of the last step stand.
    private void settle() {
        try (var scope = runner.newScope()) {
            fill(scope, learned, best.isEmpty() ? averages : best);
        }
    }

    private void fill(NDManager scope, Map<String, NDArray> into, Map<String, NDArray> from) {
        from.forEach((name, source) -> runner.convert(scope, "fill", Objects.requireNonNull(into.get(name)), source));
    }

    /// What the objective's likelihood program sees of the targets now; nothing is learned.
    public NDArray see(NDManager scope, TokenBatch batch) {
        try (var given = runner.bind(batch.laid())) {
            return runner.tensor(
                    scope,
                    program,
                    "see",
                    model.arguments(weights, batch.ids(), batch.positions(), batch.targets(), given));
        }
    }

    /// The weights as they are now, an adapter's beside the model's.
    public Weights weights() {
        return weights;
    }

    /// The fillings of slots that an adapter asks for.
    public Map<String, String> adapterSlots() {
        return adapter.map(Attachment::slots).orElse(Map.of());
    }

    /// Ids that every text begins with: the places of a tuned prompt or prefix.
    public long[] places() {
        return adapter.map(Attachment::places).orElse(new long[0]);
    }

    /// The numbers of the weights that learn, by name.
    Map<String, float[]> learned() {
        var numbers = new LinkedHashMap<String, float[]>();
        learned.forEach((name, weight) -> numbers.put(name, runner.read(weight)));
        return numbers;
    }

    /// Writes the moving weights and the optimizer's memory.
    public void save(Path folder) {
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
        averages.forEach((name, average) -> all.put("average." + name, average));
        best.forEach((name, weight) -> all.put("best." + name, weight));
        if (!best.isEmpty()) {
            all.put("best", bestFound);
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

    /// Writes the model when it has learned, an adapter merged in, as a complete Hugging Face folder; the model as it was before where an
    /// adapter cannot be merged and is to be kept beside it.
    public void saveModel(Path target) {
        settle();
        if (adapter.isPresent() && adapter.get().merges()) {
            model.saveMerged(target, adapter.get());
        } else {
            model.save(target, adapter.isPresent() ? Set.of() : learned.keySet());
        }
    }

    /// Writes the adapter alone as a PEFT folder.
    public void saveAdapter(Path target) {
        settle();
        adapter.orElseThrow().save(target);
    }

    @Override
    public void close() {
        weights.close();
        memory.close();
    }
}
