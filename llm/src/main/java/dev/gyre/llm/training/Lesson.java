package dev.gyre.llm.training;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.model.SequenceScores;
import dev.gyre.llm.model.TextFeatures;
import dev.gyre.llm.parallel.Group;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.recipe.Adapter;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.training.TrainingListener.Phase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The loop of a training, from examples to a saved model; resumes where a checkpoint stands.
///
/// @param counts numbers known before the first step, told with the outcome
record Lesson(
        Path base,
        List<Example> examples,
        Recipe recipe,
        long seed,
        Path work,
        String device,
        String fingerprint,
        Map<String, Double> counts) {

    private static final String MODEL = "huggingface";
    private static final String ADAPTER = "adapter";

    TrainingOutcome run(TrainingListener listener) {
        return run(listener, Group.alone());
    }

    /// Runs with others, each worker with a work folder of its own; all come to the same weights.
    TrainingOutcome run(TrainingListener listener, Group group) {
        return opened(listener, group, Course::run);
    }

    /// Writes the next step as an archive that runs without Gyre.
    void export(Path file) {
        opened(_ -> {}, Group.alone(), course -> {
            course.export(file);
            return file;
        });
    }

    private <T> T opened(TrainingListener listener, Group group, Function<Course, T> use) {
        var checkpoints = new Checkpoints(work, fingerprint);
        var saved = checkpoints.newest();
        group.agree("job %s, step %d"
                .formatted(fingerprint, saved.map(Checkpoints.State::step).orElse(0)));
        try (var runner = ProgramRunner.open(device);
                var model = opened(runner)) {
            listener.began(Phase.REFERENCE);
            var reference = reference(runner, model);
            try (var learner = new Learner(
                    runner,
                    model,
                    recipe,
                    seed,
                    group,
                    saved.map(Checkpoints.State::folder).orElse(null),
                    saved.map(Checkpoints.State::step).orElse(0))) {
                listener.began(Phase.LEARNING);
                return use.apply(new Course(this, learner, group, checkpoints, reference, listener, saved));
            }
        }
    }

    /// @throws IllegalArgumentException where the device cannot hold what the training needs
    private Model opened(ProgramRunner runner) {
        var config = Architecture.read(base.resolve("config.json"));
        MemoryNeed.of(config, recipe, examples, held(runner), recipe.regime().numbers(runner))
                .refusal(device, runner.allMemory())
                .ifPresent(reason -> {
                    throw new IllegalArgumentException(reason);
                });
        return recipe instanceof Recipe.Reward
                ? Model.openScoring(runner, base, held(runner), recipe.regime().numbers(runner), seed)
                : Model.open(runner, base, held(runner), recipe.regime().numbers(runner), labels());
    }

    /// The labels that the rows teach; none where they teach to write.
    private Set<String> labels() {
        var labels = new TreeSet<String>();
        for (var example : examples) {
            if (example instanceof Example.Labelled row) {
                labels.add(row.label());
            }
        }
        return labels;
    }

    /// Weights that move stay in fp32: a bf16 weight would swallow small steps.
    private ElementType held(ProgramRunner runner) {
        return switch (recipe.adapter()) {
            case Adapter.Lora _, Adapter.Tuned _, Adapter.Frozen _ -> recipe.regime().numbers(runner);
            case Adapter.None _ -> ElementType.F32;
        };
    }

    /// What the model gives each example before it learns: one number per target, the features of a text
    /// under a frozen encoder, nothing elsewhere.
    private List<float[]> reference(ProgramRunner runner, Model model) {
        var sequences = new ArrayList<Sequence>();
        examples.forEach(example -> sequences.addAll(example.sequences()));
        return switch (recipe) {
            case Recipe.Supervised _, Recipe.Reward _ -> List.of();
            case Recipe.Reinforcement _, Recipe.Distillation _ -> throw Training.elsewhere();
            case Recipe.Classification classification -> {
                if (!(classification.adapter() instanceof Adapter.Frozen)) {
                    yield List.of();
                }
                var program = runner.load("encoder", Map.of("linear", "linear"));
                try (var weights = model.bind(Map.of())) {
                    yield TextFeatures.of(runner, program, "features", weights, model, sequences);
                }
            }
            case Recipe.Dpo _ when !recipe.objective().needsReference() -> List.of();
            case Recipe.Dpo _ -> {
                var program = runner.load("learning", model.slots(Map.of()));
                try (var weights = model.bind(Map.of())) {
                    var found = SequenceScores.tokens(runner, program, weights, model, sequences);
                    yield together(found);
                }
            }
        };
    }

    /// What belongs to the rows of one example, side by side.
    private List<float[]> together(List<float[]> rows) {
        var all = new ArrayList<float[]>();
        int next = 0;
        for (var example : examples) {
            var own = rows.subList(next, next + example.sequences().size());
            var values = new float[own.stream().mapToInt(row -> row.length).sum()];
            int end = 0;
            for (var row : own) {
                System.arraycopy(row, 0, values, end, row.length);
                end += row.length;
            }
            all.add(values);
            next += own.size();
        }
        return all;
    }

    TrainingOutcome.Completed save(
            Learner learner, int steps, int rows, long tokens, double seconds, Map<String, Double> metrics) {
        Checkpoints.whole(work.resolve(MODEL), learner::saveModel);
        @Nullable Path adapter = null;
        if (recipe.adapter().begun().isPresent()) {
            adapter = work.resolve(ADAPTER);
            Checkpoints.whole(adapter, learner::saveAdapter);
        }
        return new TrainingOutcome.Completed(
                work.resolve(MODEL), adapter, steps, rows, tokens, seconds, metrics);
    }
}
