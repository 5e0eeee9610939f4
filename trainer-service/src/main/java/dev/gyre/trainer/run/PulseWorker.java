package dev.gyre.trainer.run;

import dev.gyre.llm.training.Progress;
import dev.gyre.llm.training.TrainingListener;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps the lease of a run at work, says how far it is, and hears when it is to stop.
///
/// It has a thread of its own, because a fetch, a step or an upload may take longer than the lease, and because the
/// training must not wait for a database.
final class PulseWorker implements TrainingListener, AutoCloseable {

    private final RunStore runs;
    private final RunConfig config;
    private final Run run;
    private final BooleanSupplier leaving;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile Run.@Nullable Step latest;
    private volatile boolean stopped;
    private long told;

    /// @param leaving whether this process is about to end
    PulseWorker(RunStore runs, RunConfig config, Run run, BooleanSupplier leaving) {
        this.runs = runs;
        this.config = config;
        this.run = run;
        this.leaving = leaving;
        this.thread = Thread.ofPlatform().name("run-pulse").daemon().unstarted(this::beat);
    }

    PulseWorker start() {
        thread.start();
        return this;
    }

    @Override
    public void progressed(Progress progress) {
        latest = new Run.Step(progress.step(), progress.steps(), progress.loss(), progress.tokensPerSecond());
    }

    @Override
    public boolean cancelled() {
        return stopped || leaving.getAsBoolean();
    }

    private void beat() {
        Run.Step noted = null;
        try {
            do {
                var step = latest;
                if (tryBeat(step == noted ? null : step)) {
                    noted = step;
                }
            } while (!closed.await(config.pulse().toMillis(), TimeUnit.MILLISECONDS));
            if (latest != noted) {
                tryBeat(latest);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tryBeat(Run.@Nullable Step step) {
        var now = System.nanoTime();
        var due = step != null
                && (told == 0 || now - told >= config.progressInterval().toNanos());
        try {
            if (!runs.beat(run, step, due)) {
                stopped = true;
            }
            if (due) {
                told = now;
            }
            return true;
        } catch (RuntimeException outage) {
            Log.warnf("no pulse run=%s reason=%s", run.id(), outage.toString());
            return false;
        }
    }

    /// Afterwards nothing more is said about this attempt.
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
