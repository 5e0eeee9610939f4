package dev.gyre.annotation.consensus;

import dev.gyre.annotation.reliability.Vote;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// Every annotator errs in an own way: how often each says what where something else is true, and what is true, found
/// together by EM (Dawid and Skene 1979, [paper](https://doi.org/10.2307/2346806)).
///
/// The posterior of a task, p(T = j) ∝ pⱼ ∏ₖ ∏ₗ (πⱼₗ⁽ᵏ⁾)ⁿ (eq. 2.5), begins with the shares of its votes; then
/// πⱼₗ⁽ᵏ⁾ = Σ T·n / Σ Σ T·n (eq. 2.3) and pⱼ = Σ T / I (eq. 2.4), until no posterior moves. An annotator's weight is
/// how
/// often that annotator is right, Σⱼ pⱼ πⱼⱼ⁽ᵏ⁾.
///
/// @param shares how often each value is true
/// @param confusions by pseudonym, what is true and what is said: how often it is said then
public record DawidSkene(
        Consensus consensus, Map<String, Double> shares, Map<String, Map<String, Map<String, Double>>> confusions) {

    private static final int MOST_ROUNDS = 100;
    private static final double STILL = 1e-7;
    /// As in crowd-kit: nothing is impossible.
    private static final double LEAST = 1e-10;

    public DawidSkene {
        shares = Map.copyOf(shares);
        confusions = Map.copyOf(confusions);
    }

    public static DawidSkene of(Collection<Vote> votes) {
        var ballots = Ballots.of(votes);
        var posterior = ballots.shares();
        var shares = new double[ballots.values().size()];
        var confusions = new double[ballots.annotators().size()][shares.length][shares.length];
        double moved = 1;
        for (int round = 0; round < MOST_ROUNDS && moved > STILL; round++) {
            maximize(ballots, posterior, shares, confusions);
            var before = posterior;
            posterior = expect(ballots, shares, confusions);
            moved = distance(before, posterior);
        }
        maximize(ballots, posterior, shares, confusions);
        return of(ballots, posterior, shares, confusions);
    }

    /// @param posterior (task, true value)
    /// @param shares filled: (true value)
    /// @param confusions filled: (annotator, true value, said value)
    private static void maximize(Ballots ballots, double[][] posterior, double[] shares, double[][][] confusions) {
        Arrays.fill(shares, 0);
        for (var belief : posterior) {
            for (int truth = 0; truth < shares.length; truth++) {
                shares[truth] += belief[truth] / posterior.length;
            }
        }
        for (var annotator : confusions) {
            for (var row : annotator) {
                Arrays.fill(row, LEAST);
            }
        }
        for (int vote = 0; vote < ballots.size(); vote++) {
            var belief = posterior[ballots.task(vote)];
            var confusion = confusions[ballots.annotator(vote)];
            for (int truth = 0; truth < shares.length; truth++) {
                confusion[truth][ballots.value(vote)] += belief[truth];
            }
        }
        for (var annotator : confusions) {
            for (var row : annotator) {
                Ballots.normalize(row);
            }
        }
    }

    private static double[][] expect(Ballots ballots, double[] shares, double[][][] confusions) {
        var logarithms = Arrays.stream(confusions)
                .map(annotator -> Arrays.stream(annotator)
                        .map(row -> Arrays.stream(row).map(Math::log).toArray())
                        .toArray(double[][]::new))
                .toArray(double[][][]::new);
        var posterior = new double[ballots.tasks().size()][shares.length];
        for (var belief : posterior) {
            for (int truth = 0; truth < shares.length; truth++) {
                belief[truth] = Math.log(Math.max(shares[truth], LEAST));
            }
        }
        for (int vote = 0; vote < ballots.size(); vote++) {
            var belief = posterior[ballots.task(vote)];
            var says = logarithms[ballots.annotator(vote)];
            for (int truth = 0; truth < shares.length; truth++) {
                belief[truth] += says[truth][ballots.value(vote)];
            }
        }
        for (var belief : posterior) {
            Ballots.exponentiate(belief);
        }
        return posterior;
    }

    private static double distance(double[][] before, double[][] after) {
        double most = 0;
        for (int task = 0; task < after.length; task++) {
            for (int value = 0; value < after[task].length; value++) {
                most = Math.max(most, Math.abs(after[task][value] - before[task][value]));
            }
        }
        return most;
    }

    private static DawidSkene of(Ballots ballots, double[][] posterior, double[] shares, double[][][] confusions) {
        var weights = new double[confusions.length];
        var named = new TreeMap<String, Map<String, Map<String, Double>>>();
        for (int annotator = 0; annotator < confusions.length; annotator++) {
            var rows = new TreeMap<String, Map<String, Double>>();
            for (int truth = 0; truth < shares.length; truth++) {
                weights[annotator] += shares[truth] * confusions[annotator][truth][truth];
                rows.put(ballots.values().get(truth), Consensus.named(ballots.values(), confusions[annotator][truth]));
            }
            named.put(ballots.annotators().get(annotator), rows);
        }
        return new DawidSkene(
                Consensus.of(ballots, posterior, weights), Consensus.named(ballots.values(), shares), named);
    }
}
