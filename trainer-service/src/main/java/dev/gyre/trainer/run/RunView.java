package dev.gyre.trainer.run;

import dev.gyre.events.RecipeSpec;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run as the API shows it; what is not known yet is null.
///
/// @param why why it trains, in one sentence
/// @param replay earlier data sets that are mixed in; once it has ended, with the rows that were learned from
/// @param reason why it failed, or what ended the last attempt of a run that waits
/// @param rows that were learned from
/// @param seconds of computing
/// @param files paths of the result
record RunView(
        String run,
        String model,
        String base,
        String dataset,
        RecipeSpec recipe,
        long seed,
        String requestedBy,
        String why,
        List<Replay> replay,
        String state,
        int attempt,
        @Nullable String reason,
        @Nullable String cancelledBy,
        @Nullable Integer step,
        @Nullable Integer steps,
        @Nullable Double loss,
        @Nullable Double tokensPerSecond,
        @Nullable Integer rows,
        @Nullable Double seconds,
        Map<String, Double> metrics,
        List<String> files,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    static RunView of(Run run) {
        var request = run.requested();
        var progress = run.progress();
        var result = result(run.state());
        return new RunView(
                run.id(),
                request.model(),
                request.base().toString(),
                request.dataset(),
                request.recipe(),
                request.seed(),
                run.requestedBy(),
                request.reason(),
                result == null ? request.replay() : result.replay(),
                run.state().word(),
                run.state().attempt(),
                reason(run.state()),
                cancelledBy(run.state()),
                progress == null ? null : progress.step(),
                progress == null ? null : progress.steps(),
                progress == null ? null : progress.loss(),
                result != null
                        ? Double.valueOf(result.tokensPerSecond())
                        : progress == null ? null : Double.valueOf(progress.tokensPerSecond()),
                result == null ? null : result.rows(),
                result == null ? null : result.seconds(),
                result == null ? Map.of() : result.metrics(),
                result == null
                        ? List.of()
                        : result.files().stream().map(file -> file.path()).toList(),
                run.createdAt(),
                run.startedAt(),
                run.endedAt());
    }

    private static @Nullable TrainingCompleted result(RunState state) {
        return state instanceof RunState.Completed completed ? completed.result() : null;
    }

    private static @Nullable String reason(RunState state) {
        return switch (state) {
            case RunState.Queued queued -> queued.trouble();
            case RunState.Failed failed -> failed.reason();
            case RunState.Running ignored -> null;
            case RunState.Cancelling ignored -> null;
            case RunState.Completed ignored -> null;
            case RunState.Cancelled ignored -> null;
        };
    }

    private static @Nullable String cancelledBy(RunState state) {
        return switch (state) {
            case RunState.Cancelling cancelling -> cancelling.by();
            case RunState.Cancelled cancelled -> cancelled.by();
            case RunState.Queued ignored -> null;
            case RunState.Running ignored -> null;
            case RunState.Completed ignored -> null;
            case RunState.Failed ignored -> null;
        };
    }
}
