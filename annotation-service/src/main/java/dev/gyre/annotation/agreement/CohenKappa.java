package dev.gyre.annotation.agreement;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Cohen's κ: agreement of two judges beyond chance.
///
/// κ = (pₒ − pₑ) / (1 − pₑ) (Cohen 1960, [paper](https://doi.org/10.1177/001316446002000104), eq. 1).
public final class CohenKappa {

    private CohenKappa() {}

    /// What two judges said of one unit.
    public record Both(String one, String other) {}

    /// @return nothing where there are no units, or both always say the same one value
    public static OptionalDouble of(List<Both> units) {
        double size = units.size();
        double observed =
                units.stream().filter(both -> both.one().equals(both.other())).count() / size;
        var one = shares(units, Both::one);
        var other = shares(units, Both::other);
        double expected = one.entrySet().stream()
                .mapToDouble(share -> share.getValue() * other.getOrDefault(share.getKey(), 0.0))
                .sum();
        return units.isEmpty() || expected == 1
                ? OptionalDouble.empty()
                : OptionalDouble.of((observed - expected) / (1 - expected));
    }

    private static Map<String, Double> shares(List<Both> units, Function<Both, String> whose) {
        return units.stream()
                .collect(Collectors.groupingBy(
                        whose,
                        Collectors.collectingAndThen(Collectors.counting(), count -> count / (double) units.size())));
    }
}
