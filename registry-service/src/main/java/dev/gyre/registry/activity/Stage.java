package dev.gyre.registry.activity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stage of a run or a campaign.
///
/// @param at when it was over, or began
/// @param seconds how long it took, once it is over
/// @param id what it is about: an alarm, a campaign, a data set, a run, a version or an examination
/// @param event the fact that says so
/// @param cause the fact that led to that one
record Stage(
        String name,
        State state,
        @Nullable Instant at,
        @Nullable Double seconds,
        String title,
        List<String> details,
        @Nullable String id,
        @Nullable String event,
        @Nullable String cause) {

    enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }

    Stage {
        details = List.copyOf(details);
    }

    Stage(
            String name,
            State state,
            @Nullable Instant at,
            @Nullable Double seconds,
            String title,
            List<String> details) {
        this(name, state, at, seconds, title, details, null, null, null);
    }

    /// The same, as a fact says it.
    Stage saidBy(Told told, String id) {
        return new Stage(name, state, at, seconds, title, details, id, told.event(), told.cause());
    }

    /// What the stages have come to: the title of the first that failed or is not over, else of the last.
    static String outcome(List<Stage> stages) {
        return stages.stream()
                .filter(stage -> stage.state() == State.FAILED)
                .findFirst()
                .or(() -> stages.stream()
                        .filter(stage -> stage.state() != State.DONE)
                        .findFirst())
                .orElse(stages.getLast())
                .title();
    }
}
