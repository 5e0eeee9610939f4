package dev.gyre.llm.training;

import dev.gyre.llm.recipe.Recipe;
import java.nio.file.Path;

/// What to train.
///
/// @param base Hugging Face folder of the model to start from; only read
/// @param rows JSONL: `prompt`, `completion` for supervised, `prompt`, `chosen`, `rejected` for DPO,
/// `text`, `label` for classification; other keys are ignored
/// @param seed of everything random: order of rows, first weights of the adapter
/// @param work folder of this job alone: checkpoints, then the results; a job resumes from the last
/// checkpoint found
/// here
/// @param device `auto`, `cpu` or `cuda:N`
public record TrainingJob(Path base, Path rows, Recipe recipe, long seed, Path work, String device) {}
