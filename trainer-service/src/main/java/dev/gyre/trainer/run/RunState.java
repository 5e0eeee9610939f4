package dev.gyre.trainer.run;

import dev.gyre.events.TrainingEvent.TrainingCompleted;
import org.jspecify.annotations.Nullable;

/// Where a run stands; only the methods of a state lead to another one.
///
/// An attempt that ends without a result is a *setback*. Setbacks in a row are counted, so that a run that kills its
/// process is not tried for ever; a step further than any before starts the count again.
sealed interface RunState {

    /// Attempts that ended in a crash, of the process or of the engine, before the run fails.
    int MOST_CRASHES = 3;

    /// Attempts that ended because something else was away, such as the artifact store or room on the disk, before the
    /// run fails: more than two hours in a row.
    int MOST_OUTAGES = 150;

    /// Starts so far; a worker whose number is no longer this one has lost the run.
    int attempt();

    /// Waits for a worker.
    ///
    /// @param trouble what ended the last attempt
    record Queued(int attempt, int setbacks, @Nullable String trouble) implements RunState {

        Running start() {
            return new Running(attempt + 1, setbacks);
        }

        Cancelled cancel(String by) {
            return new Cancelled(attempt, by);
        }
    }

    /// A worker is at it.
    record Running(int attempt, int setbacks) implements RunState {

        /// A step further than any before.
        Running advance() {
            return new Running(attempt, 0);
        }

        Completed complete(TrainingCompleted result) {
            return new Completed(attempt, result);
        }

        Failed fail(String reason) {
            return new Failed(attempt, reason);
        }

        Cancelling cancel(String by) {
            return new Cancelling(attempt, by);
        }

        /// The worker leaves and blames nobody.
        Queued handBack() {
            return new Queued(attempt, setbacks, null);
        }

        /// The process or the engine broke down.
        RunState crash(String reason) {
            return setBack(reason, MOST_CRASHES);
        }

        /// Something that the run needs is away.
        RunState miss(String reason) {
            return setBack(reason, MOST_OUTAGES);
        }

        private RunState setBack(String reason, int most) {
            var count = setbacks + 1;
            return count >= most
                    ? new Failed(attempt, "given up after %d attempts that got no further: %s".formatted(count, reason))
                    : new Queued(attempt, count, reason);
        }
    }

    /// A worker is at it and has been asked to stop.
    record Cancelling(int attempt, String by) implements RunState {

        Cancelled stop() {
            return new Cancelled(attempt, by);
        }
    }

    /// Nothing follows.
    sealed interface Ended extends RunState {}

    record Completed(int attempt, TrainingCompleted result) implements Ended {}

    record Failed(int attempt, String reason) implements Ended {}

    record Cancelled(int attempt, String by) implements Ended {}

    /// The state in one word, as the API and the table say it.
    default String word() {
        return switch (this) {
            case Queued ignored -> "QUEUED";
            case Running ignored -> "RUNNING";
            case Cancelling ignored -> "CANCELLING";
            case Completed ignored -> "COMPLETED";
            case Failed ignored -> "FAILED";
            case Cancelled ignored -> "CANCELLED";
        };
    }
}
