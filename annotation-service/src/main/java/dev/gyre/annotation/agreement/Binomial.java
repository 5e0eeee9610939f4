package dev.gyre.annotation.agreement;

import java.util.random.RandomGenerator;

/// Draws how many of so many trials are hits.
final class Binomial {

    /// From this many expected hits and misses on, the normal distribution is as good.
    private static final double MANY = 100;

    private Binomial() {}

    /// @param chance of each to be a hit
    static long draw(RandomGenerator random, long trials, double chance) {
        if (chance >= 1) {
            return trials;
        }
        if (chance > 0.5) {
            return trials - draw(random, trials, 1 - chance);
        }
        double expected = trials * chance;
        return expected < MANY
                ? counted(random, trials, chance)
                : Math.clamp(
                        Math.round(expected + Math.sqrt(expected * (1 - chance)) * random.nextGaussian()), 0, trials);
    }

    /// By the inverse of the distribution: P(X = k + 1) = P(X = k) · (n − k) / (k + 1) · p / (1 − p).
    private static long counted(RandomGenerator random, long trials, double chance) {
        double odds = chance / (1 - chance);
        double probability = Math.exp(trials * Math.log1p(-chance));
        double left = random.nextDouble();
        long hits = 0;
        while (left > probability && hits < trials) {
            left -= probability;
            probability *= (trials - hits) / (hits + 1.0) * odds;
            hits++;
        }
        return hits;
    }
}
