package dev.gyre.trainer.run;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelFile;
import dev.gyre.events.ModelVersion;
import dev.gyre.llm.checkpoint.BertConfig.Pooling;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.training.Pretraining;
import dev.gyre.llm.training.PretrainingJob;
import dev.gyre.llm.training.TrainingOutcome.Completed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /// An encoder that knows these words and nothing of them.
    static Path encoder(Path folder, List<String> words) throws IOException {
        Files.createDirectories(folder);
        var shape = new BertConfig(words.size() + 4, 32, 64, 2, 4, 16, 2, 1e-12, Pooling.MEAN, List.of());
        JsonFile.write(folder.resolve("config.json"), shape.json(ElementType.F32));
        FirstWeights.write(folder.resolve("model.safetensors"), shape, 5);
        var vocabulary = Stream.concat(Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"), words.stream())
                .toList();
        var entries = IntStream.range(0, vocabulary.size())
                .mapToObj(id -> "\"%s\":%d".formatted(vocabulary.get(id), id))
                .collect(Collectors.joining(","));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version":"1.0","pre_tokenizer":{"type":"Whitespace"},
                 "post_processor":{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]},
                 "model":{"type":"WordLevel","unk_token":"[UNK]","vocab":{%s}}}
                """.formatted(entries));
        return folder;
    }

    public static VersionRegistered registered(
            ArtifactStore artifacts, String workspace, ModelVersion model, Path folder) {
        List<ModelFile> files = RunFolder.files(folder).stream()
                .map(path -> new ModelFile(path.toString(), artifacts.put(workspace, folder.resolve(path))))
                .toList();
        return new VersionRegistered(workspace, model, null, null, null, "d1", files);
    }
}
