package dev.gyre.trainer.run;

import dev.gyre.events.TrainingEvent.TrainingRequested;
import java.util.List;

/// Whether a run can be recorded as it was asked for.
public sealed interface Admission {

    record Admitted(TrainingRequested run) implements Admission {}

    /// @param known whether everything named exists, so that what is wrong is the request itself
    /// @param objections all of them, each naming field, value and bound
    record Refused(boolean known, List<String> objections) implements Admission {

        public Refused {
            objections = List.copyOf(objections);
        }
    }
}
