package dev.gyre.delivery;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How long something is waited for, by a clock that does not jump; a process that starts anew begins anew.
public final class Patience {

    private final Map<String, Long> since = new ConcurrentHashMap<>();
    private final Duration most;
    private final LongSupplier nanos;

    public Patience(Duration most) {
        this(most, System::nanoTime);
    }

    Patience(Duration most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /// Whether this was asked for the first time longer ago than is waited.
    public boolean isOver(String what) {
        var now = nanos.getAsLong();
        return now - since.computeIfAbsent(what, first -> now) > most.toNanos();
    }

    /// It is waited for no more.
    public void end(String what) {
        since.remove(what);
    }
}
