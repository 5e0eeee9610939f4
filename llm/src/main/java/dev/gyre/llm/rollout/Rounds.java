package dev.gyre.llm.rollout;

import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.optimization.LearningRate;
import dev.gyre.llm.parallel.Group;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.recipe.Adapter;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.text.Tokenizer;
import dev.gyre.llm.training.BatchPlan;
import dev.gyre.llm.training.Checkpoints;
import dev.gyre.llm.training.Learner;
import dev.gyre.llm.training.Progress;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingListener;
import dev.gyre.llm.training.TrainingOutcome;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The loop: a round draws answers and learns from them; checkpoints stand between rounds.
final class Rounds {

    /// What is open while it runs.
    record Room(ProgramRunner runner, Model model, Learner learner, Tokenizer tokenizer) {}

    /// What a round found.
    ///
    /// @param tokens read
    /// @param metrics `loss` and `gradientNorm` among them
    record Found(long tokens, Map<String, Double> metrics) {}

    /// One round.
    interface Round {

        /// @param number of the round, from 0
        Found learn(int number, List<Prompts.Prompt> prompts, double rate);
    }

    /// Makes the round once model and learner are open.
    interface Opening {
        Round open(Room room);
    }

    private Rounds() {}

    /// @param updates steps of the optimizer in a round
    static TrainingOutcome run(
            TrainingJob job,
            Prompts prompts,
            Tokenizer tokenizer,
            int updates,
            String fingerprint,
            Opening opening,
            TrainingListener listener) {
        var regime = job.recipe().regime();
        var checkpoints = new Checkpoints(job.work(), fingerprint);
        var saved = checkpoints.newest();
        var plan = new BatchPlan(prompts.lengths(), regime.batch(), job.seed());
        int steps = regime.steps() > 0 ? regime.steps() : Math.multiplyExact(regime.epochs(), plan.perEpoch());
        var rate = LearningRate.of(regime.learningRate(), regime.schedule(), regime.warmup(), steps);
        int step = saved.map(Checkpoints.State::step).orElse(0);
        long tokens = saved.map(Checkpoints.State::tokens).orElse(0L);
        long tokensBefore = tokens;
        double secondsBefore = saved.map(Checkpoints.State::seconds).orElse(0.0);
        double firstLoss = saved.map(Checkpoints.State::firstLoss).orElse(Double.NaN);
        Map<String, Double> metrics = Map.of();
        long started = System.nanoTime();
        long kept = started;
        try (var runner = ProgramRunner.open(job.device());
                var model = open(runner, job);
                var learner = new Learner(
                        runner,
                        model,
                        job.recipe(),
                        job.seed(),
                        Group.alone(),
                        saved.map(Checkpoints.State::folder).orElse(null),
                        Math.multiplyExact(step, updates))) {
            var round = opening.open(new Room(runner, model, learner, tokenizer));
            while (step < steps) {
                if (listener.cancelled()) {
                    checkpoints.write(step, tokens, secondsBefore + since(started), firstLoss, learner::save);
                    return new TrainingOutcome.Cancelled(step);
                }
                var chosen = plan.at(step).stream().map(prompts.list()::get).toList();
                double now = rate.at(step);
                var found = round.learn(step, chosen, now);
                metrics = found.metrics();
                double loss = metrics.getOrDefault("loss", Double.NaN);
                if (!Double.isFinite(loss)
                        || !Double.isFinite(metrics.getOrDefault("gradientNorm", Double.NaN))) {
                    throw new IllegalStateException(
                            "loss is %s at step %d; lower learningRate (now %s)".formatted(loss, step + 1, now));
                }
                step++;
                tokens += found.tokens();
                firstLoss = Double.isNaN(firstLoss) ? loss : firstLoss;
                listener.progressed(
                        new Progress(step, steps, loss, tokens, (tokens - tokensBefore) / since(started), metrics));
                if (isDue(regime, step, kept)) {
                    checkpoints.write(step, tokens, secondsBefore + since(started), firstLoss, learner::save);
                    kept = System.nanoTime();
                }
            }
            checkpoints.write(step, tokens, secondsBefore + since(started), firstLoss, learner::save);
            var told = new LinkedHashMap<>(metrics);
            told.put("firstLoss", firstLoss);
            told.put("rowsLeftOut", (double) prompts.leftOut());
            return save(job, learner, prompts, steps, tokens, secondsBefore + since(started), told);
        }
    }

    private static Model open(ProgramRunner runner, TrainingJob job) {
        var compute = job.recipe().regime().numbers(runner);
        return Model.open(
                runner, job.base(), job.recipe().adapter() instanceof Adapter.None ? ElementType.F32 : compute, compute);
    }

    private static double since(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    private static boolean isDue(Regime regime, int step, long kept) {
        return (regime.checkpointSteps() > 0 && step % regime.checkpointSteps() == 0)
                || (regime.checkpointSeconds() > 0 && since(kept) >= regime.checkpointSeconds());
    }

    private static TrainingOutcome.Completed save(
            TrainingJob job,
            Learner learner,
            Prompts prompts,
            int steps,
            long tokens,
            double seconds,
            Map<String, Double> metrics) {
        var whole = job.work().resolve("huggingface");
        Checkpoints.whole(whole, learner::saveModel);
        @Nullable Path adapter = null;
        if (job.recipe().adapter().begun().isPresent()) {
            adapter = job.work().resolve("adapter");
            Checkpoints.whole(adapter, learner::saveAdapter);
        }
        return new TrainingOutcome.Completed(
                whole, adapter, steps, prompts.list().size(), tokens, seconds, metrics);
    }
}
