package dev.gyre.eval.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The models that are open: lent out by count, at most so many and so large, the one unused the longest closed first.
///
/// Nobody may hold one loan while waiting for another: with every place taken, both would wait.
final class OpenModels<K, M> implements AutoCloseable {

    private final int places;
    private final long bytes;
    private final Duration patience;
    private final Consumer<M> closer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LinkedHashMap<K, Entry<M>> entries = new LinkedHashMap<>(16, 0.75f, true);

    /// @param closer frees what a model holds
    OpenModels(int places, long bytes, Duration patience, Consumer<M> closer) {
        this.places = places;
        this.bytes = bytes;
        this.patience = patience;
        this.closer = closer;
    }

    private static final class Entry<M> {
        private final long bytes;
        private final Instant since = Instant.now();
        private @Nullable M model;
        private int loans;

        Entry(long bytes) {
            this.bytes = bytes;
        }
    }

    /// A model that stays open until the loan is closed; close it once.
    interface Loan<M> extends AutoCloseable {

        M model();

        @Override
        void close();
    }

    /// What is open, for people.
    record Open<K>(K key, long bytes, int loans, Instant since) {}

    /// Lends a model that is open, or opens it as soon as there is a place for it.
    ///
    /// @throws NoPlace if the model is larger than all places together, or none became free in time
    Loan<M> lend(K key, long size, Supplier<M> opener) {
        var entry = reserve(key, size);
        if (entry.model == null) {
            open(key, entry, opener);
        }
        return new Lent(entry);
    }

    /// A counted entry; one without a model is for the caller to open.
    private Entry<M> reserve(K key, long size) {
        if (size > bytes) {
            throw new NoPlace("%s has %d bytes of weights, at most %d may be open; raise gyre.models.open-bytes"
                    .formatted(key, size, bytes));
        }
        lock.lock();
        try {
            var left = patience.toNanos();
            while (true) {
                var known = entries.get(key);
                if (known != null && known.model != null) {
                    known.loans++;
                    return known;
                }
                if (known == null && makeRoom(size)) {
                    var reserved = new Entry<M>(size);
                    reserved.loans = 1;
                    entries.put(key, reserved);
                    return reserved;
                }
                if (left <= 0) {
                    throw new NoPlace(
                            "no place for %s within %s: %d models are in use; raise gyre.models.open or try later"
                                    .formatted(key, patience, entries.size()));
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting for " + key, stopped);
        } finally {
            lock.unlock();
        }
    }

    private void open(K key, Entry<M> entry, Supplier<M> opener) {
        M model = null;
        try {
            model = opener.get();
        } finally {
            lock.lock();
            try {
                if (model == null) {
                    entries.remove(key);
                } else {
                    entry.model = model;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Closes what nobody uses until the newcomer fits; false where too much is in use.
    private boolean makeRoom(long size) {
        for (Iterator<Entry<M>> oldest = entries.values().iterator(); !fits(size) && oldest.hasNext(); ) {
            var entry = oldest.next();
            if (entry.loans == 0 && entry.model != null) {
                oldest.remove();
                closer.accept(entry.model);
            }
        }
        return fits(size);
    }

    private boolean fits(long size) {
        return entries.size() < places
                && entries.values().stream().mapToLong(entry -> entry.bytes).sum() + size <= bytes;
    }

    List<Open<K>> list() {
        lock.lock();
        try {
            var open = new ArrayList<Open<K>>();
            entries.forEach((key, entry) -> open.add(new Open<>(key, entry.bytes, entry.loans, entry.since)));
            return open;
        } finally {
            lock.unlock();
        }
    }

    /// Waits a little for loans to come back, then closes everything.
    @Override
    public void close() {
        lock.lock();
        try {
            var left = TimeUnit.SECONDS.toNanos(5);
            while (left > 0 && entries.values().stream().anyMatch(entry -> entry.loans > 0)) {
                left = changed.awaitNanos(left);
            }
            for (var entry : entries.values()) {
                if (entry.loans == 0 && entry.model != null) {
                    closer.accept(entry.model);
                }
            }
            entries.clear();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private final class Lent implements Loan<M> {

        private final Entry<M> entry;
        private boolean returned;

        Lent(Entry<M> entry) {
            this.entry = entry;
        }

        @Override
        public M model() {
            if (returned || entry.model == null) {
                throw new IllegalStateException("the loan was closed");
            }
            return entry.model;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!returned) {
                    returned = true;
                    entry.loans--;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
