package dev.gyre.platform;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What runs, as the supervisor last wrote it down.
///
/// @param failure why the start failed, and what to do
public record State(
        Phase phase,
        ProcessId supervisor,
        Instant since,
        List<Part> parts,
        @Nullable String failure) {

    /// Where the platform is in its life.
    public enum Phase {
        STARTING,
        READY,
        STOPPING,
        FAILED
    }

    /// Where one of its processes is.
    public enum Status {
        WAITING,
        STARTING,
        READY,
        RESTARTING
    }

    /// One process of the platform.
    ///
    /// @param process absent while it waits for others
    public record Part(
            String name,
            Status status,
            URI address,
            @Nullable ProcessId process,
            Instant since,
            int restarts,
            @Nullable Path log) {}

    public State {
        parts = List.copyOf(parts);
    }

    public static Optional<State> of(Home home) {
        return Documents.read(home.state(), State.class);
    }

    public Optional<Part> part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }

    @JsonIgnore
    public boolean running() {
        return supervisor.alive() && phase != Phase.FAILED;
    }
}
