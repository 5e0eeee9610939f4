package dev.gyre.eval.drift;

import dev.gyre.eval.detector.Signal;
import org.jspecify.annotations.Nullable;

/// One statistic of a window, and what is said of it.
///
/// @param statistic what was looked at, such as `embedding`
/// @param detector how, such as `mmd`
/// @param threshold what the value had to pass, taken alone
/// @param p chance of such a value where nothing moved; missing where a stream detector speaks
/// @param effect how much moved, in the unit of the effect floor
public record WindowStatistic(
        String statistic,
        String detector,
        double value,
        double threshold,
        @Nullable Double p,
        double effect,
        Signal verdict) {

    WindowStatistic judged(Signal signal) {
        return new WindowStatistic(statistic, detector, value, threshold, p, effect, signal);
    }
}
