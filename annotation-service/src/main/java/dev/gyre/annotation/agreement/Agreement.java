package dev.gyre.annotation.agreement;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How far the judges of a project agree; a number that the judgements do not carry is missing.
///
/// @param krippendorffAlpha 1 is perfect, 0 is chance
/// @param fleissKappa only where every task has the same number of judgements
/// @param rawAgreement share of the pairs of judges that said the same
/// @param overlapping tasks with two judgements or more, which is what the numbers above are about
/// @param majority how many tasks came to each value
/// @param undecided tasks where two values were said equally often
public record Agreement(
        @Nullable Double krippendorffAlpha,
        @Nullable Double fleissKappa,
        @Nullable Double rawAgreement,
        int overlapping,
        Map<String, Integer> majority,
        int undecided) {

    public Agreement {
        majority = Map.copyOf(majority);
    }

    /// @param units the values that each task was given
    public static Agreement of(Collection<List<String>> units) {
        var majority = new TreeMap<String, Integer>();
        int undecided = 0;
        for (var unit : units) {
            var winner = Majority.of(unit);
            winner.ifPresent(found -> majority.merge(found.value(), 1, Integer::sum));
            undecided += winner.isEmpty() ? 1 : 0;
        }
        return new Agreement(
                number(KrippendorffAlpha.nominal(units)),
                number(FleissKappa.of(units)),
                number(RawAgreement.of(units)),
                (int) units.stream().filter(unit -> unit.size() > 1).count(),
                majority,
                undecided);
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
