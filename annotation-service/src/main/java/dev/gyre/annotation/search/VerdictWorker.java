package dev.gyre.annotation.search;

import dev.gyre.delivery.WorkLoop;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/// Follows the judgements aside, so that saving one costs nothing more.
@ApplicationScoped
class VerdictWorker {

    private static final int BATCH = 500;
    private static final Duration IDLE = Duration.ofMillis(500);

    private final VerdictStore verdicts;
    private final WorkLoop loop;

    VerdictWorker(VerdictStore verdicts) {
        this.verdicts = verdicts;
        this.loop = new WorkLoop(
                "verdicts", IDLE, this::next, outage -> Log.warnf("verdicts wait reason=%s", outage.toString()));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    /// @return whether there may be more to do
    private boolean next() {
        return verdicts.renew(BATCH) == BATCH;
    }
}
