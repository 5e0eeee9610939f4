package dev.gyre.annotation.agreement;

import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Share of the pairs of judges that said the same, chance included.
public final class RawAgreement {

    private RawAgreement() {}

    /// @return 0 to 1; nothing where no unit has two values
    public static OptionalDouble of(Collection<List<String>> units) {
        double pairs = units.stream().mapToDouble(RawAgreement::pairs).sum();
        double agreeing =
                units.stream().mapToDouble(RawAgreement::agreeingPairs).sum();
        return pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(agreeing / pairs);
    }

    static double pairs(List<String> unit) {
        return unit.size() * (unit.size() - 1) / 2.0;
    }

    static double agreeingPairs(List<String> unit) {
        return unit.stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values()
                .stream()
                .mapToDouble(count -> count * (count - 1) / 2.0)
                .sum();
    }
}
