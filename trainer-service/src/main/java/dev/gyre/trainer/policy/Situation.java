package dev.gyre.trainer.policy;

import dev.gyre.events.ModelVersion;
import dev.gyre.trainer.run.ReplayPlan.Past;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that a decision about one model rests on.
///
/// @param champion number of the champion, missing while there is none
/// @param minimumRows fewer rows than this are not worth a training
/// @param openRun a run of the model that has not ended
/// @param lastBegan when its newest run was asked for
/// @param begun when the policy began runs within the last 24 hours
/// @param newJudgements in the model's data sets since the policy's last training
/// @param newer a data set of the model that was frozen later and waits too
/// @param rejected the last candidate that the policy made, where the gate did not let it pass
/// @param past what may be replayed, the newest first
/// @param look how long to wait where nobody can say how long
record Situation(
        String model,
        Policy policy,
        @Nullable Integer champion,
        int minimumRows,
        @Nullable String openRun,
        @Nullable Instant lastBegan,
        List<Instant> begun,
        int newJudgements,
        @Nullable String newer,
        @Nullable Rejected rejected,
        List<Past> past,
        Duration look) {

    Situation {
        begun = List.copyOf(begun);
        past = List.copyOf(past);
    }

    /// @param campaign the campaign that the candidate learned from
    /// @param story the story that it belongs to, which begins with a drift alarm where one opened the campaign
    record Rejected(
            ModelVersion candidate,
            @Nullable String campaign,
            String story,
            String reason) {}
}
