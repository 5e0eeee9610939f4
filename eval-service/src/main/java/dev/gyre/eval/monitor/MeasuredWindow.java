package dev.gyre.eval.monitor;

import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.drift.WindowStatistic;
import dev.gyre.events.DriftEvent;
import dev.gyre.events.DriftEvent.WindowMeasured;
import dev.gyre.events.ModelVersion;
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

    WindowMeasured fact(StreamName stream, ModelVersion model) {
        return new WindowMeasured(
                stream.workspace(),
                stream.text(),
                model,
                stream.concern(),
                era,
                number,
                signal(verdict),
                statistics.stream()
                        .map(one -> new DriftEvent.Statistic(
                                one.statistic(), one.detector(), one.value(), one.threshold(), signal(one.verdict())))
                        .toList());
    }

    private static DriftEvent.Signal signal(Signal signal) {
        return switch (signal) {
            case CALM -> DriftEvent.Signal.CALM;
            case WARNING -> DriftEvent.Signal.WARNING;
            case DRIFT -> DriftEvent.Signal.DRIFT;
        };
    }
}
