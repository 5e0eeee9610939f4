package dev.gyre.annotation.consensus;

import dev.gyre.annotation.reliability.Vote;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/// The share of the votes, each counted once or by how far its annotator is believed.
public final class MajorityVote {

    private MajorityVote() {}

    /// Everybody counts the same.
    public static Consensus of(Collection<Vote> votes) {
        return weighted(
                votes,
                votes.stream().map(Vote::annotator).distinct().collect(Collectors.toMap(name -> name, _ -> 1.0)));
    }

    /// @param weights by pseudonym, from 0; whoever is missing counts nothing, and a task of only such votes is divided
    ///     as if all counted the same
    public static Consensus weighted(Collection<Vote> votes, Map<String, Double> weights) {
        var ballots = Ballots.of(votes);
        var known = ballots.annotators().stream()
                .mapToDouble(annotator -> weights.getOrDefault(annotator, 0.0))
                .toArray();
        var posterior = new double[ballots.tasks().size()][ballots.values().size()];
        var sums = new double[posterior.length];
        for (int vote = 0; vote < ballots.size(); vote++) {
            double weight = known[ballots.annotator(vote)];
            posterior[ballots.task(vote)][ballots.value(vote)] += weight;
            sums[ballots.task(vote)] += weight;
        }
        var shares = ballots.shares();
        for (int task = 0; task < posterior.length; task++) {
            if (sums[task] > 0) {
                Ballots.normalize(posterior[task]);
            } else {
                posterior[task] = shares[task];
            }
        }
        return Consensus.of(ballots, posterior, known);
    }
}
