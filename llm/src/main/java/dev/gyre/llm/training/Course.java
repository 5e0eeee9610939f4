package dev.gyre.llm.training;

import dev.gyre.llm.optimization.LearningRate;
import dev.gyre.llm.parallel.Group;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of one lesson in this process, from its start or its checkpoint to its end or cancellation.
final class Course {

    private final Lesson lesson;
    private final Learner learner;
    private final Group group;
    private final Checkpoints checkpoints;
    private final List<float[]> reference;
    private final TrainingListener listener;
    private final Split split;
    private final BatchPlan plan;
    private final int steps;
    private final LearningRate rate;

    private int step;
    private long tokens;
    private double firstLoss = Double.NaN;
    private final double secondsBefore;
    private final long tokensBefore;
    private final long started = System.nanoTime();
    private long kept = started;
    private Map<String, Double> metrics = Map.of();

    Course(
            Lesson lesson,
            Learner learner,
            Group group,
            Checkpoints checkpoints,
            List<float[]> reference,
            TrainingListener listener,
            Optional<Checkpoints.State> saved) {
        this.lesson = lesson;
        this.learner = learner;
        this.group = group;
        this.checkpoints = checkpoints;
        this.reference = reference;
        this.listener = listener;
        var regime = lesson.recipe().regime();
        int rows = Math.multiplyExact(
                regime.batch(), Math.multiplyExact(regime.step().accumulate(), group.size()));
        this.split = Split.of(lesson.examples(), regime.stopping().holdOut(), lesson.seed());
        this.plan = new BatchPlan(
                split.learned().stream()
                        .map(place -> lesson.examples().get(place).length())
                        .toList(),
                rows,
                lesson.seed());
        this.steps = regime.steps() > 0 ? regime.steps() : Math.multiplyExact(regime.epochs(), plan.perEpoch());
        this.rate = LearningRate.of(regime.learningRate(), regime.schedule(), regime.warmup(), steps);
        this.step = saved.map(Checkpoints.State::step).orElse(0);
        this.tokens = saved.map(Checkpoints.State::tokens).orElse(0L);
        this.tokensBefore = tokens;
        this.secondsBefore = saved.map(Checkpoints.State::seconds).orElse(0.0);
        saved.ifPresent(state -> firstLoss = state.firstLoss());
    }

    TrainingOutcome run() {
        while (step < steps && !isEnough()) {
            if (group.any(listener.cancelled())) {
                keep();
                return new TrainingOutcome.Cancelled(step);
            }
            learn();
            if (group.any(isDue())) {
                keep();
            }
        }
        keep();
        var told = new LinkedHashMap<>(lesson.counts());
        told.putAll(metrics);
        told.put("firstLoss", firstLoss);
        if (!split.heldOut().isEmpty()) {
            told.put("rowsHeldOut", (double) split.heldOut().size());
            told.put("heldOutLoss", learner.found().loss());
            told.put("bestStep", (double) learner.found().step());
        }
        return lesson.save(learner, step, split.learned().size(), tokens, seconds(), told);
    }

    /// Whether the held-out loss has not become better for so long that it is not waited for any more.
    private boolean isEnough() {
        int patience = lesson.recipe().regime().stopping().patience();
        return patience > 0 && learner.found().since() >= patience;
    }

    /// Writes the next step as an archive that runs without Gyre; its rate is the recipe's without a schedule, which may
    /// begin at 0.
    void export(Path file) {
        var chosen = chosen();
        double peak = lesson.recipe().regime().learningRate();
        learner.export(step, examples(chosen), known(chosen), peak, file);
    }

    /// The places of the next step's examples.
    private List<Integer> chosen() {
        return plan.at(step).stream().map(split.learned()::get).toList();
    }

    private List<Example> examples(List<Integer> places) {
        return places.stream().map(lesson.examples()::get).toList();
    }

    private void learn() {
        var chosen = chosen();
        double learningRate = rate.at(step);
        var examples = examples(chosen);
        var numbers = learner.step(step, examples, known(chosen), learningRate);
        double loss = numbers[0];
        if (!Double.isFinite(loss) || !Double.isFinite(numbers[1])) {
            throw new IllegalStateException("loss is %s and gradient norm %s at step %d; lower learningRate (now %s)"
                    .formatted(loss, numbers[1], step + 1, learningRate));
        }
        step++;
        tokens += examples.stream().mapToLong(Example::tokens).sum();
        firstLoss = Double.isNaN(firstLoss) ? loss : firstLoss;
        metrics = metrics(numbers, learningRate);
        if (isToBeEvaluated()) {
            metrics.put(
                    "heldOutLoss",
                    learner.evaluate(step, examples(split.heldOut()), known(split.heldOut())));
            metrics.put("bestHeldOutLoss", learner.found().loss());
        }
        listener.progressed(new Progress(step, steps, loss, tokens, (tokens - tokensBefore) / elapsed(), metrics));
    }

    private List<float[]> known(List<Integer> places) {
        return reference.isEmpty()
                ? reference
                : places.stream().map(reference::get).toList();
    }

    private boolean isToBeEvaluated() {
        int every = lesson.recipe().regime().stopping().evaluateSteps();
        return !split.heldOut().isEmpty() && (step % (every > 0 ? every : plan.perEpoch()) == 0 || step == steps);
    }

    private Map<String, Double> metrics(float[] numbers, double learningRate) {
        var named = new LinkedHashMap<String, Double>();
        named.put("loss", (double) numbers[0]);
        named.put("gradientNorm", (double) numbers[1]);
        named.put("learningRate", learningRate);
        var names = lesson.recipe().objective().metrics();
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), (double) numbers[i + 2]);
        }
        return named;
    }

    private boolean isDue() {
        var regime = lesson.recipe().regime();
        return (regime.checkpointSteps() > 0 && step % regime.checkpointSteps() == 0)
                || (regime.checkpointSeconds() > 0 && System.nanoTime() - kept >= regime.checkpointSeconds() * 1e9);
    }

    private void keep() {
        checkpoints.write(step, tokens, seconds(), firstLoss, learner::save);
        kept = System.nanoTime();
    }

    private double seconds() {
        return secondsBefore + elapsed();
    }

    private double elapsed() {
        return (System.nanoTime() - started) / 1e9;
    }
}
