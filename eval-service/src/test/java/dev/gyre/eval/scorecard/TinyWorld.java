package dev.gyre.eval.scorecard;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.training.Pretraining;
import dev.gyre.llm.training.PretrainingJob;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A world of cats and dogs, and two real models of it: one that has hardly seen it and one that has.
final class TinyWorld {

    private static final Map<String, Path> WEAK = model(1);
    private static final Map<String, Path> STRONG = model(80);

    private TinyWorld() {}

    static Map<String, Path> weak() {
        return WEAK;
    }

    static Map<String, Path> strong() {
        return STRONG;
    }

    static List<String> demonstrations(int count) {
        var rows = new ArrayList<String>();
        for (var animal = 0; animal < count; animal++) {
            rows.add(
                    "{\"prompt\":\"%s\",\"completion\":\"%s\",\"slice\":\"%s\",\"task\":\"task-%d\",\"judgements\":[]}\n"
                            .formatted(prompt(animal), cry(animal), animal % 2 == 0 ? "cat" : "dog", animal));
        }
        return rows;
    }

    /// The right cry is preferred to the other animal's, which is as long.
    static List<String> preferences(int count) {
        var rows = new ArrayList<String>();
        for (var animal = 0; animal < count; animal++) {
            rows.add(
                    "{\"prompt\":\"%s\",\"chosen\":\"%s\",\"rejected\":\"%s\",\"slice\":\"all-animals\",\"task\":\"task-%d\",\"strength\":2}\n"
                            .formatted(prompt(animal), cry(animal), cry(animal + 1), animal));
        }
        return rows;
    }

    private static String prompt(int animal) {
        return "Animal %d: the %s says".formatted(animal, animal % 2 == 0 ? "cat" : "dog");
    }

    private static String cry(int animal) {
        return animal % 2 == 0 ? " meow meow." : " woof woof.";
    }

    private static Map<String, Path> model(int steps) {
        var documents = new ArrayList<String>();
        for (var animal = 0; animal < 60; animal++) {
            documents.add(prompt(animal) + cry(animal));
        }
        var recipe = Recipe.of(
                "supervised", "none", Map.of("steps", Integer.toString(steps), "learningRate", "0.01", "batch", "4"));
        try {
            var work = Files.createTempDirectory("tiny-world");
            var job = new PretrainingJob(
                    documents, LlamaConfig.of(300, 32, 64, 1, 2, 1, 64), recipe.regime(), 9, work, "cpu");
            return switch (Pretraining.run(job, progress -> {})) {
                case TrainingOutcome.Completed completed -> files(completed.huggingFace());
                case TrainingOutcome.Cancelled cancelled -> throw new IllegalStateException(cancelled.toString());
                case TrainingOutcome.Refused refused -> throw new IllegalStateException(refused.toString());
            };
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, Path> files(Path folder) throws IOException {
        var files = new TreeMap<String, Path>();
        try (var paths = Files.list(folder)) {
            paths.filter(Files::isRegularFile)
                    .forEach(path -> files.put(path.getFileName().toString(), path));
        }
        return files;
    }
}
