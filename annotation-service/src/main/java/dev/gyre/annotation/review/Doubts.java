package dev.gyre.annotation.review;

import dev.gyre.annotation.consensus.Mace;
import dev.gyre.annotation.consensus.MajorityVote;
import dev.gyre.annotation.reliability.Vote;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How far the answers to a task are in doubt: how much they disagree, over what chance gives, times how open it is who
/// is right.
///
/// Disagreement is that of Krippendorff's α for one unit, Dₒ / Dₑ: the share of its pairs that differ, over the share of
/// all pairs that do (Content Analysis, ch. 12). How open it is: the entropy of the votes as MACE weighs their annotators,
/// over its most. Where the one who stands against the rest is known not to look, little is open.
final class Doubts {

    private static final long SEED = 1;

    private Doubts() {}

    /// @return for every task with two votes or more, 0 where they all say the same
    static Map<String, Double> of(Collection<Vote> votes) {
        var units = votes.stream().collect(Collectors.groupingBy(Vote::task));
        units.values().removeIf(unit -> unit.size() < 2);
        var overlapping = units.values().stream().flatMap(List::stream).toList();
        double expected = disagreement(overlapping);
        var doubts = new HashMap<String, Double>();
        if (expected == 0) {
            units.keySet().forEach(task -> doubts.put(task, 0.0));
            return doubts;
        }
        var weights = Mace.of(overlapping, SEED).weights();
        for (var belief : MajorityVote.weighted(overlapping, weights).beliefs()) {
            var unit = units.getOrDefault(belief.task(), List.of());
            doubts.put(belief.task(), disagreement(unit) / expected * openness(belief.posterior()));
        }
        return doubts;
    }

    /// Share of the pairs that differ.
    private static double disagreement(Collection<Vote> votes) {
        double same = counts(votes).values().stream()
                .mapToDouble(count -> count * (count - 1.0))
                .sum();
        return votes.size() < 2 ? 0 : 1 - same / (votes.size() * (votes.size() - 1.0));
    }

    private static Map<String, Long> counts(Collection<Vote> votes) {
        return votes.stream()
                .map(Vote::value)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /// Entropy over that of a draw among the values that somebody said, 0 to 1.
    private static double openness(Map<String, Double> posterior) {
        var said = posterior.values().stream().filter(share -> share > 0).toList();
        double entropy = -said.stream().mapToDouble(share -> share * Math.log(share)).sum();
        return said.size() < 2 ? 0 : entropy / Math.log(said.size());
    }
}
