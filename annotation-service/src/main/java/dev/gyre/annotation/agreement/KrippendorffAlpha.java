package dev.gyre.annotation.agreement;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/// Krippendorff's α: agreement beyond chance, with any number of judges and any gaps.
///
/// α = 1 − (n − 1) · Σ o_ck δ²_ck ÷ Σ n_c n_k δ²_ck over the units with two values or more, with the coincidences
/// o_ck = Σᵤ nᵤc (nᵤk − [c = k]) / (mᵤ − 1) (Krippendorff, Content Analysis, ch. 12;
/// [computing it](https://repository.upenn.edu/asc_papers/43)). δ² is 1 for different nominal values, the squared
/// difference on an interval scale, and (Σ_{g=c…k} n_g − (n_c + n_k)/2)² on an ordinal one.
public final class KrippendorffAlpha {

    private KrippendorffAlpha() {}

    /// @param units the values that each unit was given, in any order
    /// @return 1 for perfect agreement, 0 for chance; nothing where no unit has two values or all values are the same
    public static OptionalDouble nominal(Collection<List<String>> units) {
        return of(Tally.of(units), Scale.NOMINAL);
    }

    /// @return 1 for perfect agreement, 0 for chance; nothing where no unit has two values or all values are the same
    public static OptionalDouble of(Tally tally, Scale scale) {
        var coincidences = coincidences(tally);
        var totals = Arrays.stream(coincidences)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
        double all = Arrays.stream(totals).sum();
        double observed = 0;
        double expected = 0;
        for (int one = 0; one < totals.length; one++) {
            for (int other = 0; other < totals.length; other++) {
                double distance = distance(tally, scale, totals, one, other);
                observed += coincidences[one][other] * distance;
                expected += totals[one] * totals[other] * distance;
            }
        }
        return expected == 0 ? OptionalDouble.empty() : OptionalDouble.of(1 - (all - 1) * observed / expected);
    }

    private static double[][] coincidences(Tally tally) {
        int values = tally.values().size();
        var coincidences = new double[values][values];
        for (int pattern = 0; pattern < tally.patterns().size(); pattern++) {
            var said = tally.patterns().get(pattern);
            int judges = Arrays.stream(said).sum();
            if (judges < 2) {
                continue;
            }
            double share = tally.units(pattern) / (judges - 1.0);
            for (int one = 0; one < values; one++) {
                for (int other = 0; other < values && said[one] > 0; other++) {
                    coincidences[one][other] += share * said[one] * (said[other] - (one == other ? 1 : 0));
                }
            }
        }
        return coincidences;
    }

    private static double distance(Tally tally, Scale scale, double[] totals, int one, int other) {
        if (one == other) {
            return 0;
        }
        return switch (scale) {
            case NOMINAL -> 1;
            case INTERVAL -> square(tally.number(one) - tally.number(other));
            case ORDINAL -> {
                double between = Arrays.stream(totals, Math.min(one, other), Math.max(one, other) + 1)
                        .sum();
                yield square(between - (totals[one] + totals[other]) / 2);
            }
        };
    }

    private static double square(double number) {
        return number * number;
    }
}
