package dev.gyre.cli.crowd;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/// How long requests took, in milliseconds.
final class Latencies {

    private final ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();

    /// @param nanos how long one took
    void took(long nanos) {
        millis.add(nanos / 1e6);
    }

    int count() {
        return millis.size();
    }

    /// The smallest that `percent` of them do not exceed; 0 where there is none.
    double percentile(double percent) {
        var sorted = millis.stream().mapToDouble(each -> each).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0
                ? 0
                : sorted[Math.clamp((long) Math.ceil(percent / 100 * sorted.length) - 1, 0, sorted.length - 1)];
    }
}
