package dev.gyre.eval.monitor;

import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.drift.WindowStatistic;
import java.time.Instant;
import java.util.List;

/// A window of a stream and what was said of it.
///
/// @param number from 1 in its era
/// @param first position of its first interaction, or feedback for quality
record MeasuredWindow(
        int era,
        int number,
        long first,
        long last,
        Signal verdict,
        List<WindowStatistic> statistics,
        Instant measuredAt) {

    MeasuredWindow {
        statistics = List.copyOf(statistics);
    }
}
