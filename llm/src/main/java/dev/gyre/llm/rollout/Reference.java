package dev.gyre.llm.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.training.TrainingJob;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A frozen model beside the one that learns; there is none where nothing is compared with it.
final class Reference implements AutoCloseable {

    private final @Nullable Frozen frozen;

    private record Frozen(ProgramRunner runner, Model model, Weights weights, Program program) {}

    /// The base of a job, where its recipe looks back at it.
    Reference(TrainingJob job, Recipe.Reinforcement recipe) {
        this(recipe.rollout().beta() == 0 ? null : open(job.base(), job.device(), Map.of()));
    }

    /// A teacher, of whom the whole distributions are seen.
    static Reference teacher(Path folder, String device) {
        return new Reference(open(folder, device, Map.of("likelihood", "distributions")));
    }

    private Reference(@Nullable Frozen frozen) {
        this.frozen = frozen;
    }

    private static Frozen open(Path folder, String device, Map<String, String> slots) {
        var runner = ProgramRunner.open(device);
        try {
            var model = Model.open(runner, folder, ElementType.F32, ElementType.F32);
            return new Frozen(runner, model, model.bind(Map.of()), runner.load("learning", model.slots(slots)));
        } catch (RuntimeException e) {
            runner.close();
            throw e;
        }
    }

    boolean isThere() {
        return frozen != null;
    }

    /// What the model gives the targets of rows.
    NDArray see(NDManager scope, TokenBatch batch) {
        if (frozen == null) {
            throw new IllegalStateException("there is no frozen model");
        }
        try (var given = frozen.runner().bind(batch.laid())) {
            return frozen.runner()
                    .tensor(
                            scope,
                            frozen.program(),
                            "see",
                            frozen.model()
                                    .arguments(
                                            frozen.weights(),
                                            batch.ids(),
                                            batch.positions(),
                                            batch.targets(),
                                            given));
        }
    }

    @Override
    public void close() {
        if (frozen != null) {
            frozen.weights().close();
            frozen.model().close();
            frozen.runner().close();
        }
    }
}
