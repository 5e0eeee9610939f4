package dev.gyre.annotation.reliability;

/// Exact lower tail of the binomial distribution.
final class BinomialTail {

    private BinomialTail() {}

    /// P(X ≤ hits) of so many trials, each a hit with this chance.
    static double atMost(int hits, int trials, double chance) {
        if (hits >= trials || chance <= 0) {
            return 1;
        }
        if (chance >= 1) {
            return 0;
        }
        double odds = Math.log(chance) - Math.log1p(-chance);
        double term = trials * Math.log1p(-chance);
        double sum = Math.exp(term);
        for (int hit = 1; hit <= hits; hit++) {
            term += Math.log(trials - hit + 1.0) - Math.log(hit) + odds;
            sum += Math.exp(term);
        }
        return Math.min(1, sum);
    }
}
