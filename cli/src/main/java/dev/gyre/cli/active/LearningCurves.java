package dev.gyre.cli.active;

import dev.gyre.cli.active.Strategy.Situation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// How accurate a head becomes with so many labels, by each strategy; every draw divides the rows anew and begins with
/// the same labelled ones for all strategies.
///
/// @param vectors of all rows
/// @param truth their labels, from 0
/// @param start labelled at the beginning, drawn until every label is among them
/// @param step labelled at a time
record LearningCurves(List<float[]> vectors, List<Integer> truth, int labels, int start, int step, int budget) {

    private static final double HELD_OUT = 0.3;

    LearningCurves {
        vectors = List.copyOf(vectors);
        truth = List.copyOf(truth);
    }

    /// Accuracy on the held-out rows with `start`, `start` + `step`, … labels.
    Map<Strategy, List<Double>> draw(long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<>(IntStream.range(0, vectors.size()).boxed().toList());
        Collections.shuffle(rows, random);
        int heldOut = (int) Math.round(HELD_OUT * rows.size());
        var examined = List.copyOf(rows.subList(0, heldOut));
        var pool = List.copyOf(rows.subList(heldOut, rows.size()));
        int first = start;
        while (pool.subList(0, first).stream().map(truth::get).distinct().count() < labels) {
            first++;
        }
        var curves = new EnumMap<Strategy, List<Double>>(Strategy.class);
        for (var strategy : Strategy.values()) {
            var begin = pool.subList(0, first);
            curves.put(strategy, curve(strategy, examined, begin, pool.subList(first, pool.size()), new Random(seed)));
        }
        return curves;
    }

    private List<Double> curve(
            Strategy strategy, List<Integer> examined, List<Integer> begin, List<Integer> rest, Random random) {
        var curve = new ArrayList<Double>();
        var labelled = new ArrayList<>(begin);
        var open = new ArrayList<>(rest);
        for (int count = start; count <= budget; count += step) {
            var now = new Situation(vectors, truth, labels, labelled, open);
            var head = now.learn(now.labelled());
            long right = examined.stream()
                    .filter(row -> head.label(vectors.get(row)) == truth.get(row))
                    .count();
            curve.add(right / (double) examined.size());
            var chosen = strategy.choose(now, step, random);
            labelled.addAll(chosen);
            open.removeAll(chosen);
        }
        return curve;
    }
}
