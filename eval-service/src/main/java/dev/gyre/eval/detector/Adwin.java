package dev.gyre.eval.detector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// ADWIN: a window that grows while its mean is steady and drops its old end where it is not.
///
/// Bifet and Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007. The window is an
/// exponential histogram: row i holds at most five buckets of 2^i values, the oldest first. As in river, and unlike the
/// paper, the value after a cut begins a new window.
public final class Adwin implements StreamDetector {

    private static final int BUCKETS_OF_A_ROW = 5;
    private static final int CLOCK = 32;
    private static final int GRACE = 10;
    private static final int SHORTEST = 5;

    /// How the window was cut.
    ///
    /// @param before mean of what was dropped
    /// @param now mean of what is left
    /// @param kept values that are left
    /// @param bound the difference of means that the first cut had to pass
    public record Cut(double before, double now, long kept, double bound) {}

    /// @param deviation sum of squared differences from the bucket's mean
    private record Bucket(double total, double deviation) {}

    private final double delta;
    private final List<List<Bucket>> rows = new ArrayList<>();
    private long updates;
    private double width;
    private double total;
    private double deviation;
    private boolean isCut;
    private @Nullable Cut cut;

    public Adwin() {
        this(0.002);
    }

    /// @param delta chance of a cut where nothing changed
    public Adwin(double delta) {
        this.delta = delta;
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
        var width = this.width;
        var total = this.total;
        var bound = passedBound();
        if (bound == 0) {
            return Signal.CALM;
        }
        for (var passed = bound; passed > 0; passed = passedBound()) {
            dropOldest();
        }
        cut = new Cut(
                (total - this.total) / (width - this.width), this.total / this.width, (long) this.width, bound);
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
        var merged = first.deviation
                + second.deviation
                + between(size, first.total / size, size, second.total / size);
        rows.get(row + 1).add(new Bucket(first.total + second.total, merged));
    }

    private void dropOldest() {
        var size = size(rows.size() - 1);
        var oldest = rows.getLast().removeFirst();
        width -= size;
        total -= oldest.total;
        deviation -= oldest.deviation + between(size, oldest.total / size, width, total / width);
        while (rows.size() > 1 && rows.getLast().isEmpty()) {
            rows.removeLast();
        }
    }

    /// Looks for a cut, from the oldest, whose sides differ by more than chance allows.
    ///
    /// @return the bound that was passed, 0 where the window is of one piece
    private double passedBound() {
        var oldWidth = 0.0;
        var oldTotal = 0.0;
        for (var row = rows.size() - 1; row >= 0; row--) {
            // the newest bucket of a row is no place for a cut, as in river
            for (var bucket : rows.get(row).subList(0, Math.max(0, rows.get(row).size() - 1))) {
                oldWidth += size(row);
                oldTotal += bucket.total;
                var newWidth = width - oldWidth;
                if (oldWidth >= SHORTEST && newWidth >= SHORTEST) {
                    var bound = bound(oldWidth, newWidth);
                    if (Math.abs(oldTotal / oldWidth - (total - oldTotal) / newWidth) > bound) {
                        return bound;
                    }
                }
            }
        }
        return 0;
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
