package dev.gyre.platform;

import java.time.Instant;
import java.util.Optional;

/// A process beyond doubt: its number may be given again to another, its number and start may not.
public record ProcessId(long pid, Instant started) {

    static ProcessId of(ProcessHandle process) {
        return new ProcessId(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
    }

    static ProcessId of(long pid) {
        return ProcessHandle.of(pid).map(ProcessId::of).orElse(new ProcessId(pid, Instant.EPOCH));
    }

    /// The process, if it still runs.
    Optional<ProcessHandle> running() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> of(process).equals(this));
    }

    public boolean alive() {
        return running().isPresent();
    }
}
