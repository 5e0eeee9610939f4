package dev.gyre.eval.monitor;

import dev.gyre.eval.detector.Adwin;
import dev.gyre.eval.detector.HddmA;
import dev.gyre.eval.detector.PageHinkley;
import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.drift.WindowStatistic;
import java.util.List;

/// Reads ratings as a stream of errors: ADWIN alarms, HDDM_A and Page–Hinkley only warn.
final class QualityWatch {

    private static final double PAGE_HINKLEY_THRESHOLD = 50;

    private final double effectFloor;
    private final Adwin adwin = new Adwin(0.002, true);
    private final HddmA hddm = new HddmA();
    private final PageHinkley pageHinkley = new PageHinkley(30, 0.005, PAGE_HINKLEY_THRESHOLD, 0.9999);

    private int ratings;
    private int errors;
    private int kept;
    private double now;
    private double limit = 1;
    private double effect;
    private Signal worse = Signal.CALM;
    private Signal early = Signal.CALM;
    private Signal slow = Signal.CALM;
    private double rise;
    private double riseLimit = 1;
    private double excess;

    QualityWatch(double effectFloor) {
        this.effectFloor = effectFloor;
    }

    /// Reads ratings of the past, of which nothing is said any more.
    void replay(List<Integer> past) {
        past.forEach(this::read);
        forget();
    }

    /// Reads the next window.
    List<WindowStatistic> measure(List<Integer> window) {
        window.forEach(this::read);
        var rate = (double) errors / ratings;
        var statistics = List.of(
                new WindowStatistic(
                        "rating",
                        "adwin",
                        worse == Signal.DRIFT ? now : rate,
                        worse == Signal.DRIFT ? limit : adwin.limit(ratings),
                        null,
                        effect,
                        worse),
                new WindowStatistic("rating", "hddm-a", rise, riseLimit, null, rise, early),
                new WindowStatistic("rating", "page-hinkley", excess, PAGE_HINKLEY_THRESHOLD, null, excess, slow));
        forget();
        return statistics;
    }

    /// Ratings that the alarm is about: what ADWIN kept.
    int kept() {
        return kept;
    }

    private void read(int rating) {
        var error = rating < 0 ? 1 : 0;
        ratings++;
        errors += error;
        kept++;
        if (adwin.update(error) == Signal.DRIFT) {
            adwin.cut().ifPresent(this::cut);
        }
        early = early.or(warning(hddm.update(error)));
        if (hddm.rise() > rise) {
            rise = hddm.rise();
            riseLimit = hddm.limit();
        }
        slow = slow.or(warning(pageHinkley.update(error)));
        excess = Math.max(excess, pageHinkley.excess());
    }

    private void cut(Adwin.Cut cut) {
        kept = (int) cut.kept();
        if (cut.now() - cut.before() >= effectFloor) {
            worse = Signal.DRIFT;
            now = cut.now();
            limit = Math.min(1, cut.before() + cut.bound());
            effect = cut.now() - cut.before();
        }
    }

    private static Signal warning(Signal signal) {
        return signal == Signal.CALM ? Signal.CALM : Signal.WARNING;
    }

    private void forget() {
        ratings = 0;
        errors = 0;
        effect = 0;
        worse = Signal.CALM;
        early = Signal.CALM;
        slow = Signal.CALM;
        rise = 0;
        riseLimit = 1;
        excess = 0;
    }
}
