package dev.gyre.eval.monitor;

import dev.gyre.delivery.Cause;
import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.drift.AlarmRule;
import dev.gyre.eval.drift.DriftSettings;
import dev.gyre.eval.drift.WindowStatistic;
import dev.gyre.eval.monitor.AlarmPublisher.Alarm;
import dev.gyre.eval.monitor.TrafficStore.Feedback;
import dev.gyre.events.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Watches people's ratings, a window at a time; the detectors are rebuilt from the ratings of the era.
final class FeedbackWatch {

    private static final int REFERENCE = 300;

    private final TrafficStore traffic;
    private final MonitorStore monitors;
    private final AlarmPublisher alarms;

    FeedbackWatch(TrafficStore traffic, MonitorStore monitors, AlarmPublisher alarms) {
        this.traffic = traffic;
        this.monitors = monitors;
        this.alarms = alarms;
    }

    /// Takes the next window, inside a transaction.
    ///
    /// @return false where there is too little feedback for one
    boolean step(WatchedStream stream, DriftSettings settings) {
        var all = traffic.feedback(stream.name(), stream.since());
        var past = all.stream().filter(one -> one.position() <= stream.taken()).toList();
        if (all.size() - past.size() < settings.windowSize()) {
            if (!all.isEmpty()) {
                monitors.looked(stream.name(), all.getLast().position());
            }
            return false;
        }
        var read = all.subList(0, past.size() + settings.windowSize());
        var window = read.subList(past.size(), read.size());
        var watch = new QualityWatch(settings.effectFloor());
        watch.replay(ratings(past));
        measure(stream, settings, read, window, watch.measure(ratings(window)), watch.kept());
        return true;
    }

    private void measure(
            WatchedStream stream,
            DriftSettings settings,
            List<Feedback> read,
            List<Feedback> window,
            List<WindowStatistic> statistics,
            int kept) {
        var number = stream.windows() + 1;
        var open = monitors.open(stream.name());
        var adwin = statistics.getFirst();
        var isStillBad = open.filter(alarm -> adwin.value() > alarm.detected().threshold())
                .isPresent();
        var verdict = isStillBad
                ? Signal.DRIFT
                : statistics.stream().map(WindowStatistic::verdict).reduce(Signal.CALM, Signal::or);
        var newest = window.getLast();
        var model = new ModelVersion(stream.model(), newest.number());
        var measured = new MeasuredWindow(
                stream.era(),
                number,
                window.getFirst().position(),
                newest.position(),
                verdict,
                statistics,
                Instant.now());
        Cause.decode(newest.cause()).run(() -> monitors.add(stream.name(), measured, model));
        var rule = new AlarmRule(1, 1, settings.calmWindows(), settings.cooldownWindows());
        var latest = monitors.windows(stream.name(), stream.era(), rule.memory()).stream()
                .map(MeasuredWindow::verdict)
                .toList();
        switch (rule.decide(open.isPresent(), monitors.sinceAlarm(stream, number), latest)) {
            case NOTHING -> {}
            case OPEN -> open(stream, number, read, adwin, Math.min(kept, read.size()));
            case CLEAR ->
                open.ifPresent(alarm -> alarms.clear(
                        stream.name(),
                        alarm,
                        number,
                        newest.cause(),
                        model,
                        "bad ratings are under the limit again"));
        }
    }

    /// The alarm is about what was rated badly since the cut.
    private void open(WatchedStream stream, int number, List<Feedback> read, WindowStatistic adwin, int kept) {
        var before = read.subList(0, read.size() - kept);
        var since = read.subList(read.size() - kept, read.size());
        var bad = traffic.at(
                positions(since.stream().filter(one -> one.rating() < 0).toList()));
        alarms.open(new Alarm(
                UUID.randomUUID().toString(),
                stream.name(),
                stream.era(),
                number,
                new ModelVersion(stream.model(), since.getLast().number()),
                since.getLast().cause(),
                adwin,
                traffic.at(positions(before.subList(Math.max(0, before.size() - REFERENCE), before.size()))),
                bad,
                traffic.seen(stream.name(), since.getLast().interaction()),
                Explanation.ofRatings(stream.name(), adwin, kept)));
    }

    private static List<Integer> ratings(List<Feedback> feedback) {
        return feedback.stream().map(Feedback::rating).toList();
    }

    private static List<Long> positions(List<Feedback> feedback) {
        return feedback.stream().map(Feedback::interaction).distinct().toList();
    }
}
