package dev.gyre.registry.activity;

import dev.gyre.events.DriftEvent.DriftCleared;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Signal;
import dev.gyre.events.DriftEvent.Statistic;
import dev.gyre.events.DriftEvent.WindowMeasured;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a watched stream went: its latest windows, and the alarms among them.
///
/// @param stream `model/input`, `model/output` or `model/quality`
/// @param windows the oldest first
record DriftCourse(String stream, String model, List<Window> windows, List<Alarm> alarms) {

    /// @param era grows with every new reference
    /// @param model the version that answered last
    record Window(int era, int number, Instant at, String model, Signal verdict, List<Statistic> statistics) {}

    /// @param from which of the windows raised it, from 0
    /// @param to which of the windows was the last before it was over, missing while it is open
    record Alarm(
            String drift,
            Instant at,
            String statistic,
            String detector,
            double value,
            double threshold,
            String explanation,
            int from,
            @Nullable Integer to,
            @Nullable Instant clearedAt) {

        private Alarm cleared(int last, Instant time) {
            return new Alarm(drift, at, statistic, detector, value, threshold, explanation, from, last, time);
        }
    }

    /// @param told facts about the stream in their order, without a gap from the first window on
    static DriftCourse of(String stream, List<Told> told) {
        var windows = new ArrayList<Window>();
        var alarms = new ArrayList<Alarm>();
        for (var it : told) {
            var last = Math.max(0, windows.size() - 1);
            if (it.fact() instanceof WindowMeasured measured) {
                windows.add(new Window(
                        measured.era(),
                        measured.window(),
                        it.time(),
                        measured.model().toString(),
                        measured.verdict(),
                        measured.statistics()));
            } else if (it.fact() instanceof DriftDetected drift
                    && alarms.stream().noneMatch(alarm -> alarm.drift().equals(drift.drift()))) {
                alarms.add(new Alarm(
                        drift.drift(),
                        it.time(),
                        drift.statistic(),
                        drift.detector(),
                        drift.value(),
                        drift.threshold(),
                        drift.explanation(),
                        last,
                        null,
                        null));
            } else if (it.fact() instanceof DriftCleared cleared) {
                var wasBefore = windows.isEmpty();
                alarms.removeIf(alarm -> wasBefore && alarm.drift().equals(cleared.drift()));
                alarms.replaceAll(alarm ->
                        alarm.drift().equals(cleared.drift()) ? alarm.cleared(last, it.time()) : alarm);
            }
        }
        return new DriftCourse(stream, stream.substring(0, stream.lastIndexOf('/')), windows, alarms);
    }
}
