package dev.gyre.eval.drift;

import dev.gyre.eval.embedding.Embedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Orders what drifted so that the first ones teach the most: far from the reference, and unlike one another.
///
/// Distance is the mean to the nearest of the reference; diversity is maximal marginal relevance (Carbonell and
/// Goldstein, SIGIR 1998), in distances.
public final class Instructive {

    private static final int NEAREST = 5;
    private static final double NOVELTY = 0.6;

    private Instructive() {}

    /// @param index place among the candidates
    /// @param score from 0 to about 1, never rising down the list
    public record Ranked(int index, double score) {}

    /// @param reference at least one embedding
    public static List<Ranked> rank(List<Embedding> reference, List<Embedding> candidates) {
        var novelty = candidates.stream()
                .mapToDouble(candidate -> novelty(reference, candidate))
                .toArray();
        var apart = new double[candidates.size()];
        Arrays.fill(apart, 1);
        var waiting =
                new ArrayList<>(IntStream.range(0, candidates.size()).boxed().toList());
        var ranked = new ArrayList<Ranked>();
        while (!waiting.isEmpty()) {
            var best = waiting.getFirst();
            for (var candidate : waiting) {
                if (score(candidate, novelty, apart) > score(best, novelty, apart)) {
                    best = candidate;
                }
            }
            ranked.add(new Ranked(best, score(best, novelty, apart)));
            waiting.remove((Object) best);
            for (var candidate : waiting) {
                apart[candidate] = Math.min(
                        apart[candidate],
                        half(candidates.get(candidate).squaredDistance(candidates.get(best))));
            }
        }
        return ranked;
    }

    private static double score(int candidate, double[] novelty, double[] apart) {
        return NOVELTY * novelty[candidate] + (1 - NOVELTY) * apart[candidate];
    }

    private static double novelty(List<Embedding> reference, Embedding candidate) {
        return reference.stream()
                .mapToDouble(usual -> half(usual.squaredDistance(candidate)))
                .sorted()
                .limit(NEAREST)
                .average()
                .orElse(1);
    }

    /// Cosine distance of vectors of length 1, at most 1.
    private static double half(double squaredDistance) {
        return Math.min(1, squaredDistance / 2);
    }
}
