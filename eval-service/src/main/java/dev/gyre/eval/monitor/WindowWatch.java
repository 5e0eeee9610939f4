package dev.gyre.eval.monitor;

import dev.gyre.delivery.Cause;
import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.drift.AlarmRule;
import dev.gyre.eval.drift.DriftSettings;
import dev.gyre.eval.drift.WindowStatistic;
import dev.gyre.eval.monitor.AlarmPublisher.Alarm;
import dev.gyre.events.DriftEvent.Concern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Watches what people ask, or what the model answers, a window at a time.
final class WindowWatch {

    /// An alarm shows no more drifting windows than these.
    private static final int MOST_WINDOWS = 32;

    private final TrafficStore traffic;
    private final MonitorStore monitors;
    private final AlarmPublisher alarms;
    private final WindowTests tests;

    WindowWatch(TrafficStore traffic, MonitorStore monitors, AlarmPublisher alarms, WindowTests tests) {
        this.traffic = traffic;
        this.monitors = monitors;
        this.alarms = alarms;
        this.tests = tests;
    }

    /// Takes the next reference or window, inside a transaction.
    ///
    /// @return false where there is too little traffic for one
    boolean step(WatchedStream stream, DriftSettings settings) {
        var from = stream.referenceFrom();
        var to = stream.referenceTo();
        var wanted = from == null ? settings.referenceSize() : settings.windowSize();
        var next = traffic.after(stream.name(), Math.max(stream.taken(), stream.since()), wanted);
        if (next.size() < wanted) {
            if (!next.isEmpty()) {
                monitors.looked(stream.name(), next.getLast().position());
            }
            return false;
        }
        var reference = from == null || to == null ? List.<Interaction>of() : traffic.between(stream.name(), from, to);
        if (isReembedded(stream, reference, next)) {
            return true;
        }
        if (reference.isEmpty()) {
            monitors.refer(
                    stream.name(), next.getFirst().position(), next.getLast().position());
        } else {
            measure(stream, settings, reference, next);
        }
        return true;
    }

    /// Vectors of two embedders are not comparable: the newer ones begin a new reference.
    private boolean isReembedded(WatchedStream stream, List<Interaction> reference, List<Interaction> next) {
        var latest = next.getLast();
        var foreign = Stream.concat(reference.stream(), next.stream())
                .filter(one -> !one.embedder().equals(latest.embedder()))
                .reduce((_, last) -> last);
        foreign.ifPresent(last -> monitors.renew(
                stream.name(),
                last.position(),
                latest.recorded().model(),
                "prompts are embedded by %s from now on".formatted(latest.embedder())));
        return foreign.isPresent();
    }

    private void measure(
            WatchedStream stream, DriftSettings settings, List<Interaction> reference, List<Interaction> window) {
        var number = stream.windows() + 1;
        var statistics = stream.name().concern() == Concern.INPUT
                ? tests.ofInput(reference, window, settings, number)
                : tests.ofOutput(reference, window, settings);
        var verdict = statistics.stream().map(WindowStatistic::verdict).reduce(Signal.CALM, Signal::or);
        var newest = window.getLast();
        var measured = new MeasuredWindow(
                stream.era(),
                number,
                window.getFirst().position(),
                newest.position(),
                verdict,
                statistics,
                Instant.now());
        Cause.decode(newest.cause())
                .run(() -> monitors.add(
                        stream.name(), measured, newest.recorded().model()));
        var rule = AlarmRule.of(settings);
        var latest = monitors.windows(stream.name(), stream.era(), rule.memory());
        var open = monitors.open(stream.name());
        switch (rule.decide(open.isPresent(), monitors.sinceAlarm(stream, number), verdicts(latest))) {
            case NOTHING -> open.ifPresent(alarm -> grow(stream, settings, reference, alarm, verdict));
            case OPEN -> open(UUID.randomUUID().toString(), stream, settings, reference, latest, settings.outOf());
            case CLEAR ->
                open.ifPresent(alarm -> alarms.clear(
                        stream.name(),
                        alarm,
                        number,
                        newest.cause(),
                        newest.recorded().model(),
                        "%d windows in succession were calm".formatted(settings.calmWindows())));
        }
    }

    /// An alarm that goes on is told again when it has twice as much to show: people may have had too little to begin with.
    private void grow(
            WatchedStream stream,
            DriftSettings settings,
            List<Interaction> reference,
            StoredAlarm alarm,
            Signal verdict) {
        if (verdict != Signal.DRIFT || alarm.era() != stream.era()) {
            return;
        }
        var since = stream.windows() + 1 - alarm.number() + settings.outOf();
        var windows = monitors.windows(stream.name(), stream.era(), since);
        var drifting = drifting(windows, since).size();
        if (drifting <= MOST_WINDOWS && Integer.bitCount(drifting) == 1) {
            open(alarm.id(), stream, settings, reference, windows, since);
        }
    }

    private static List<MeasuredWindow> drifting(List<MeasuredWindow> windows, int latest) {
        return windows.subList(Math.max(0, windows.size() - latest), windows.size()).stream()
                .filter(window -> window.verdict() == Signal.DRIFT)
                .toList();
    }

    private void open(
            String id,
            WatchedStream stream,
            DriftSettings settings,
            List<Interaction> reference,
            List<MeasuredWindow> windows,
            int latest) {
        var drifting = drifting(windows, latest);
        var strongest = strongest(drifting.getLast().statistics());
        var drifted = new ArrayList<Interaction>();
        drifting.forEach(window -> drifted.addAll(traffic.between(stream.name(), window.first(), window.last())));
        var words = alarms.newWords(stream.name().concern(), reference, drifted);
        alarms.open(new Alarm(
                id,
                stream.name(),
                stream.era(),
                drifting.getLast().number(),
                drifted.getLast().recorded().model(),
                drifted.getLast().cause(),
                strongest.getFirst(),
                reference,
                drifted,
                traffic.seen(stream.name(), drifted.getLast().position()),
                Explanation.ofWindows(stream.name(), strongest, drifting.size(), latest, settings.windowSize(), words)));
    }

    /// Those that drifted, the farthest beyond its threshold first.
    private static List<WindowStatistic> strongest(List<WindowStatistic> statistics) {
        return statistics.stream()
                .filter(one -> one.verdict() == Signal.DRIFT)
                .sorted(Comparator.comparingDouble(one -> -one.value() / Math.max(1e-9, one.threshold())))
                .toList();
    }

    private static List<Signal> verdicts(List<MeasuredWindow> windows) {
        return windows.stream().map(MeasuredWindow::verdict).toList();
    }
}
