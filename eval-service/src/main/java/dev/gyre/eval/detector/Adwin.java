package dev.gyre.eval.detector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// ADWIN: a window that grows while its mean is steady.
///
/// Bifet and Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007. The window is an
/// exponential histogram: row i holds at most five buckets of 2^i values, the oldest first. The paper drops
/// the old end after a cut; as in river, the next value begins a new window instead.
public final class Adwin implements StreamDetector {

    private static final int BUCKETS_OF_A_ROW = 5;
    private static final int CLOCK = 32;
    private static final int GRACE = 10;
    private static final int SHORTEST = 5;

    /// Where the window falls apart most clearly.
    ///
    /// @param before mean of the older values
    /// @param now mean of the newer ones
    /// @param kept newer values
    /// @param bound the difference of means that had to be passed
    public record Cut(double before, double now, long kept, double bound) {}

    /// @param deviation sum of squared differences from the bucket's mean
    private record Bucket(double total, double deviation) {}

    private final double delta;
    private final boolean everyCut;
    private final List<List<Bucket>> rows = new ArrayList<>();
    private long updates;
    private double width;
    private double total;
    private double deviation;
    private boolean isCut;
    private @Nullable Cut cut;

    public Adwin() {
        this(0.002, false);
    }

    /// @param delta chance of a cut where nothing changed
    /// @param everyCut whether the newest bucket of a row is a place for a cut too, as in the paper and in MOA; river
    /// leaves it out, which misses short changes
    public Adwin(double delta, boolean everyCut) {
        this.delta = delta;
        this.everyCut = everyCut;
        rows.add(new ArrayList<>());
    }

    @Override
    public Signal update(double value) {
        if (isCut) {
            restart();
        }
        insert(value);
        updates++;
        if (updates % CLOCK != 0 || width <= GRACE) {
            return Signal.CALM;
        }
        var passed = passedCuts();
        if (passed.isEmpty()) {
            return Signal.CALM;
        }
        cut = Collections.max(passed, Comparator.comparingDouble(one -> Math.abs(one.now - one.before) - one.bound));
        isCut = true;
        return Signal.DRIFT;
    }

    private void restart() {
        rows.clear();
        rows.add(new ArrayList<>());
        updates = 0;
        width = 0;
        total = 0;
        deviation = 0;
        isCut = false;
    }

    /// The latest cut.
    public Optional<Cut> cut() {
        return Optional.ofNullable(cut);
    }

    /// Mean of the window.
    public double mean() {
        return width == 0 ? 0 : total / width;
    }

    /// The mean that the newest values would have to pass to be cut off from the others, at most 1.
    public double limit(int newest) {
        var old = width - newest;
        return old < SHORTEST || newest < SHORTEST ? 1 : Math.min(1, mean() + bound(old, newest));
    }

    private void insert(double value) {
        rows.getFirst().add(new Bucket(value, 0));
        width++;
        if (width > 1) {
            var distance = value - total / (width - 1);
            deviation += (width - 1) * distance * distance / width;
        }
        total += value;
        for (var row = 0; rows.get(row).size() > BUCKETS_OF_A_ROW; row++) {
            mergeOldest(row);
        }
    }

    private void mergeOldest(int row) {
        if (row + 1 == rows.size()) {
            rows.add(new ArrayList<>());
        }
        var first = rows.get(row).removeFirst();
        var second = rows.get(row).removeFirst();
        var size = size(row);
        var merged = first.deviation + second.deviation + between(size, first.total / size, size, second.total / size);
        rows.get(row + 1).add(new Bucket(first.total + second.total, merged));
    }

    /// The cuts whose sides differ by more than chance allows, from the oldest.
    private List<Cut> passedCuts() {
        var passed = new ArrayList<Cut>();
        var oldWidth = 0.0;
        var oldTotal = 0.0;
        for (var row = rows.size() - 1; row >= 0; row--) {
            var buckets = rows.get(row);
            for (var bucket : everyCut ? buckets : buckets.subList(0, Math.max(0, buckets.size() - 1))) {
                oldWidth += size(row);
                oldTotal += bucket.total;
                var newWidth = width - oldWidth;
                if (oldWidth >= SHORTEST && newWidth >= SHORTEST) {
                    var cut = new Cut(
                            oldTotal / oldWidth,
                            (total - oldTotal) / newWidth,
                            (long) newWidth,
                            bound(oldWidth, newWidth));
                    if (Math.abs(cut.now - cut.before) > cut.bound) {
                        passed.add(cut);
                    }
                }
            }
        }
        return passed;
    }

    /// ε_cut of the paper, in its form for any variance.
    private double bound(double oldWidth, double newWidth) {
        var confidence = Math.log(2 * Math.log(width) / delta);
        var harmonic = 1 / (oldWidth - SHORTEST + 1) + 1 / (newWidth - SHORTEST + 1);
        return Math.sqrt(2 * harmonic * (deviation / width) * confidence) + 2.0 / 3 * confidence * harmonic;
    }

    private static double size(int row) {
        return 1L << row;
    }

    private static double between(double size, double mean, double otherSize, double otherMean) {
        return size * otherSize * (mean - otherMean) * (mean - otherMean) / (size + otherSize);
    }
}
