package dev.gyre.llm.training;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.parallel.Group;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.ChatTemplate;
import dev.gyre.llm.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Trains a model by a recipe: resumes, computes, saves.
public final class Training {

    /// Begins the metric that says how many of the rows that name this data set were used; a row names the data set
    /// that it was drawn from as `replayedFrom`.
    public static final String ROWS_OF = "rowsOf.";

    private Training() {}

    /// Runs a job to its end on the calling thread.
    ///
    /// @throws IllegalArgumentException where the base folder, the device or the work folder cannot be
    /// used, saying
    /// what, where and why
    /// @throws IllegalStateException where the loss is no longer a number
    public static TrainingOutcome run(TrainingJob job, TrainingListener listener) {
        return run(job, listener, Group.alone());
    }

    /// Runs a job together with other workers, on the calling thread: each computes its share of every step's batches,
    /// all move their weights alike, and what they come to is what one worker with `accumulate` times their number
    /// comes to. Each has a `work` folder of its own; the rest of the job is the same for all. A worker that is told to
    /// stop, or keeps a checkpoint, has the others do so too.
    ///
    /// @throws IllegalStateException also where another worker is gone
    public static TrainingOutcome run(TrainingJob job, TrainingListener listener, Group group) {
        var look = look(job.base(), job.rows(), job.recipe());
        if (!look.reasons().isEmpty()) {
            return new TrainingOutcome.Refused(look.reasons());
        }
        return lesson(job, look.examples()).run(listener, group);
    }

    /// Writes the next step of a job, the first where its work folder holds no checkpoint, as one archive that any
    /// libtorch runs: `torch.jit.load(file).step()` learns from that step's batch and answers loss, gradient norm before
    /// clipping, then the objective's own numbers. It learns at the recipe's rate, without schedule. Nothing is learned here.
    ///
    /// @throws IllegalArgumentException as [#run], where rows are refused, and where a step is more than one batch
    public static void export(TrainingJob job, Path file) {
        var look = look(job.base(), job.rows(), job.recipe());
        if (!look.reasons().isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", look.reasons()));
        }
        lesson(job, look.examples()).export(file);
    }

    private static Lesson lesson(TrainingJob job, Examples examples) {
        var counts = new LinkedHashMap<String, Double>();
        counts.put("rowsCut", (double) examples.cut());
        counts.put("rowsLeftOut", (double) examples.leftOut());
        examples.replayed().forEach((dataset, rows) -> counts.put(ROWS_OF + dataset, (double) rows));
        return new Lesson(
                job.base(),
                examples.list(),
                job.recipe(),
                job.seed(),
                job.work(),
                job.device(),
                fingerprint(job),
                counts);
    }

    /// The rows as they would be learned from, and why they should not be; empty where they can.
    record Look(Examples examples, List<String> reasons) {}

    /// Looks at all rows before anything is computed.
    static Look look(Path base, Path rows, Recipe recipe) {
        var regime = recipe.regime();
        var config = Architecture.read(base.resolve("config.json"));
        checkKind(base, recipe, config);
        int room = config.context() - recipe.adapter().places();
        int longest = regime.maxTokens() > 0 ? regime.maxTokens() : room;
        if (longest > room || room < 2) {
            throw new IllegalArgumentException(
                    "setting maxTokens is %d, must be at most %d, which the model's context of %d leaves"
                            .formatted(longest, room, config.context()));
        }
        try (var tokenizer = tokenizer(base, recipe)) {
            var examples =
                    Examples.read(rows, recipe, tokenizer, ChatTemplate.find(base), longest, config.vocabulary());
            return new Look(examples, reasons(examples, longest));
        }
    }

    private static void checkKind(Path base, Recipe recipe, Architecture config) {
        boolean classifies = recipe instanceof Recipe.Classification;
        switch (config) {
            case DecoderConfig _ when classifies ->
                throw new IllegalArgumentException(
                        "method classification needs an encoder (model_type bert), but %s holds a model that writes"
                                .formatted(base));
            case BertConfig _ when !classifies ->
                throw new IllegalArgumentException(
                        "%s holds an encoder, which does not write; train it by the method classification"
                                .formatted(base));
            case DecoderConfig _, BertConfig _ -> {}
        }
    }

    private static Tokenizer tokenizer(Path base, Recipe recipe) {
        return switch (recipe) {
            case Recipe.Supervised _, Recipe.Dpo _, Recipe.Reward _ -> Tokenizer.open(base);
            case Recipe.Reinforcement _, Recipe.Distillation _ -> throw elsewhere();
            case Recipe.Classification _ -> Tokenizer.ofEncoder(base);
        };
    }

    static IllegalArgumentException elsewhere() {
        return new IllegalArgumentException(
                "grpo, rloo, ppo and distill write while they learn; run them by dev.gyre.llm.rollout.Reinforcing or Distilling");
    }

    private static List<String> reasons(Examples examples, int longest) {
        var reasons = new ArrayList<>(examples.problems());
        if (reasons.isEmpty() && examples.list().isEmpty()) {
            reasons.add(
                    examples.leftOut() == 0
                            ? "there are no rows"
                            : "all %d rows have more than %d tokens; raise maxTokens, set tooLong to cut, or shorten them"
                                    .formatted(examples.leftOut(), longest));
        }
        return reasons;
    }

    private static String fingerprint(TrainingJob job) {
        var fingerprint = new Fingerprint(job.recipe().identity());
        fingerprint.add("seed=" + job.seed());
        fingerprint.addModel(job.base());
        fingerprint.add(job.rows());
        return fingerprint.finish();
    }
}
