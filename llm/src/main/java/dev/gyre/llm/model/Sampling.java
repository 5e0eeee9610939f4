package dev.gyre.llm.model;

/// How the next token is chosen while a model writes.
///
/// @param maxNewTokens most tokens written, 1 or more; writing also stops at the end token and at the
/// end of the
/// context
/// @param temperature 0 takes the most likely token; above 0 divides the logits before drawing
/// @param topK draw only among the K most likely tokens; 0 is no limit
/// @param topP draw only among the most likely tokens that together reach this probability, in (0, 1];
/// 1 is no limit
/// @param seed of the random draw; the same seed gives the same text
public record Sampling(int maxNewTokens, double temperature, int topK, double topP, long seed) {

    public Sampling {
        require(maxNewTokens >= 1, "maxNewTokens", maxNewTokens, "1 or more");
        require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
        require(topK >= 0, "topK", topK, "0 (no limit) or more");
        require(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1");
    }

    /// The most likely token each time.
    public static Sampling greedy(int maxNewTokens) {
        return new Sampling(maxNewTokens, 0, 0, 1, 0);
    }

    /// Draws from the whole distribution.
    public static Sampling drawn(int maxNewTokens, double temperature, long seed) {
        return new Sampling(maxNewTokens, temperature, 0, 1, seed);
    }

    private static void require(boolean met, String name, Object value, String bound) {
        if (!met) {
            throw new IllegalArgumentException("%s is %s, must be %s".formatted(name, value, bound));
        }
    }
}
