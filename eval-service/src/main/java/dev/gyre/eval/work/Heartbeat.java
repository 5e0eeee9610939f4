package dev.gyre.eval.work;

import java.time.Duration;

/// Renews the lease of a piece of work, three times per lease, until closed.
public final class Heartbeat implements AutoCloseable {

    private final Thread thread;

    public Heartbeat(Duration lease, Runnable renew) {
        this.thread = Thread.ofVirtual().start(() -> beat(lease.dividedBy(3), renew));
    }

    private static void beat(Duration every, Runnable renew) {
        while (true) {
            try {
                Thread.sleep(every);
                renew.run();
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException _) {
                // the next beat tries again; a lease that ran out is noticed when the work is finished
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
