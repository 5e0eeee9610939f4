package dev.gyre.eval.drift;

import dev.gyre.eval.detector.Signal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/// PSI: shares of a window's bins against those of the reference, with a threshold that knows the sample sizes.
///
/// PSI = Σ (q − p) ln(q/p) over shares smoothed by half a count. Where nothing moved, PSI / (1/n + 1/m) follows χ² with
/// one degree of freedom less than there are bins (Yurdakul, "Statistical properties of population stability index",
/// 2018); the usual limit of 0.1 would raise a false alarm in most small windows.
public final class PopulationStability {

    private static final int MOST_BINS = 10;
    private static final int VALUES_OF_A_BIN = 10;
    private static final int RARE = 5;

    private PopulationStability() {}

    /// Bins are quantiles of the reference, so that each holds about the same share of it.
    public static WindowStatistic test(String statistic, double[] reference, double[] window, double significance) {
        var edges = edges(reference, Math.clamp(window.length / VALUES_OF_A_BIN, 2, MOST_BINS));
        return compare(statistic, counts(reference, edges), counts(window, edges), significance);
    }

    /// Bins are the categories; those that are rare in both together are one.
    public static WindowStatistic test(
            String statistic, List<String> reference, List<String> window, double significance) {
        var pooled = new LinkedHashMap<String, Integer>();
        reference.forEach(category -> pooled.merge(category, 1, Integer::sum));
        window.forEach(category -> pooled.merge(category, 1, Integer::sum));
        var bins = new LinkedHashMap<String, Integer>();
        pooled.forEach((category, count) -> bins.put(category, count < RARE ? 0 : bins.size() + 1));
        return compare(statistic, counts(reference, bins), counts(window, bins), significance);
    }

    private static WindowStatistic compare(String statistic, double[] before, double[] now, double significance) {
        var bins =
                (int) Arrays.stream(sum(before, now)).filter(count -> count > 0).count();
        var n = Arrays.stream(before).sum();
        var m = Arrays.stream(now).sum();
        if (bins < 2) {
            return new WindowStatistic(statistic, "psi", 0, 0, 1.0, 0, Signal.CALM);
        }
        var value = 0.0;
        for (var i = 0; i < before.length; i++) {
            if (before[i] + now[i] > 0) {
                var p = (before[i] + 0.5) / (n + 0.5 * bins);
                var q = (now[i] + 0.5) / (m + 0.5 * bins);
                value += (q - p) * Math.log(q / p);
            }
        }
        var chance = ChiSquaredDistribution.of(bins - 1);
        var scale = 1 / n + 1 / m;
        return new WindowStatistic(
                statistic,
                "psi",
                value,
                scale * chance.inverseSurvivalProbability(significance),
                chance.survivalProbability(value / scale),
                value,
                Signal.CALM);
    }

    private static double[] edges(double[] reference, int bins) {
        var sorted = reference.clone();
        Arrays.sort(sorted);
        if (sorted[0] == sorted[sorted.length - 1]) {
            return new double[] {Math.nextDown(sorted[0]), sorted[0]};
        }
        var edges = new double[bins - 1];
        for (var i = 1; i < bins; i++) {
            edges[i - 1] = sorted[(int) ((long) sorted.length * i / bins) - 1];
        }
        return Arrays.stream(edges).distinct().toArray();
    }

    private static double[] counts(double[] values, double[] edges) {
        var counts = new double[edges.length + 1];
        for (var value : values) {
            var bin = 0;
            while (bin < edges.length && value > edges[bin]) {
                bin++;
            }
            counts[bin]++;
        }
        return counts;
    }

    private static double[] counts(List<String> values, Map<String, Integer> bins) {
        var counts = new double[bins.size() + 1];
        values.forEach(value -> counts[bins.getOrDefault(value, 0)]++);
        return counts;
    }

    private static double[] sum(double[] one, double[] other) {
        var sum = one.clone();
        Arrays.setAll(sum, i -> one[i] + other[i]);
        return sum;
    }
}
