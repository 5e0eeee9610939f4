package dev.gyre.llm.search;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.training.Progress;
import dev.gyre.llm.training.Training;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingListener;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Successive halving ([paper](https://arxiv.org/abs/1810.05934), algorithm 1): all trials make a few steps, the best
/// of them go on to a multiple of these, and so on; few come to the end.
///
/// Trials run one after the other and wait as checkpoints, so the rungs are synchronous and the same seed gives the same
/// result; a search that was killed goes on where it was.
public final class Search {

    private final SearchJob job;
    private final Consumer<Trial> hearer;

    private Search(SearchJob job, Consumer<Trial> hearer) {
        this.job = job;
        this.hearer = hearer;
    }

    /// Runs a search to its end on the calling thread.
    ///
    /// @param hearer hears of every trial that comes to the end of a rung
    /// @throws IllegalArgumentException where no training can be made of the job, or every trial left the numbers
    public static SearchOutcome run(SearchJob job, Consumer<Trial> hearer) {
        return new Search(job, hearer).run();
    }

    private SearchOutcome run() {
        var random = new Random(job.seed());
        var all = new TreeMap<Integer, Trial>();
        for (int number = 0; number < job.trials(); number++) {
            var drawn = new TreeMap<String, String>();
            job.space().forEach((key, choice) -> drawn.put(key, choice.draw(random)));
            all.put(number, new Trial(number, drawn, 0, Double.POSITIVE_INFINITY));
        }
        List<Trial> going = List.copyOf(all.values());
        for (long rung = job.least(); ; rung = rung * job.reduction()) {
            int steps = (int) Math.min(rung, job.steps());
            var reached = new ArrayList<Trial>();
            for (var trial : going) {
                var now = continued(trial, steps);
                all.put(now.number(), now);
                reached.add(now);
                hearer.accept(now);
            }
            reached.sort(Comparator.comparingDouble(Trial::loss).thenComparingInt(Trial::number));
            if (steps == job.steps()) {
                return outcome(reached.getFirst(), all);
            }
            going = reached.subList(0, Math.max(1, reached.size() / job.reduction()));
        }
    }

    private SearchOutcome outcome(Trial best, Map<Integer, Trial> all) {
        if (!Double.isFinite(best.loss())) {
            throw new IllegalArgumentException(
                    "every trial that went on left the numbers; try a smaller learningRate than %s"
                            .formatted(best.settings()));
        }
        // All steps are made: this writes the model, once more where it is there.
        var training = train(best, new Rung(best, best.steps(), _ -> {}))
                .orElseThrow(() -> new IllegalStateException("trial %d has no result".formatted(best.number())));
        return new SearchOutcome(
                best,
                training,
                List.copyOf(all.values()),
                all.values().stream().mapToLong(Trial::steps).sum());
    }

    /// The trial when it has made so many steps.
    private Trial continued(Trial trial, int steps) {
        var told = folder(trial).resolve("rung-%09d.json".formatted(steps));
        if (Files.exists(told)) {
            var found = JsonFile.read(told);
            return new Trial(
                    trial.number(),
                    trial.settings(),
                    found.path("steps").asInt(),
                    found.path("loss").asDouble(Double.POSITIVE_INFINITY));
        }
        var rung = new Rung(trial, steps, reached -> keep(told, reached));
        try {
            train(trial, rung);
            return rung.trial();
        } catch (IllegalStateException leftTheNumbers) {
            var lost = new Trial(trial.number(), trial.settings(), rung.trial().steps(), Double.POSITIVE_INFINITY);
            keep(told, lost);
            return lost;
        }
    }

    private static void keep(Path file, Trial reached) {
        var json = JsonNodeFactory.instance.objectNode().put("steps", reached.steps());
        if (Double.isFinite(reached.loss())) {
            json.put("loss", reached.loss());
        }
        JsonFile.write(file, json);
    }

    private Path folder(Trial trial) {
        try {
            return Files.createDirectories(job.work().resolve("trial-%04d".formatted(trial.number())));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder in %s".formatted(job.work()), e);
        }
    }

    private Optional<TrainingOutcome.Completed> train(Trial trial, TrainingListener listener) {
        var settings = new TreeMap<>(job.settings());
        settings.putAll(trial.settings());
        settings.put("evaluateSteps", Integer.toString(job.least()));
        var recipe = Recipe.of(job.method(), job.adapter(), settings);
        var training = new TrainingJob(
                job.base(), job.rows(), recipe, job.seed(), folder(trial).resolve("work"), job.device());
        return switch (Training.run(training, listener)) {
            case TrainingOutcome.Completed done -> Optional.of(done);
            case TrainingOutcome.Cancelled _ -> Optional.empty();
            case TrainingOutcome.Refused refused ->
                throw new IllegalArgumentException("trials are refused: " + String.join("; ", refused.reasons()));
        };
    }

    /// Holds a trial where its rung ends.
    private static final class Rung implements TrainingListener {

        private final int steps;
        private final Consumer<Trial> end;
        private Trial trial;
        private @Nullable Progress last;

        /// @param end hears of the trial when it has made the steps, before its checkpoint is written
        Rung(Trial trial, int steps, Consumer<Trial> end) {
            this.trial = trial;
            this.steps = steps;
            this.end = end;
        }

        @Override
        public void progressed(Progress progress) {
            last = progress;
            double loss = progress.metrics().getOrDefault("bestHeldOutLoss", trial.loss());
            trial = new Trial(trial.number(), trial.settings(), progress.step(), loss);
            if (progress.step() == steps) {
                end.accept(trial);
            }
        }

        @Override
        public boolean cancelled() {
            return last != null && last.step() >= steps && last.step() < last.steps();
        }

        Trial trial() {
            return trial;
        }
    }
}
