package dev.gyre.platform.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Something that runs until it is stopped or dies.
public interface Running extends AutoCloseable {

    long pid();

    /// Completes when it has ended, however it did.
    CompletableFuture<?> ended();

    /// Asks it to end, and after the grace period makes it.
    void stop(Duration grace);

    @Override
    default void close() {
        stop(Duration.ofSeconds(20));
    }
}
