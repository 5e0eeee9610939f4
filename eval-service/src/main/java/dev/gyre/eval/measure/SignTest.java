package dev.gyre.eval.measure;

/// Exact two-sided sign test: is it chance that so many prompts moved one way?
///
/// With one row per prompt and no ties this is McNemar's exact test on the discordant pairs
/// (McNemar 1947; exact form: Agresti, *Categorical Data Analysis*, §11.1): `p = min(1, 2 · P[Bin(b + c, ½) ≤ min(b,
/// c)])`.
public final class SignTest {

    private SignTest() {}

    /// @param better prompts on which the candidate gained
    /// @param worse prompts on which it lost
    public static double twoSided(int better, int worse) {
        var discordant = better + worse;
        var tail = 0.0;
        for (var k = 0; k <= Math.min(better, worse); k++) {
            tail += Math.exp(logChoose(discordant, k) - discordant * Math.log(2));
        }
        return Math.min(1, 2 * tail);
    }

    private static double logChoose(int n, int k) {
        var sum = 0.0;
        for (var i = 1; i <= k; i++) {
            sum += Math.log(n - k + i) - Math.log(i);
        }
        return sum;
    }
}
