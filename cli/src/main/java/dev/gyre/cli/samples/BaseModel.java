package dev.gyre.cli.samples;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.training.Pretraining;
import dev.gyre.llm.training.PretrainingJob;
import dev.gyre.llm.training.Progress;
import dev.gyre.llm.training.TrainingListener;
import dev.gyre.llm.training.TrainingOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;

/// The base of the shipped scenario: about a million parameters that have read what is said at the desk, good and bad.
final class BaseModel {

    private static final int VOCABULARY = 512;
    private static final int CONTEXT = 256;
    private static final LlamaConfig SHAPE = LlamaConfig.of(VOCABULARY, 128, 352, 5, 8, 4, CONTEXT);
    /// Texts that it reads.
    private static final int TEXTS = 30_000;
    private static final int STEPS = 600;
    private static final int BATCH = 8;
    private static final double LEARNING_RATE = 3e-3;
    /// What a Hugging Face folder needs; notes of the training stay behind.
    private static final List<String> FILES = List.of(
            "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");

    private BaseModel() {}

    /// Trains it and puts its files into a folder; resumes what was begun in `work`.
    static TrainingOutcome.Completed pretrain(Desk desk, Path folder, Path work, Consumer<Progress> hearer)
            throws IOException {
        var documents = new SampleFiles(desk)
                .reading(TEXTS).stream()
                        .map(row -> row.path("prompt").asText()
                                + row.path("completion").asText())
                        .toList();
        var job = new PretrainingJob(
                documents, SHAPE, Regime.pretraining(LEARNING_RATE, STEPS, BATCH), desk.seed(), work, "cpu");
        TrainingListener listener = hearer::accept;
        return switch (Pretraining.run(job, listener)) {
            case TrainingOutcome.Completed done -> {
                copy(done.huggingFace(), folder);
                yield done;
            }
            case TrainingOutcome.Cancelled stopped ->
                throw new IllegalStateException("pretraining stopped at step " + stopped.step());
            case TrainingOutcome.Refused refused ->
                throw new IllegalArgumentException("pretraining is refused: " + refused.reasons());
        };
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (var name : FILES) {
            if (Files.exists(from.resolve(name))) {
                Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
