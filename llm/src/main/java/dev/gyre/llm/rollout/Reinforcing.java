package dev.gyre.llm.rollout;

import dev.gyre.llm.model.RewardModel;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Tokenizer;
import dev.gyre.llm.training.Fingerprint;
import dev.gyre.llm.training.TrainingJob;
import dev.gyre.llm.training.TrainingListener;
import dev.gyre.llm.training.TrainingOutcome;
import java.nio.file.Path;

/// Trains a model by the rewards of answers that it draws itself: the methods `grpo`, `rloo` and `ppo`.
///
/// Rows have a `prompt`, a text or a list of messages. A step draws `group` answers to each prompt of a batch at
/// temperature 1, by numbers that follow from seed and step, and learns from them `updates` times.
public final class Reinforcing {

    private Reinforcing() {}

    /// Runs a job with rewards that Java code gives; a job that is resumed must be given the same.
    ///
    /// @throws IllegalArgumentException where the recipe is no such method, or base, device or work folder cannot be
    /// used
    /// @throws IllegalStateException where loss or reward is no longer a number
    public static TrainingOutcome run(TrainingJob job, Reward reward, TrainingListener listener) {
        return run(job, reward, new Fingerprint(job.recipe().identity()), listener);
    }

    /// Runs a job with the scores of a reward model.
    ///
    /// @param rewardModel folder as [RewardModel#open] reads it
    public static TrainingOutcome run(TrainingJob job, Path rewardModel, TrainingListener listener) {
        try (var model = RewardModel.open(rewardModel, job.device())) {
            var fingerprint = new Fingerprint(job.recipe().identity());
            fingerprint.addModel(rewardModel);
            return run(job, Reward.of(model), fingerprint, listener);
        }
    }

    private static TrainingOutcome run(
            TrainingJob job, Reward reward, Fingerprint fingerprint, TrainingListener listener) {
        if (!(job.recipe() instanceof Recipe.Reinforcement recipe)) {
            throw new IllegalArgumentException("method must be grpo, rloo or ppo to learn from rewards");
        }
        try (var tokenizer = Tokenizer.open(job.base())) {
            var prompts = Prompts.read(job, tokenizer, Prompts.most(recipe), false);
            if (!prompts.reasons().isEmpty()) {
                return new TrainingOutcome.Refused(prompts.reasons());
            }
            fingerprint.add("seed=" + job.seed());
            fingerprint.addModel(job.base());
            fingerprint.add(job.rows());
            try (var reference = new Reference(job, recipe)) {
                return Rounds.run(
                        job,
                        prompts,
                        tokenizer,
                        recipe.rollout().updates(),
                        fingerprint.finish(),
                        room -> new RewardedRound(room, recipe, reference, reward, job.seed()),
                        listener);
            }
        }
    }
}
