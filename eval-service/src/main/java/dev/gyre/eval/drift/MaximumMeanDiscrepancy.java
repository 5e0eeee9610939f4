package dev.gyre.eval.drift;

import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.embedding.Embedding;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// MMD²: how far two samples of embeddings are apart, by kernel and permutations.
///
/// Gretton and others, "A kernel two-sample test", JMLR 2012, the unbiased estimate. Kernel
/// exp(−d²/median d²) over both samples; p = (1 + permutations that reach the value) / (1 + permutations), which is never 0.
public final class MaximumMeanDiscrepancy {

    private static final int MOST = 500;

    private final int permutations;

    /// @param permutations 200 give p-values down to 0.005, 999 down to 0.001
    public MaximumMeanDiscrepancy(int permutations) {
        this.permutations = permutations;
    }

    /// @param reference two embeddings or more, all of one length
    /// @param window as the reference
    /// @param seed of the permutations
    public WindowStatistic test(
            String statistic, List<Embedding> reference, List<Embedding> window, double significance, long seed) {
        return compare(statistic, thinned(reference), thinned(window), significance, seed);
    }

    private WindowStatistic compare(
            String statistic, List<Embedding> reference, List<Embedding> window, double significance, long seed) {
        var all = IntStream.range(0, reference.size() + window.size())
                .mapToObj(i -> i < window.size() ? window.get(i) : reference.get(i - window.size()))
                .toArray(Embedding[]::new);
        var kernel = new Kernel(all, window.size());
        var order = IntStream.range(0, all.length).toArray();
        var value = kernel.discrepancy(order);
        var random = new SplittableRandom(seed);
        var permuted = new double[permutations];
        for (var i = 0; i < permutations; i++) {
            draw(order, window.size(), random);
            permuted[i] = kernel.discrepancy(order);
        }
        var reached = Arrays.stream(permuted).filter(chance -> chance >= value).count();
        Arrays.sort(permuted);
        var threshold = permuted[(int) Math.min(permutations - 1, Math.ceil(permutations * (1 - significance)))];
        return new WindowStatistic(
                statistic,
                "mmd",
                value,
                threshold,
                (1.0 + reached) / (1 + permutations),
                Math.sqrt(Math.max(0, value)),
                Signal.CALM);
    }

    /// At most so many, evenly spread, so that the kernel has a million entries at most.
    private static List<Embedding> thinned(List<Embedding> sample) {
        return sample.size() <= MOST
                ? sample
                : IntStream.range(0, MOST)
                        .mapToObj(i -> sample.get((int) ((long) i * sample.size() / MOST)))
                        .toList();
    }

    /// Puts a random choice in front.
    private static void draw(int[] order, int count, SplittableRandom random) {
        for (var i = 0; i < count; i++) {
            var chosen = random.nextInt(i, order.length);
            var moved = order[i];
            order[i] = order[chosen];
            order[chosen] = moved;
        }
    }

    /// The kernel of every pair, its diagonal 0, with the sums that every split needs.
    private static final class Kernel {

        private final double[][] values;
        private final double[] rows;
        private final double total;
        private final int windowSize;

        Kernel(Embedding[] points, int windowSize) {
            this.windowSize = windowSize;
            this.values = distances(points);
            var median = median(values);
            for (var i = 0; i < values.length; i++) {
                for (var j = 0; j < values.length; j++) {
                    values[i][j] = i == j ? 0 : median == 0 ? 1 : Math.exp(-values[i][j] / median);
                }
            }
            this.rows = Arrays.stream(values)
                    .mapToDouble(row -> Arrays.stream(row).sum())
                    .toArray();
            this.total = Arrays.stream(rows).sum();
        }

        /// @param order indices whose first ones are the window
        double discrepancy(int[] order) {
            var within = 0.0;
            var touching = 0.0;
            for (var i = 0; i < windowSize; i++) {
                var row = values[order[i]];
                touching += rows[order[i]];
                for (var j = 0; j < windowSize; j++) {
                    within += row[order[j]];
                }
            }
            var across = touching - within;
            var others = total - 2 * across - within;
            double n = values.length - windowSize;
            double m = windowSize;
            return others / (n * (n - 1)) + within / (m * (m - 1)) - 2 * across / (n * m);
        }

        private static double[][] distances(Embedding[] points) {
            var distances = new double[points.length][points.length];
            for (var i = 0; i < points.length; i++) {
                for (var j = 0; j < i; j++) {
                    distances[i][j] = points[i].squaredDistance(points[j]);
                    distances[j][i] = distances[i][j];
                }
            }
            return distances;
        }

        private static double median(double[][] distances) {
            var pairs = IntStream.range(0, distances.length)
                    .boxed()
                    .flatMapToDouble(i -> Arrays.stream(distances[i], 0, i))
                    .sorted()
                    .toArray();
            return pairs[pairs.length / 2];
        }
    }
}
