package dev.gyre.annotation.consensus;

import dev.gyre.annotation.reliability.Vote;
import java.util.Collection;
import java.util.SplittableRandom;

/// An annotator either says what is true or says something without looking: how often each does which, and what is
/// true, found together (MACE: Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013,
/// [paper](https://aclanthology.org/N13-1132/), figure 1).
///
/// T is uniform over the values; with Sᵢⱼ = 0 annotator j says Tᵢ, with Sᵢⱼ = 1 a value drawn from ξⱼ. Found by
/// variational Bayes with a Beta(½, ½) prior on θⱼ and a Dirichlet prior of 10 on ξⱼ, ten restarts of fifty rounds; the
/// restart under which the votes are most probable counts, as in the authors' own program. An annotator's weight is
/// 1 − θⱼ, how often that annotator looks.
public final class Mace {

    private static final int RESTARTS = 10;
    private static final int ROUNDS = 50;
    private static final double SPAMMING_PRIOR = 0.5;
    private static final double STRATEGY_PRIOR = 10;
    private static final double NOISE = 0.5;

    private final Ballots ballots;
    /// How often each looks, and how often each does not; they need not sum up to 1. // (annotator)
    private final double[] looks;

    private final double[] spams;
    /// What each says without looking. // (annotator, value)
    private final double[][] strategy;
    /// (task, value)
    private double[][] posterior;

    private double likelihood;

    private Mace(Ballots ballots, SplittableRandom random) {
        int values = ballots.values().size();
        this.ballots = ballots;
        this.looks = new double[ballots.annotators().size()];
        this.spams = new double[looks.length];
        this.strategy = new double[looks.length][values];
        this.posterior = new double[ballots.tasks().size()][values];
        for (int annotator = 0; annotator < looks.length; annotator++) {
            var begun = new double[] {1 + random.nextDouble() * NOISE, 1 + random.nextDouble() * NOISE};
            Ballots.normalize(begun);
            spams[annotator] = begun[0];
            looks[annotator] = begun[1];
            for (int value = 0; value < values; value++) {
                strategy[annotator][value] = 1 + random.nextDouble() * NOISE;
            }
            Ballots.normalize(strategy[annotator]);
        }
    }

    /// @param seed the same votes and seed give the same consensus
    public static Consensus of(Collection<Vote> votes, long seed) {
        var ballots = Ballots.of(votes);
        var random = new SplittableRandom(seed);
        var best = new Mace(ballots, random);
        best.run();
        for (int restart = 1; restart < RESTARTS; restart++) {
            var other = new Mace(ballots, random);
            other.run();
            best = other.likelihood > best.likelihood ? other : best;
        }
        return Consensus.of(ballots, best.posterior, best.weights());
    }

    private double[] weights() {
        var weights = new double[looks.length];
        for (int annotator = 0; annotator < looks.length; annotator++) {
            weights[annotator] = looks[annotator] / (looks[annotator] + spams[annotator]);
        }
        return weights;
    }

    private void run() {
        expect();
        for (int round = 0; round < ROUNDS; round++) {
            maximize();
            expect();
        }
    }

    /// How probable it is that an annotator says a value without looking.
    private double guesses(int annotator, int value) {
        return spams[annotator] * strategy[annotator][value];
    }

    /// Every vote is a guess, or right: what the guesses come to is the same whatever is true.
    private void expect() {
        int values = ballots.values().size();
        var guessing = new double[looks.length][values];
        var looking = new double[looks.length][values];
        for (int annotator = 0; annotator < looks.length; annotator++) {
            for (int value = 0; value < values; value++) {
                guessing[annotator][value] = Math.log(guesses(annotator, value));
                looking[annotator][value] =
                        Math.log(guesses(annotator, value) + looks[annotator]) - guessing[annotator][value];
            }
        }
        posterior = new double[ballots.tasks().size()][values];
        likelihood = -posterior.length * Math.log(values);
        for (int vote = 0; vote < ballots.size(); vote++) {
            int annotator = ballots.annotator(vote);
            int value = ballots.value(vote);
            posterior[ballots.task(vote)][value] += looking[annotator][value];
            likelihood += guessing[annotator][value];
        }
        for (var belief : posterior) {
            likelihood += Ballots.exponentiate(belief);
        }
    }

    private void maximize() {
        var looked = new double[looks.length];
        var guessed = new double[looks.length][ballots.values().size()];
        for (int vote = 0; vote < ballots.size(); vote++) {
            int annotator = ballots.annotator(vote);
            int value = ballots.value(vote);
            double right = posterior[ballots.task(vote)][value]
                    * looks[annotator]
                    / (guesses(annotator, value) + looks[annotator]);
            looked[annotator] += right;
            guessed[annotator][value] += 1 - right;
        }
        for (int annotator = 0; annotator < looks.length; annotator++) {
            renew(annotator, looked[annotator], guessed[annotator]);
        }
    }

    /// exp ψ(count + prior) / exp ψ(sum of all): the parameters need not sum up to 1, which is what holds small counts
    /// back.
    private void renew(int annotator, double looked, double[] guessed) {
        double guesses = 0;
        for (double count : guessed) {
            guesses += count;
        }
        double all = Digamma.of(looked + guesses + 2 * SPAMMING_PRIOR);
        double any = Digamma.of(guesses + STRATEGY_PRIOR * guessed.length);
        looks[annotator] = Math.exp(Digamma.of(looked + SPAMMING_PRIOR) - all);
        spams[annotator] = Math.exp(Digamma.of(guesses + SPAMMING_PRIOR) - all);
        for (int value = 0; value < guessed.length; value++) {
            strategy[annotator][value] = Math.exp(Digamma.of(guessed[value] + STRATEGY_PRIOR) - any);
        }
    }
}
