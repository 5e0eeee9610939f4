package dev.gyre.delivery;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One thread that takes up recorded work until it is stopped.
public final class WorkLoop implements AutoCloseable {

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Semaphore woken = new Semaphore(0);
    private final BooleanSupplier step;
    private final Consumer<RuntimeException> failed;
    private final Duration pause;
    private final Thread thread;
    private volatile boolean stopped;

    /// @param step takes up one piece of work; false where there was none
    /// @param failed hears what a step threw; the loop goes on after a pause
    /// @param pause how long to wait where there is nothing to do
    public WorkLoop(String name, Duration pause, BooleanSupplier step, Consumer<RuntimeException> failed) {
        this.step = step;
        this.failed = failed;
        this.pause = pause;
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::work);
    }

    public void start() {
        thread.start();
    }

    /// Looks for work now.
    public void wake() {
        woken.release();
    }

    /// True once nobody wants the result of a running step any more.
    public boolean isStopped() {
        return stopped;
    }

    private void work() {
        while (!stopped) {
            rest(next());
        }
    }

    /// Takes a step and says how long to wait for the next one.
    private Duration next() {
        try {
            return step.getAsBoolean() ? Duration.ZERO : pause;
        } catch (RuntimeException failure) {
            if (!stopped) {
                failed.accept(failure);
            }
            return AFTER_FAILURE;
        }
    }

    private void rest(Duration time) {
        if (time.isZero()) {
            return;
        }
        try {
            if (woken.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
                woken.drainPermits();
            }
        } catch (InterruptedException stop) {
            stopped = true;
        }
    }

    /// Lets a running step end, for at most ten seconds: what it leaves behind is taken up again later.
    @Override
    public void close() {
        stopped = true;
        wake();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
