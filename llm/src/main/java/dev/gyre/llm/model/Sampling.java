package dev.gyre.llm.model;

import java.util.List;

/// How the next token is chosen while a model writes.
///
/// @param maxNewTokens most tokens written, 1 or more; writing also stops at the end token and at the
/// end of the
/// context
/// @param temperature 0 takes the most likely token; above 0 divides the logits before drawing
/// @param topK draw only among the K most likely tokens; 0 is no limit
/// @param topP draw only among the most likely tokens that together reach this probability, in (0, 1];
/// 1 is no limit
/// @param minP draw only among tokens at least this part as likely as the most likely one
/// ([paper](https://arxiv.org/abs/2407.01082), algorithm 1), in [0, 1]; 0 is no limit
/// @param repetitionPenalty divides the logits of tokens that prompt or answer already hold, multiplies
/// those below 0 ([paper](https://arxiv.org/abs/1909.05858), section 4.1), above 0; 1 is none
/// @param stops texts at which writing stops; the answer ends before the first of them
/// @param minNewTokens so many tokens are written before the end token may be, 0 to `maxNewTokens`
/// @param seed of the random draw; the same seed gives the same text
public record Sampling(
        int maxNewTokens,
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        List<String> stops,
        int minNewTokens,
        long seed) {

    public Sampling {
        require(maxNewTokens >= 1, "maxNewTokens", maxNewTokens, "1 or more");
        require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
        require(topK >= 0, "topK", topK, "0 (no limit) or more");
        require(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1");
        require(minP >= 0 && minP <= 1, "minP", minP, "0 to 1");
        require(
                repetitionPenalty > 0 && repetitionPenalty <= 100,
                "repetitionPenalty",
                repetitionPenalty,
                "above 0 and at most 100");
        stops = List.copyOf(stops);
        require(stops.stream().noneMatch(String::isEmpty), "stops", stops, "texts that are not empty");
        require(
                minNewTokens >= 0 && minNewTokens <= maxNewTokens,
                "minNewTokens",
                minNewTokens,
                "0 to maxNewTokens, " + maxNewTokens);
    }

    /// Without least probability, penalty and stops.
    public Sampling(int maxNewTokens, double temperature, int topK, double topP, long seed) {
        this(maxNewTokens, temperature, topK, topP, 0, 1, List.of(), 0, seed);
    }

    /// The most likely token each time.
    public static Sampling greedy(int maxNewTokens) {
        return new Sampling(maxNewTokens, 0, 0, 1, 0);
    }

    /// Draws from the whole distribution.
    public static Sampling drawn(int maxNewTokens, double temperature, long seed) {
        return new Sampling(maxNewTokens, temperature, 0, 1, seed);
    }

    /// The same with a least probability relative to the most likely token.
    public Sampling withMinP(double part) {
        return new Sampling(maxNewTokens, temperature, topK, topP, part, repetitionPenalty, stops, minNewTokens, seed);
    }

    /// The same with a penalty on repetition.
    public Sampling withRepetitionPenalty(double penalty) {
        return new Sampling(maxNewTokens, temperature, topK, topP, minP, penalty, stops, minNewTokens, seed);
    }

    /// The same, stopping at one of these texts.
    public Sampling withStops(List<String> texts) {
        return new Sampling(
                maxNewTokens, temperature, topK, topP, minP, repetitionPenalty, texts, minNewTokens, seed);
    }

    /// The same, with the end token kept back until so many tokens are written.
    public Sampling withMinNewTokens(int least) {
        return new Sampling(maxNewTokens, temperature, topK, topP, minP, repetitionPenalty, stops, least, seed);
    }

    /// What the program `sampling` is told.
    ///
    /// @param written tokens that were written by earlier calls
    double[] choice(int written) {
        return new double[] {temperature, topK, topP, minP, repetitionPenalty, minNewTokens - written};
    }

    private static void require(boolean met, String name, Object value, String bound) {
        if (!met) {
            throw new IllegalArgumentException("%s is %s, must be %s".formatted(name, value, bound));
        }
    }
}
