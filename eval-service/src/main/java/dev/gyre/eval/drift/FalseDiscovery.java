package dev.gyre.eval.drift;

import dev.gyre.eval.detector.Signal;
import java.util.List;

/// Judges all statistics of a window together, so that many statistics do not make many alarms.
///
/// Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 1995: the largest k counts whose p-values are
/// at most k/K of the significance. An effect under the floor counts for nothing, however certain it is.
public final class FalseDiscovery {

    private FalseDiscovery() {}

    /// @param statistics with p-values
    public static List<WindowStatistic> judge(List<WindowStatistic> statistics, DriftSettings settings) {
        var drift = limit(statistics, settings.significance());
        var warning = limit(statistics, settings.calmSignificance());
        return statistics.stream()
                .map(one -> one.judged(signal(one, drift, warning, settings.effectFloor())))
                .toList();
    }

    private static Signal signal(WindowStatistic one, double drift, double warning, double floor) {
        if (one.effect() < floor || p(one) > warning) {
            return Signal.CALM;
        }
        return p(one) > drift ? Signal.WARNING : Signal.DRIFT;
    }

    /// The largest p-value that is a discovery, negative where none is.
    private static double limit(List<WindowStatistic> statistics, double significance) {
        var sorted = statistics.stream().mapToDouble(FalseDiscovery::p).sorted().toArray();
        for (var k = sorted.length; k > 0; k--) {
            if (sorted[k - 1] <= significance * k / sorted.length) {
                return sorted[k - 1];
            }
        }
        return -1;
    }

    private static double p(WindowStatistic one) {
        return one.p() == null ? 1 : one.p();
    }
}
