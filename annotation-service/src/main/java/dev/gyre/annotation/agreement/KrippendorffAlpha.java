package dev.gyre.annotation.agreement;

import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Krippendorff's α for nominal values: agreement beyond chance, with any number of judges and any gaps.
///
/// α = 1 − (n − 1) · Σᵤ Σ_{c≠k} nᵤc nᵤk / (mᵤ − 1) ÷ Σ_{c≠k} nc nk over the units with two values or more
/// (Krippendorff, Content Analysis, ch. 12).
public final class KrippendorffAlpha {

    private KrippendorffAlpha() {}

    /// @param units the values that each unit was given, in any order
    /// @return 1 for perfect agreement, 0 for chance; nothing where no unit has two values or all values are the same
    public static OptionalDouble nominal(Collection<List<String>> units) {
        var pairable = units.stream().filter(unit -> unit.size() > 1).toList();
        var totals = counts(pairable.stream().flatMap(List::stream).toList());
        double values = sum(totals);
        double expected = disagreeing(totals);
        if (expected == 0) {
            return OptionalDouble.empty();
        }
        double observed = pairable.stream()
                .mapToDouble(unit -> disagreeing(counts(unit)) / (unit.size() - 1))
                .sum();
        return OptionalDouble.of(1 - (values - 1) * observed / expected);
    }

    private static Collection<Long> counts(List<String> values) {
        return values.stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values();
    }

    /// Ordered pairs of different values: Σ_{c≠k} nc nk = n² − Σ nc².
    private static double disagreeing(Collection<Long> counts) {
        double total = sum(counts);
        return total * total
                - counts.stream().mapToDouble(count -> (double) count * count).sum();
    }

    private static double sum(Collection<Long> counts) {
        return counts.stream().mapToDouble(Long::doubleValue).sum();
    }
}
