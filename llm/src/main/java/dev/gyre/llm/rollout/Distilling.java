package dev.gyre.llm.rollout;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Tokenizer;
import dev.gyre.llm.training.Fingerprint;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingListener;
import dev.gyre.llm.training.TrainingOutcome;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Trains a student to write as its teacher does: the method `distill`
/// ([paper](https://arxiv.org/abs/2306.13649), algorithm 1).
///
/// Rows have a `prompt` and a `completion`, or `messages`. With chance `lambda` a step is on answers that the student
/// draws now instead, by numbers that follow from seed and step.
public final class Distilling {

    private Distilling() {}

    /// Runs a job.
    ///
    /// @param teacher Hugging Face folder of a model with the same tokens
    /// @throws IllegalArgumentException where the recipe is another method, teacher and base do not have the same
    /// tokens, or base, device or work folder cannot be used
    /// @throws IllegalStateException where the loss is no longer a number
    public static TrainingOutcome run(TrainingJob job, Path teacher, TrainingListener listener) {
        if (!(job.recipe() instanceof Recipe.Distillation recipe)) {
            throw new IllegalArgumentException("method must be distill to learn from a teacher");
        }
        try (var tokenizer = Tokenizer.open(job.base())) {
            var prompts = Prompts.read(job, tokenizer, recipe.maxNewTokens(), true);
            if (!prompts.reasons().isEmpty()) {
                return new TrainingOutcome.Refused(prompts.reasons());
            }
            check(job.base(), teacher);
            var fingerprint = new Fingerprint(job.recipe().identity());
            fingerprint.add("seed=" + job.seed());
            fingerprint.addModel(job.base());
            fingerprint.addModel(teacher);
            fingerprint.add(job.rows());
            try (var frozen = Reference.teacher(teacher, job.device())) {
                return Rounds.run(
                        job,
                        prompts,
                        tokenizer,
                        1,
                        fingerprint.finish(),
                        room -> round(room, recipe, frozen, job.seed()),
                        listener);
            }
        }
    }

    private static void check(Path base, Path teacher) {
        var student = Architecture.read(base.resolve("config.json"));
        var config = Architecture.read(teacher.resolve("config.json"));
        if (!(config instanceof DecoderConfig) || config.tensors().containsKey(Model.SCORES)) {
            throw new IllegalArgumentException("the teacher %s is no model that writes".formatted(teacher));
        }
        if (config.vocabulary() != student.vocabulary()) {
            throw new IllegalArgumentException("the teacher %s knows %d tokens, the base %d; they must be the same"
                    .formatted(teacher, config.vocabulary(), student.vocabulary()));
        }
        if (!tokens(base).equals(tokens(teacher))) {
            throw new IllegalArgumentException(
                    "the tokenizers of the teacher %s and of the base give other ids to the same words"
                            .formatted(teacher));
        }
        if (config.context() < student.context()) {
            throw new IllegalArgumentException("the teacher %s reads %d tokens, the base %d; set maxTokens on a base of no more"
                    .formatted(teacher, config.context(), student.context()));
        }
    }

    private static Object tokens(Path folder) {
        return JsonFile.read(folder.resolve("tokenizer.json")).path("model").path("vocab");
    }

    private static Rounds.Round round(
            Rounds.Room room, Recipe.Distillation recipe, Reference teacher, long seed) {
        var writer =
                new Writer(room.runner(), room.model(), room.learner(), room.tokenizer(), recipe.maxNewTokens());
        var places = room.learner().places();
        return (number, prompts, rate) -> {
            long own = Answers.seed(seed, number);
            boolean drawn = new SplittableRandom(own).split().nextDouble() < recipe.lambda();
            var answers = drawn
                    ? Answers.drawn(writer, places, prompts, recipe.objective().temperature(), own)
                    : new Answers(prompts.stream().map(Prompts.Prompt::answered).toList());
            try (var scope = room.runner().newScope()) {
                var wanted = teacher.see(scope, answers.batch(room.runner(), scope, new long[0]));
                var batch = answers.batch(room.runner(), scope, places);
                var numbers = room.learner().step(scope, batch, Map.of("teacher", wanted), rate);
                return new Rounds.Found(answers.tokens(), metrics(numbers, rate, drawn));
            }
        };
    }

    private static Map<String, Double> metrics(float[] numbers, double rate, boolean drawn) {
        var told = new LinkedHashMap<String, Double>();
        for (var each : List.of("loss", "gradientNorm")) {
            told.put(each, (double) numbers[told.size()]);
        }
        told.put("learningRate", rate);
        told.put("ownAnswers", drawn ? 1.0 : 0.0);
        return told;
    }
}
