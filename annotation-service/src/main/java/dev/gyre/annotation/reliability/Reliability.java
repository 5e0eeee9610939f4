package dev.gyre.annotation.reliability;

import dev.gyre.events.DatasetEvent.Doubt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How far an annotator says what the others say; a number that the judgements do not carry is missing.
///
/// Each is compared with the majority of the others, task by task, without its own vote. κ is agreement beyond chance
/// (Cohen 1960, [paper](https://doi.org/10.1177/001316446002000104)). A careless annotator stays at κ = 0; one who agrees
/// *less* than chance sees the answer and says another, in malice or because the question was read the wrong way round
/// (Raykar and Yu 2012, [paper](https://jmlr.org/papers/v13/raykar12a.html)). That one is in doubt from twenty tasks on,
/// where an exact binomial test gives so little agreement less than one chance in a thousand over all annotators.
///
/// Whoever shares tasks with a liar seems to lie too: the liar tips the majority on the tasks that the third gets wrong.
/// So the most striking one is named first, those votes are put aside, and the others are compared again without them,
/// which is the step that Dawid and Skene (1979, [paper](https://doi.org/10.2307/2346806)) take by weights.
///
/// @param compared tasks on which most of the others said one thing
/// @param chance share of them on which both would say the same by chance alone
/// @param p how likely so little agreement is by chance alone
/// @param doubt why this annotator's judgements are in doubt, a whole sentence with figures
public record Reliability(
        String annotator,
        int compared,
        int agreed,
        @Nullable Double rate,
        @Nullable Double chance,
        @Nullable Double kappa,
        @Nullable Double p,
        @Nullable String doubt) {

    static final int FEWEST = 20;
    static final double SIGNIFICANCE = 0.001;

    private static final double SMALLEST = 1e-300;
    private static final Comparator<Comparison> MOST_STRIKING =
            Comparator.comparingDouble(Comparison::p).thenComparingDouble(Comparison::kappa);

    /// Of everybody who gave a vote, by pseudonym.
    public static List<Reliability> of(Collection<Vote> votes) {
        var found = new TreeMap<String, Reliability>();
        var left = List.copyOf(votes);
        var level = SIGNIFICANCE / left.stream().map(Vote::annotator).distinct().count();
        while (true) {
            var compared = Comparison.of(left);
            var contrary = contrary(compared, level);
            for (var one : contrary.isEmpty() ? compared : contrary) {
                found.put(one.annotator(), of(one, contrary));
            }
            if (contrary.isEmpty()) {
                return List.copyOf(found.values());
            }
            left = left.stream()
                    .filter(vote -> !found.containsKey(vote.annotator()))
                    .toList();
        }
    }

    /// The most striking one; two who contradict only each other are equally striking.
    private static List<Comparison> contrary(List<Comparison> compared, double level) {
        var contrary = compared.stream()
                .filter(one -> one.compared() >= FEWEST && one.p() < level)
                .sorted(MOST_STRIKING)
                .toList();
        return contrary.stream()
                .filter(one -> MOST_STRIKING.compare(one, contrary.getFirst()) == 0)
                .toList();
    }

    private static Reliability of(Comparison one, List<Comparison> contrary) {
        var some = one.compared() > 0;
        return new Reliability(
                one.annotator(),
                one.compared(),
                one.agreed(),
                some ? one.rate() : null,
                some ? one.chance() : null,
                some && one.chance() < 1 ? one.kappa() : null,
                some ? one.p() : null,
                contrary.isEmpty() ? null : reason(one, contrary));
    }

    private static String reason(Comparison one, List<Comparison> contrary) {
        var figures = String.format(
                Locale.ROOT,
                "on %d of %d tasks where chance alone gives %.0f (κ %.2f, %s)",
                one.agreed(),
                one.compared(),
                one.chance() * one.compared(),
                one.kappa(),
                one.p() < SMALLEST ? "p < 1e-300" : String.format(Locale.ROOT, "p = %.1e", one.p()));
        return opponent(one, contrary)
                .map(other ->
                        "%s agreed %s: they contradict each other, nobody else judged these tasks, and nobody can know which of the two is wrong."
                                .formatted(both(one, other), figures))
                .orElseGet(() -> "%s agreed with the others %s: this annotator says the opposite of what they say."
                        .formatted(one.annotator(), figures));
    }

    /// The other of two who were compared with nobody but each other.
    private static Optional<Comparison> opponent(Comparison one, List<Comparison> contrary) {
        return contrary.stream()
                .filter(other -> one.others().equals(Set.of(other.annotator())))
                .filter(other -> other.others().equals(Set.of(one.annotator())))
                .findFirst();
    }

    private static String both(Comparison one, Comparison other) {
        return Stream.of(one, other).map(Comparison::annotator).sorted().collect(Collectors.joining(" and "));
    }

    /// Those in doubt, as they are told.
    public static List<Doubt> doubts(List<Reliability> annotators) {
        var doubts = new ArrayList<Doubt>();
        for (var one : annotators) {
            if (one.doubt() != null && one.chance() != null) {
                doubts.add(new Doubt(one.annotator(), one.compared(), one.agreed(), one.chance(), one.doubt()));
            }
        }
        return doubts;
    }
}
