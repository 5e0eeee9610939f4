package dev.gyre.eval.probation;

import dev.gyre.eval.probation.Look.Finding;
import dev.gyre.eval.probation.MantelHaenszel.Slice;
import dev.gyre.eval.probation.Probation.State;
import dev.gyre.events.ModelVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// When a new champion is worse than the version before it: beyond chance, and by enough to matter.
///
/// The ratings are looked at a few times, and only then, so that they may be read while they come.
/// Each look may err as often as `alpha` divided by their number (Bonferroni), so all together err
/// at most as often as `alpha`. The looks share evenly, where O'Brien and Fleming save nearly all
/// for the last, because a bad champion costs most while nobody has noticed it.
///
/// @param looks ratings of the champion at which they are looked at, rising
/// @param reference latest ratings of the predecessor that are compared, at most
/// @param minimum ratings of the predecessor that are compared, at least
/// @param alpha how often a champion that is as good as its predecessor may be called worse, over
/// all looks
/// @param effectFloor by how much the share of bad ratings has to be higher
record ProbationRule(List<Integer> looks, int reference, int minimum, double alpha, double effectFloor) {

    ProbationRule {
        looks = List.copyOf(looks);
        if (looks.isEmpty() || looks.getFirst() < 1 || !looks.equals(List.copyOf(new TreeSet<>(looks)))) {
            throw new IllegalArgumentException("looks are %s, must be rising numbers from 1 on".formatted(looks));
        }
        if (minimum < 1 || minimum > reference) {
            throw new IllegalArgumentException("minimum is %d, must be from 1 to %d".formatted(minimum, reference));
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha is %s, must be between 0 and 1".formatted(alpha));
        }
        if (!(effectFloor >= 0 && effectFloor <= 1)) {
            throw new IllegalArgumentException("effectFloor is %s, must be from 0 to 1".formatted(effectFloor));
        }
    }

    /// Ratings of one version.
    record Rated(ModelVersion model, List<Rating> ratings) {

        private Map<String, Share> bySlice() {
            return ratings.stream()
                    .collect(Collectors.toMap(
                            Rating::slice, one -> new Share(one.bad() ? 1 : 0, 1), Share::plus, TreeMap::new));
        }
    }

    /// Ratings of the champion that a look takes.
    int ratingsAt(int number) {
        return looks.get(Math.min(number, looks.size()) - 1);
    }

    /// Ratings that the last look takes.
    int ratingsInAll() {
        return looks.getLast();
    }

    /// What the looks so far come to.
    State state(List<Look> taken) {
        if (taken.stream().anyMatch(look -> look.finding() == Finding.WORSE)) {
            return State.FELL_SHORT;
        }
        if (taken.size() < looks.size()) {
            return State.OPEN;
        }
        return taken.stream().anyMatch(look -> look.finding() == Finding.NOT_WORSE)
                ? State.PASSED
                : State.NOT_COMPARABLE;
    }

    /// @param number 1 for the first
    /// @param champion with as many ratings as the look takes, or more
    Look look(int number, Rated champion, Rated predecessor) {
        var taken = new Rated(champion.model(), champion.ratings().subList(0, ratingsAt(number)));
        var now = taken.bySlice();
        var before = predecessor.bySlice();
        var shared = new TreeSet<>(now.keySet());
        shared.retainAll(before.keySet());
        var leftOut = new TreeSet<>(now.keySet());
        leftOut.addAll(before.keySet());
        leftOut.removeAll(shared);
        var test = new MantelHaenszel(shared.stream()
                .map(slice -> new Slice(now.getOrDefault(slice, Share.NONE), before.getOrDefault(slice, Share.NONE)))
                .toList());
        var limit = alpha / looks.size();
        var obstacle = obstacle(taken, predecessor, test);
        if (obstacle.isPresent()) {
            return new Look(
                    number,
                    ratingsAt(number),
                    test.champion(),
                    test.predecessor(),
                    List.copyOf(leftOut),
                    null,
                    null,
                    limit,
                    Finding.NOT_COMPARABLE,
                    obstacle.get());
        }
        var excess = test.excess();
        var pValue = test.pValue();
        return new Look(
                number,
                ratingsAt(number),
                test.champion(),
                test.predecessor(),
                List.copyOf(leftOut),
                excess,
                pValue,
                limit,
                pValue <= limit && excess >= effectFloor ? Finding.WORSE : Finding.NOT_WORSE,
                sentence(champion.model(), predecessor.model(), test, excess, pValue, limit));
    }

    private String sentence(
            ModelVersion champion,
            ModelVersion predecessor,
            MantelHaenszel test,
            double excess,
            double pValue,
            double limit) {
        return String.format(
                Locale.ROOT,
                "%d of %d ratings of %s are bad, %d of %d of %s on the same slices: "
                        + "%+.1f points (%.1f or more count), p = %.2g (%.2g or less counts)",
                test.champion().bad(),
                test.champion().ratings(),
                champion,
                test.predecessor().bad(),
                test.predecessor().ratings(),
                predecessor,
                100 * excess,
                100 * effectFloor,
                pValue,
                limit);
    }

    /// Why the ratings of the two say nothing about each other.
    private Optional<String> obstacle(Rated champion, Rated predecessor, MantelHaenszel test) {
        var compared = test.champion().ratings();
        if (2 * compared < champion.ratings().size()) {
            return Optional.of("only %d of %d ratings of %s are on slices on which %s was rated too"
                    .formatted(compared, champion.ratings().size(), champion.model(), predecessor.model()));
        }
        var before = test.predecessor().ratings();
        return before < minimum
                ? Optional.of("%s has %d ratings on slices on which %s is rated, must be %d or more"
                        .formatted(predecessor.model(), before, champion.model(), minimum))
                : Optional.empty();
    }
}
