package dev.gyre.annotation.agreement;

import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Fleiss' κ: agreement beyond chance where every unit has the same number of values.
///
/// κ = (P̄ − P̄ₑ) / (1 − P̄ₑ) (Fleiss 1971).
public final class FleissKappa {

    private FleissKappa() {}

    /// @return nothing where the units differ in their number of values, have fewer than two, or never vary
    public static OptionalDouble of(Collection<List<String>> units) {
        int judges = units.stream().mapToInt(List::size).findFirst().orElse(0);
        if (judges < 2 || units.stream().anyMatch(unit -> unit.size() != judges)) {
            return OptionalDouble.empty();
        }
        double observed = units.stream()
                .mapToDouble(unit -> RawAgreement.agreeingPairs(unit) / RawAgreement.pairs(unit))
                .average()
                .orElseThrow();
        var shares = units.stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values();
        double total = (double) judges * units.size();
        double expected = shares.stream()
                .mapToDouble(count -> (count / total) * (count / total))
                .sum();
        return shares.size() == 1 ? OptionalDouble.empty() : OptionalDouble.of((observed - expected) / (1 - expected));
    }
}
