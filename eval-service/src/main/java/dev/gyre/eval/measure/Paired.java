package dev.gyre.eval.measure;

/// Candidate against champion on the same rows.
///
/// @param difference candidate − champion
/// @param low lower bound of the 95 % interval of the difference
/// @param high upper bound
/// @param signTest two-sided exact p-value of as many prompts going one way, see [SignTest]
/// @param look the interval that decides, which widens with every look at the same rows
public record Paired(double champion, double difference, double low, double high, double signTest, Look look) {

    /// Compared for the first time, with the 95 % interval deciding.
    public Paired(double champion, double difference, double low, double high, double signTest) {
        this(champion, difference, low, high, signTest, new Look(1, 0.05, low, high));
    }

    /// One of many looks at the same rows.
    ///
    /// @param number 1 for the first candidate that is examined on these rows, one more with every further one
    /// @param alpha how often this look may be wrong, see [PairedBootstrap#alpha]
    /// @param low lower bound of the interval of level 1 − alpha
    public record Look(int number, double alpha, double low, double high) {}
}
