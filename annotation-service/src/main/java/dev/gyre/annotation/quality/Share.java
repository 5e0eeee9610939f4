package dev.gyre.annotation.quality;

/// Some of many, with the interval in which the true share lies nineteen times of twenty.
///
/// The interval is Wilson's (1927, [paper](https://doi.org/10.1080/01621459.1927.10502953)), which stays within 0 and 1
/// and holds on few trials too.
///
/// @param hits of `trials`
public record Share(int hits, int trials, double value, double low, double high) {

    private static final double Z = 1.959963984540054;

    /// @param trials 1 or more
    static Share of(int hits, int trials) {
        if (trials < 1 || hits < 0 || hits > trials) {
            throw new IllegalArgumentException(
                    "hits are %d of %d, must be 0 to trials, 1 or more trials".formatted(hits, trials));
        }
        double value = hits / (double) trials;
        double spread = Z * Z / trials;
        double middle = (value + spread / 2) / (1 + spread);
        double half = Z / (1 + spread) * Math.sqrt(value * (1 - value) / trials + spread / (4 * trials));
        double low = hits == 0 ? 0 : middle - half;
        double high = hits == trials ? 1 : middle + half;
        return new Share(hits, trials, value, low, high);
    }

    /// Whether the interval leaves this value out.
    boolean excludes(double other) {
        return other < low || other > high;
    }
}
