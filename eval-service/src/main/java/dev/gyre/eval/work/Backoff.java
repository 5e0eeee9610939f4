package dev.gyre.eval.work;

import java.time.Duration;

/// How long failed work waits: a second, then twice as long each time, at most a minute.
public final class Backoff {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Backoff() {}

    /// @param attempt how often it was tried, from 1
    public static Duration after(int attempt) {
        var pause = Duration.ofSeconds(1L << Math.clamp(attempt - 1L, 0, 6));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
