package dev.gyre.platform;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Ends what an earlier start left behind, should its supervisor have been killed.
final class Leftovers {

    private static final Duration GRACE = Duration.ofSeconds(15);

    private Leftovers() {}

    static void end(Home home) {
        State.of(home)
                .ifPresent(state -> end(state.parts().stream()
                        .flatMap(part -> part.process() == null
                                ? java.util.stream.Stream.empty()
                                : part.process().running().stream())
                        .toList()));
    }

    static void end(List<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroy);
        var all = CompletableFuture.allOf(
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
        try {
            all.get(GRACE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException stubborn) {
            processes.forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
