package dev.gyre.trainer.run;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelFile;
import dev.gyre.events.ModelVersion;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.training.Pretraining;
import dev.gyre.llm.training.PretrainingJob;
import dev.gyre.llm.training.Regime;
import dev.gyre.llm.training.TrainingOutcome.Completed;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// A model of some thousand weights, made in a second.
public final class TinyBase {

    private TinyBase() {}

    public static Path make(Path work) {
        var documents = IntStream.range(0, 30)
                .mapToObj("the cat %d sat on the mat and the dog ran to the cat"::formatted)
                .toList();
        var shape = LlamaConfig.of(300, 32, 64, 2, 4, 2, 48);
        var job = new PretrainingJob(documents, shape, Regime.pretraining(3e-3, 10, 4), 7, work, "cpu");
        return switch (Pretraining.run(job, progress -> {})) {
            case Completed completed -> completed.huggingFace();
            case dev.gyre.llm.training.TrainingOutcome outcome -> throw new IllegalStateException(outcome.toString());
        };
    }

    public static VersionRegistered registered(ArtifactStore artifacts, String workspace, ModelVersion model, Path folder) {
        List<ModelFile> files = RunFolder.files(folder).stream()
                .map(path -> new ModelFile(path.toString(), artifacts.put(workspace, folder.resolve(path))))
                .toList();
        return new VersionRegistered(workspace, model, null, null, null, "d1", files);
    }
}
