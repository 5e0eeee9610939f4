package dev.gyre.trainer.policy;

import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.trainer.run.RunRequest.Learning;
import java.time.Instant;
import java.util.List;

/// What becomes of a data set, and in one sentence why.
sealed interface Decision {

    /// One sentence for people.
    String reason();

    /// @param base number of the version that the run starts from
    record Train(String dataset, int base, Learning recipe, List<Replay> replay, String reason) implements Decision {

        public Train {
            replay = List.copyOf(replay);
        }
    }

    /// Not now.
    ///
    /// @param why what is waited for
    /// @param until when to look again
    record Wait(Obstacle why, Instant until, String reason) implements Decision {}

    /// Never.
    ///
    /// @param isSuperseded whether a newer data set is trained on in its place, and this one may be replayed
    record Refuse(String reason, boolean isSuperseded) implements Decision {

        Refuse(String reason) {
            this(reason, false);
        }
    }

    /// What a data set may wait for.
    enum Obstacle {
        /// A champion to start from.
        CHAMPION,
        /// The end of a run.
        OPEN_RUN,
        COOL_DOWN,
        /// A run of the last 24 hours that no longer counts.
        BUDGET,
        /// More judgements, or the time of the schedule.
        TRIGGER,
        /// The other half of the trainer has not heard of the data set yet.
        NEWS
    }
}
