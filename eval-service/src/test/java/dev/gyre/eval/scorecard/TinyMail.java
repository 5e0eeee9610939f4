package dev.gyre.eval.scorecard;

import dev.gyre.llm.checkpoint.BertConfig.Pooling;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.training.Training;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Letters that are spam or ham, an encoder that cannot tell, and one that was taught to.
final class TinyMail {

    private static final List<String> VOCABULARY =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "free", "money", "win", "hello", "song", "nice");

    private TinyMail() {}

    static List<String> rows(int count) {
        return IntStream.range(0, count).mapToObj(TinyMail::row).toList();
    }

    /// Two of five are spam; numbers make every text another one.
    private static String row(int number) {
        var isSpam = number % 5 < 2;
        return "{\"text\":\"%s %d\",\"label\":\"%s\",\"slice\":\"all-mail\",\"task\":\"task-%d\"}\n"
                .formatted(text(number), number, isSpam ? "spam" : "ham", number);
    }

    static String text(int number) {
        return VOCABULARY.get((number % 5 < 2 ? 4 : 7) + number % 3);
    }

    static Map<String, Path> encoder() {
        return files(folder());
    }

    static Map<String, Path> classifier(List<String> rows) {
        try {
            var work = Files.createTempDirectory("tiny-mail");
            var file = Files.writeString(work.resolve("rows.jsonl"), String.join("", rows));
            var recipe = Recipe.of("classification", "frozen", Map.of("epochs", "40", "batch", "16"));
            var job = new TrainingJob(folder(), file, recipe, 3, work.resolve("job"), "cpu");
            return switch (Training.run(job, progress -> {})) {
                case TrainingOutcome.Completed completed -> files(completed.huggingFace());
                case TrainingOutcome.Cancelled cancelled -> throw new IllegalStateException(cancelled.toString());
                case TrainingOutcome.Refused refused -> throw new IllegalStateException(refused.toString());
            };
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path folder() {
        try {
            var folder = Files.createTempDirectory("tiny-encoder");
            var shape = new BertConfig(VOCABULARY.size(), 32, 64, 2, 4, 16, 2, 1e-12, Pooling.MEAN, List.of());
            JsonFile.write(folder.resolve("config.json"), shape.json(ElementType.F32));
            FirstWeights.write(folder.resolve("model.safetensors"), shape, 5);
            var entries = IntStream.range(0, VOCABULARY.size())
                    .mapToObj(id -> "\"%s\":%d".formatted(VOCABULARY.get(id), id))
                    .collect(Collectors.joining(","));
            Files.writeString(folder.resolve("tokenizer.json"), """
                    {"version":"1.0","pre_tokenizer":{"type":"Whitespace"},
                     "post_processor":{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]},
                     "model":{"type":"WordLevel","unk_token":"[UNK]","vocab":{%s}}}
                    """.formatted(entries));
            return folder;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, Path> files(Path folder) {
        var files = new TreeMap<String, Path>();
        try (var paths = Files.list(folder)) {
            paths.filter(Files::isRegularFile)
                    .forEach(path -> files.put(path.getFileName().toString(), path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return files;
    }
}
