package dev.gyre.platform;

/// Hears of every change while the platform starts or stops.
@FunctionalInterface
public interface ProgressListener {

    void changed(State state);
}
