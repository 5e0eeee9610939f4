package dev.gyre.trainer.run;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelFile;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.training.Training;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingListener;
import dev.gyre.llm.training.TrainingOutcome.Completed;
import dev.gyre.llm.training.TrainingOutcome.Refused;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One attempt at a run: fetches what it needs, checks it, trains, and keeps the result.
final class RunAttempt {

    /// Where a base keeps the adapter that it was trained by; its weights are merged into the base already.
    private static final String ADAPTER = "adapter/";

    private final ArtifactStore artifacts;
    private final TrainingRequested request;
    private final RunFolder folder;
    private final int minimumRows;

    /// @param minimumRows fewer rows than this are not worth a training
    RunAttempt(ArtifactStore artifacts, TrainingRequested request, RunFolder folder, int minimumRows) {
        this.artifacts = artifacts;
        this.request = request;
        this.folder = folder;
        this.minimumRows = minimumRows;
    }

    /// @param past the data sets to replay, in the order of the request
    /// @throws IllegalArgumentException if base or recipe cannot be used
    /// @throws IllegalStateException if the weights run away
    /// @throws UncheckedIOException if something cannot be fetched
    TrainingOutcome train(
            VersionRegistered base,
            DatasetFrozen dataset,
            List<DatasetFrozen> past,
            String device,
            TrainingListener listener) {
        var fresh = past.isEmpty() ? folder.rows() : folder.fresh();
        fetch(dataset.train().rows(), fresh);
        var inspection = RowInspection.of(fresh, request.recipe().method());
        var refusal = inspection.refusal(minimumRows);
        if (!refusal.isEmpty()) {
            return new Refused(refusal);
        }
        mix(past);
        for (var file : base.files()) {
            if (!file.path().startsWith(ADAPTER)) {
                fetch(file.content(), folder.base().resolve(file.path()));
            }
        }
        createJob();
        var recipe = Recipe.of(
                request.recipe().method(),
                request.recipe().adapter(),
                request.recipe().settings());
        return Training.run(
                new TrainingJob(folder.base(), folder.rows(), recipe, request.seed(), folder.job(), device), listener);
    }

    /// Keeps the files of the result; the same files again are the same artifacts.
    ///
    /// @throws IllegalArgumentException if too many rows were too long to be learned from
    TrainingCompleted keep(Completed outcome, String codeVersion, String device) {
        var metrics = new TreeMap<>(outcome.metrics());
        var replayed = replayed(metrics);
        var fresh = outcome.rows() - replayed.stream().mapToInt(Replay::rows).sum();
        if (fresh < minimumRows) {
            throw new IllegalArgumentException(
                    "almost nothing was learned: only %d rows fit into the model's context, at least %d are needed (%s); set tooLong to cut, or raise maxTokens"
                            .formatted(fresh, minimumRows, outcome.metrics()));
        }
        var files = new ArrayList<>(upload(outcome.huggingFace(), ""));
        if (outcome.adapter() != null) {
            files.addAll(upload(outcome.adapter(), ADAPTER));
        }
        metrics.put("steps", (double) outcome.steps());
        metrics.put("tokens", (double) outcome.tokens());
        return new TrainingCompleted(
                request.workspace(),
                request.run(),
                request.model(),
                request.base(),
                request.dataset(),
                request.recipe(),
                request.seed(),
                codeVersion,
                ProgramRunner.resolve(device),
                outcome.rows(),
                outcome.seconds(),
                outcome.seconds() > 0 ? outcome.tokens() / outcome.seconds() : 0,
                metrics,
                replayed,
                files);
    }

    private void mix(List<DatasetFrozen> past) {
        if (past.isEmpty() || Files.exists(folder.rows())) {
            return;
        }
        var drawn = new ArrayList<Mixture.Drawn>();
        for (var again : request.replay()) {
            var file = folder.past(drawn.size());
            fetch(past.get(drawn.size()).train().rows(), file);
            drawn.add(new Mixture.Drawn(again.dataset(), file, again.rows()));
        }
        Mixture.write(folder.fresh(), drawn, request.seed(), folder.rows());
    }

    /// Takes from the metrics how many rows of each replayed data set were really learned from.
    private List<Replay> replayed(Map<String, Double> metrics) {
        return request.replay().stream()
                .map(asked -> {
                    var rows = metrics.remove(Training.ROWS_OF + asked.dataset());
                    return rows == null ? asked : new Replay(asked.dataset(), rows.intValue());
                })
                .toList();
    }

    private List<ModelFile> upload(Path from, String prefix) {
        return RunFolder.files(from).stream()
                .map(path -> new ModelFile(
                        prefix + path.toString().replace(File.separatorChar, '/'),
                        artifacts.put(request.workspace(), from.resolve(path))))
                .toList();
    }

    /// A file that is there is whole, because it appears whole or not at all.
    private void fetch(ArtifactRef ref, Path file) {
        if (!Files.exists(file)) {
            artifacts.fetch(ref, file);
        }
    }

    private void createJob() {
        try {
            Files.createDirectories(folder.job());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot create the run folder", failure);
        }
    }
}
