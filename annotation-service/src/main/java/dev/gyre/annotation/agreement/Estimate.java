package dev.gyre.annotation.agreement;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/// A number with the interval in which it would be nineteen times of twenty, had other units been judged.
///
/// The interval is the percentile bootstrap: units are drawn with replacement, as many as there are, and the middle 95
/// %
/// of what the coefficient comes to is kept (Efron 1979, [paper](https://doi.org/10.1214/aos/1176344552); units are
/// drawn, not single values, as in Zapf and others 2016, [paper](https://doi.org/10.1186/s12874-016-0200-9)).
///
/// @param low 2.5 % of the draws lie below
/// @param high 2.5 % of the draws lie above
public record Estimate(double value, double low, double high) {

    private static final double TAIL = 0.025;

    /// @param draws how often units are drawn
    /// @param seed the same units and seed give the same interval
    /// @return nothing where the units have no such coefficient
    public static Optional<Estimate> of(
            Tally units, Function<Tally, OptionalDouble> coefficient, int draws, long seed) {
        var value = coefficient.apply(units);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        var random = new SplittableRandom(seed);
        var drawn = DoubleStream.generate(
                        () -> coefficient.apply(units.resampled(random)).orElse(Double.NaN))
                .limit(draws)
                .filter(one -> !Double.isNaN(one))
                .sorted()
                .toArray();
        if (drawn.length == 0) {
            return Optional.of(new Estimate(value.getAsDouble(), value.getAsDouble(), value.getAsDouble()));
        }
        return Optional.of(new Estimate(value.getAsDouble(), quantile(drawn, TAIL), quantile(drawn, 1 - TAIL)));
    }

    /// Between the two nearest draws, in proportion.
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
