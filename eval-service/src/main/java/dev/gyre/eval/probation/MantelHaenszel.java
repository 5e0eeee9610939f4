package dev.gyre.eval.probation;

import java.util.List;
import java.util.function.Function;

/// Is the share of bad ratings higher than before, slice by slice? The exact Mantel–Haenszel test.
///
/// Where both versions are equally good, the bad ratings of a slice fall to the champion as marked
/// balls do to a hand: hypergeometrically. The sum over the slices is compared with what was seen,
/// `p = P[Σ X ≥ Σ x]` (Mantel & Haenszel 1959; exact and best of its kind: Birch 1964, *The
/// Detection of Partial Association, I: The 2 × 2 Case*). With one slice this is Fisher's exact
/// test. Nothing is approximated, so it holds for 25 ratings as for 200.
///
/// @param slices each with ratings of both
record MantelHaenszel(List<Slice> slices) {

    record Slice(Share champion, Share predecessor) {

        int ratings() {
            return champion.ratings() + predecessor.ratings();
        }

        int bad() {
            return champion.bad() + predecessor.bad();
        }
    }

    MantelHaenszel {
        slices = List.copyOf(slices);
    }

    Share champion() {
        return sum(Slice::champion);
    }

    Share predecessor() {
        return sum(Slice::predecessor);
    }

    /// By how much the share of bad ratings is higher: the Mantel–Haenszel risk difference.
    ///
    /// `Σ (x·m − y·n)/(n + m) / Σ n·m/(n + m)`, with `x` of `n` bad now and `y` of `m` before
    /// (Greenland & Robins 1985).
    double excess() {
        var difference = 0.0;
        var weight = 0.0;
        for (var slice : slices) {
            double now = slice.champion.ratings();
            double before = slice.predecessor.ratings();
            difference += (slice.champion.bad() * before - slice.predecessor.bad() * now) / slice.ratings();
            weight += now * before / slice.ratings();
        }
        return difference / weight;
    }

    double pValue() {
        var logs = logFactorials(slices.stream().mapToInt(Slice::ratings).max().orElse(0));
        var chances = new double[] {1};
        for (var slice : slices) {
            chances = sum(chances, chances(slice, logs));
        }
        var tail = 0.0;
        for (var bad = champion().bad(); bad < chances.length; bad++) {
            tail += chances[bad];
        }
        return Math.min(1, tail);
    }

    /// How likely each number of bad ratings of the champion is, from 0 on.
    private static double[] chances(Slice slice, double[] logs) {
        var now = slice.champion.ratings();
        var before = slice.predecessor.ratings();
        var chances = new double[now + 1];
        for (var bad = Math.max(0, slice.bad() - before); bad <= Math.min(now, slice.bad()); bad++) {
            chances[bad] = Math.exp(logChoose(now, bad, logs)
                    + logChoose(before, slice.bad() - bad, logs)
                    - logChoose(slice.ratings(), slice.bad(), logs));
        }
        return chances;
    }

    private static double[] sum(double[] one, double[] other) {
        var sum = new double[one.length + other.length - 1];
        for (var i = 0; i < one.length; i++) {
            for (var j = 0; j < other.length; j++) {
                sum[i + j] += one[i] * other[j];
            }
        }
        return sum;
    }

    private Share sum(Function<Slice, Share> share) {
        return slices.stream().map(share).reduce(Share.NONE, Share::plus);
    }

    private static double logChoose(int of, int chosen, double[] logs) {
        return logs[of] - logs[chosen] - logs[of - chosen];
    }

    private static double[] logFactorials(int last) {
        var logs = new double[last + 1];
        for (var i = 1; i <= last; i++) {
            logs[i] = logs[i - 1] + Math.log(i);
        }
        return logs;
    }
}
