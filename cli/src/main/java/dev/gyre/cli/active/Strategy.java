package dev.gyre.cli.active;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How the texts are chosen that people label next.
enum Strategy {
    RANDOM,
    /// The smallest difference between the two likeliest labels (Scheffer et al. 2001).
    MARGIN,
    /// The largest entropy of the votes of a committee, each member of which learned from its own draw of the labelled
    /// texts (Seung et al. 1992; Abe and Mamitsuka 1998).
    DISAGREEMENT,
    /// One after the other the text farthest from all that are labelled (Sener and Savarese 2018, greedy k-center).
    DIVERSITY,
    /// Of ten times as many by [#MARGIN], those by [#DIVERSITY].
    MARGIN_DIVERSITY;

    private static final int MEMBERS = 5;
    private static final int WIDER = 10;

    /// What is known when texts are chosen; numbers are places in `vectors`.
    ///
    /// @param labelled not empty
    /// @param open not labelled yet
    record Situation(List<float[]> vectors, List<Integer> truth, int labels, List<Integer> labelled, List<Integer> open) {

        Situation {
            vectors = List.copyOf(vectors);
            truth = List.copyOf(truth);
            labelled = List.copyOf(labelled);
            open = List.copyOf(open);
        }

        LinearHead learn(List<Integer> rows) {
            return LinearHead.fit(
                    rows.stream().map(vectors::get).toList(), rows.stream().map(truth::get).toList(), labels);
        }

        Situation among(List<Integer> some) {
            return new Situation(vectors, truth, labels, labelled, some);
        }
    }

    /// @return up to `count` of those that are open
    List<Integer> choose(Situation now, int count, Random random) {
        return switch (this) {
            case RANDOM -> first(now.open(), count, ignored -> random.nextDouble());
            case MARGIN -> {
                var head = now.learn(now.labelled());
                yield first(now.open(), count, row -> margin(head.probabilities(now.vectors().get(row))));
            }
            case DISAGREEMENT -> {
                var committee = IntStream.range(0, MEMBERS)
                        .mapToObj(member -> now.learn(draw(now.labelled(), random)))
                        .toList();
                yield first(now.open(), count, row -> -disagreement(committee, now.vectors().get(row), random));
            }
            case DIVERSITY -> farthest(now, count);
            case MARGIN_DIVERSITY ->
                DIVERSITY.choose(now.among(MARGIN.choose(now, WIDER * count, random)), count, random);
        };
    }

    private static List<Integer> first(List<Integer> open, int count, ToDoubleFunction<Integer> order) {
        var scores = open.stream().collect(Collectors.toMap(row -> row, order::applyAsDouble));
        return open.stream()
                .sorted(Comparator.comparingDouble(scores::get))
                .limit(count)
                .toList();
    }

    private static double margin(double[] probabilities) {
        var sorted = probabilities.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length - 1] - sorted[sorted.length - 2];
    }

    private static List<Integer> draw(List<Integer> rows, Random random) {
        return rows.stream().map(ignored -> rows.get(random.nextInt(rows.size()))).toList();
    }

    /// Entropy of the votes; a little chance decides between equals.
    private static double disagreement(List<LinearHead> committee, float[] vector, Random random) {
        var votes = committee.stream()
                .collect(Collectors.groupingBy(head -> head.label(vector), Collectors.counting()));
        double entropy = 0;
        for (var count : votes.values()) {
            double share = count / (double) committee.size();
            entropy -= share * Math.log(share);
        }
        return entropy + 1e-6 * random.nextDouble();
    }

    private static List<Integer> farthest(Situation now, int count) {
        var distances = new double[now.open().size()];
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
        for (var row : now.labelled()) {
            nearer(now, distances, now.vectors().get(row));
        }
        var chosen = new ArrayList<Integer>();
        while (chosen.size() < Math.min(count, distances.length)) {
            int best = 0;
            for (int i = 1; i < distances.length; i++) {
                best = distances[i] > distances[best] ? i : best;
            }
            chosen.add(now.open().get(best));
            nearer(now, distances, now.vectors().get(now.open().get(best)));
            distances[best] = Double.NEGATIVE_INFINITY;
        }
        return Collections.unmodifiableList(chosen);
    }

    private static void nearer(Situation now, double[] distances, float[] to) {
        for (int i = 0; i < distances.length; i++) {
            if (distances[i] > Double.NEGATIVE_INFINITY) {
                distances[i] = Math.min(distances[i], squaredDistance(now.vectors().get(now.open().get(i)), to));
            }
        }
    }

    private static double squaredDistance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = one[i] - other[i];
            sum += difference * difference;
        }
        return sum;
    }
}
