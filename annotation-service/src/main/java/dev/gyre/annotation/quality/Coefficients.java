package dev.gyre.annotation.quality;

import dev.gyre.annotation.agreement.CohenKappa;
import dev.gyre.annotation.agreement.CohenKappa.Both;
import dev.gyre.annotation.agreement.Estimate;
import dev.gyre.annotation.agreement.FleissKappa;
import dev.gyre.annotation.agreement.GwetCoefficient;
import dev.gyre.annotation.agreement.KrippendorffAlpha;
import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.agreement.Scale;
import dev.gyre.annotation.agreement.Tally;
import dev.gyre.annotation.quality.QualityReport.Coefficient;
import dev.gyre.annotation.quality.QualityReport.Pair;
import dev.gyre.annotation.reliability.Vote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every coefficient that the answers carry.
final class Coefficients {

    /// Pairs of annotators that are listed: those with the most tasks in common.
    private static final int MOST_PAIRS = 50;

    private static final long SEED = 1;

    private final int draws;
    private final List<Coefficient> found = new ArrayList<>();

    private Coefficients(int draws) {
        this.draws = draws;
    }

    /// @param isPair whether the strengths from −3 to 3 are a scale
    /// @param draws how often units are drawn for an interval
    static List<Coefficient> of(List<Answer> answers, boolean isPair, int draws) {
        var coefficients = new Coefficients(draws);
        var units = units(answers, Answer::vote);
        var nominal = Tally.of(units);
        coefficients.add("krippendorff-alpha", nominal.pairable(), Scale.NOMINAL, KrippendorffAlpha::of);
        coefficients.add("gwet-ac1", nominal, Scale.NOMINAL, GwetCoefficient::of);
        if (FleissKappa.of(nominal).isPresent()) {
            coefficients.add("fleiss-kappa", nominal, Scale.NOMINAL, (tally, _) -> FleissKappa.of(tally));
        }
        var graded = isPair ? Tally.of(units(answers, Coefficients::grade)) : nominal;
        if (graded.isNumeric()) {
            for (var scale : List.of(Scale.ORDINAL, Scale.INTERVAL)) {
                coefficients.add("krippendorff-alpha", graded.pairable(), scale, KrippendorffAlpha::of);
                coefficients.add("gwet-ac2", graded, scale, GwetCoefficient::of);
            }
        }
        return coefficients.found;
    }

    private interface Formula {

        OptionalDouble of(Tally tally, Scale scale);
    }

    private void add(String name, Tally tally, Scale scale, Formula formula) {
        found.add(new Coefficient(
                name,
                scale,
                Estimate.of(tally, units -> formula.of(units, scale), draws, SEED)
                        .orElse(null)));
    }

    /// Where both are bad, nothing is said of their order.
    private static @Nullable String grade(Answer answer) {
        return Majority.BAD.equals(answer.value()) ? null : String.valueOf(answer.strength());
    }

    private static Collection<List<String>> units(List<Answer> answers, Function<Answer, @Nullable String> value) {
        var units = new LinkedHashMap<String, List<String>>();
        for (var answer : answers) {
            var said = answer.value() == null ? null : value.apply(answer);
            if (said != null) {
                units.computeIfAbsent(answer.task(), ignored -> new ArrayList<>())
                        .add(said);
            }
        }
        return units.values();
    }

    private record Couple(String one, String other) {}

    /// Cohen's κ of every two annotators with a task in common.
    static List<Pair> pairs(Collection<Vote> votes) {
        var both = new LinkedHashMap<Couple, List<Both>>();
        for (var unit :
                votes.stream().collect(Collectors.groupingBy(Vote::task)).values()) {
            var sorted =
                    unit.stream().sorted(Comparator.comparing(Vote::annotator)).toList();
            for (int one = 0; one < sorted.size(); one++) {
                for (int other = one + 1; other < sorted.size(); other++) {
                    both.computeIfAbsent(
                                    new Couple(
                                            sorted.get(one).annotator(),
                                            sorted.get(other).annotator()),
                                    ignored -> new ArrayList<>())
                            .add(new Both(
                                    sorted.get(one).value(), sorted.get(other).value()));
                }
            }
        }
        return both.entrySet().stream()
                .map(entry -> pair(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(Pair::tasks)
                        .reversed()
                        .thenComparing(Pair::one)
                        .thenComparing(Pair::other))
                .limit(MOST_PAIRS)
                .toList();
    }

    private static Pair pair(Couple couple, List<Both> units) {
        var kappa = CohenKappa.of(units);
        return new Pair(couple.one(), couple.other(), units.size(), kappa.isPresent() ? kappa.getAsDouble() : null);
    }
}
