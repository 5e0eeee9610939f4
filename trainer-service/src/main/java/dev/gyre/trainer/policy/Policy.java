package dev.gyre.trainer.policy;

import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.trainer.run.RunRequest.Learning;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an engineer has laid down for the retraining of one model.
///
/// @param recipes how it learns from data sets of each kind; other kinds are not learned from
/// @param seed of every run
/// @param replayShare share of a run's rows that comes from earlier data sets, 0 to 0.9
/// @param cooldownMinutes shortest time between the beginnings of two runs of the model
/// @param runsPerDay most runs that the policy begins within 24 hours
/// @param tooLong `refuse` or `cut`: what happens to a row beyond the model's context
record Policy(
        Map<Kind, Learning> recipes,
        long seed,
        Triggers triggers,
        double replayShare,
        int cooldownMinutes,
        int runsPerDay,
        @Nullable String tooLong) {

    Policy {
        recipes = Map.copyOf(recipes);
    }

    /// What makes the policy train.
    ///
    /// @param campaign every data set that came from a campaign
    /// @param judgements as many new judgements since the last training
    /// @param everyMinutes this long after the last training, if there is a data set that was not trained on
    record Triggers(
            boolean campaign,
            @Nullable Integer judgements,
            @Nullable Integer everyMinutes) {}
}
