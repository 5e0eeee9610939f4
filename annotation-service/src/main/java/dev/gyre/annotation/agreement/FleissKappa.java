package dev.gyre.annotation.agreement;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/// Fleiss' κ: agreement beyond chance where every unit has the same number of values.
///
/// κ = (P̄ − P̄ₑ) / (1 − P̄ₑ) (Fleiss 1971, [paper](https://doi.org/10.1037/h0031619)).
public final class FleissKappa {

    private FleissKappa() {}

    /// @return nothing where the units differ in their number of values, have fewer than two, or never vary
    public static OptionalDouble of(Collection<List<String>> units) {
        return of(Tally.of(units));
    }

    /// @return nothing where the units differ in their number of values, have fewer than two, or never vary
    public static OptionalDouble of(Tally tally) {
        int judges = tally.patterns().stream()
                .mapToInt(said -> Arrays.stream(said).sum())
                .findFirst()
                .orElse(0);
        if (judges < 2
                || tally.patterns().stream()
                        .anyMatch(said -> Arrays.stream(said).sum() != judges)) {
            return OptionalDouble.empty();
        }
        var totals = new double[tally.values().size()];
        double agreeing = 0;
        for (int pattern = 0; pattern < tally.patterns().size(); pattern++) {
            var said = tally.patterns().get(pattern);
            for (int value = 0; value < totals.length; value++) {
                totals[value] += tally.units(pattern) * said[value];
                agreeing += tally.units(pattern) * said[value] * (said[value] - 1.0);
            }
        }
        double all = Arrays.stream(totals).sum();
        double observed = agreeing / (all * (judges - 1));
        double expected = Arrays.stream(totals)
                .map(total -> (total / all) * (total / all))
                .sum();
        return expected == 1 ? OptionalDouble.empty() : OptionalDouble.of((observed - expected) / (1 - expected));
    }
}
