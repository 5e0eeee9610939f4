package dev.gyre.eval.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;


/// The 95 % interval of a paired difference, by drawing prompts with replacement.
///
/// Each replicate draws as many prompts as there are, takes all rows of each drawn prompt for both models, and computes
/// `Σ(candidate − champion) / Σweight`, so pairing, prompts with several rows, and ratios are kept. The interval is the
/// percentile interval (Efron & Tibshirani, *An Introduction to the Bootstrap*, §13.3): of the sorted replicates the
/// `⌈0.025·B⌉`-th and the `⌈0.975·B⌉`-th. Prompts, not rows, are drawn because rows of one prompt depend on each other
/// (Miller 2024, [paper](https://arxiv.org/abs/2411.00640), clustered errors). Below some thirty prompts it is too
/// narrow;
/// the gate asks for at least that many.
///
/// The draws come from [Random], whose sequence Java fixes: the same rows give the same interval everywhere.
///
/// @param replicates B, 100 or more
/// @param look how often these rows were looked at, this time included, 1 or more
public record PairedBootstrap(int replicates, long seed, int look) {

    private static final double ALPHA = 0.05;

    public PairedBootstrap(int replicates, long seed) {
        this(replicates, seed, 1);
    }

    public PairedBootstrap atLook(int number) {
        return new PairedBootstrap(replicates, seed, number);
    }

    /// How often the `k`-th look at the same rows may be wrong: `0.05 · 6/(π²k²)`.
    ///
    /// All looks together, however many there will be, are then wrong at most as often as one at 5 % (the sum of 1/k² is
    /// π²/6; alpha spending, Lan & DeMets 1983). Whoever tries long enough on the same held-out rows does not get in by
    /// chance.
    public double alpha() {
        return ALPHA * 6 / (Math.PI * Math.PI * look * look);
    }

    private Paired.Look look(double[] sorted) {
        return new Paired.Look(
                look, alpha(), quantile(sorted, alpha() / 2), quantile(sorted, 1 - alpha() / 2));
    }

    public PairedBootstrap {
        if (replicates < 100) {
            throw new IllegalArgumentException("replicates is %d, must be 100 or more".formatted(replicates));
        }
        if (look < 1) {
            throw new IllegalArgumentException("look is %d, must be 1 or more".formatted(look));
        }
    }

    /// @throws IllegalArgumentException without a row, or where nothing weighs anything
    public Paired compare(List<Observation> rows) {
        var weight = rows.stream().mapToDouble(Observation::weight).sum();
        if (weight <= 0) {
            throw new IllegalArgumentException(
                    "%d rows weigh %s together, must be more than 0".formatted(rows.size(), weight));
        }
        var prompts = Prompts.of(rows);
        var replicas = prompts.replicas(replicates, new Random(seed));
        return new Paired(
                rows.stream().mapToDouble(Observation::champion).sum() / weight,
                Arrays.stream(prompts.differences).sum() / weight,
                quantile(replicas, 0.025),
                quantile(replicas, 0.975),
                prompts.signTest(),
                look(replicas));
    }

    /// As above, for a figure that only many rows together yield; the sign test is that of single rows.
    ///
    /// @param rows the observations of the rows that `figures` reads by their place in this list
    /// @param figures candidate's and champion's figure on the rows at these places
    Paired compare(List<Observation> rows, Function<int[], double[]> figures) {
        var places = IntStream.range(0, rows.size()).boxed()
                .collect(Collectors.groupingBy(place -> rows.get(place).prompt(), TreeMap::new, Collectors.toList()));
        var prompts = places.values().stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toList();
        var random = new Random(seed);
        var replicas = new double[replicates];
        for (var replica = 0; replica < replicates; replica++) {
            var drawn = IntStream.range(0, prompts.size())
                    .flatMap(ignored -> Arrays.stream(prompts.get(random.nextInt(prompts.size()))))
                    .toArray();
            var pair = figures.apply(drawn);
            replicas[replica] = pair[0] - pair[1];
        }
        Arrays.sort(replicas);
        var all = figures.apply(IntStream.range(0, rows.size()).toArray());
        return new Paired(
                all[1],
                all[0] - all[1],
                quantile(replicas, 0.025),
                quantile(replicas, 0.975),
                Prompts.of(rows).signTest(),
                look(replicas));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /// Differences and weights, summed by prompt.
    private static final class Prompts {

        private final double[] differences;
        private final double[] weights;

        private Prompts(int count) {
            differences = new double[count];
            weights = new double[count];
        }

        static Prompts of(List<Observation> rows) {
            var numbers = rows.stream()
                    .mapToInt(Observation::prompt)
                    .distinct()
                    .sorted()
                    .toArray();
            var prompts = new Prompts(numbers.length);
            for (var row : rows) {
                var place = Arrays.binarySearch(numbers, row.prompt());
                prompts.differences[place] += row.candidate() - row.champion();
                prompts.weights[place] += row.weight();
            }
            return prompts;
        }

        double[] replicas(int replicates, Random random) {
            var replicas = new double[replicates];
            for (var replica = 0; replica < replicates; replica++) {
                var difference = 0.0;
                var weight = 0.0;
                for (var draw = 0; draw < differences.length; draw++) {
                    var drawn = random.nextInt(differences.length);
                    difference += differences[drawn];
                    weight += weights[drawn];
                }
                replicas[replica] = difference / weight;
            }
            Arrays.sort(replicas);
            return replicas;
        }

        double signTest() {
            var up = (int) Arrays.stream(differences)
                    .filter(difference -> difference > 0)
                    .count();
            var down = (int) Arrays.stream(differences)
                    .filter(difference -> difference < 0)
                    .count();
            return SignTest.twoSided(up, down);
        }
    }
}
