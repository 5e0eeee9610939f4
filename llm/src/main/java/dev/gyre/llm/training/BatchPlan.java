package dev.gyre.llm.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Which examples each step learns from: every one once per epoch, shuffled, those of like length together.
///
/// A batch depends on nothing but the lengths, the seed and its number, so that a resumed training goes
/// on exactly.
public final class BatchPlan {

    /// Batches among which lengths are sorted: enough to save padding, few enough to stay mixed.
    private static final int WINDOW = 16;

    private final List<Integer> lengths;
    private final int batch;
    private final long seed;
    private int epoch = -1;
    private List<List<Integer>> batches = List.of();

    /// @param lengths of the examples, by which those of like length come together
    /// @param batch examples in a step
    public BatchPlan(List<Integer> lengths, int batch, long seed) {
        this.lengths = List.copyOf(lengths);
        this.batch = batch;
        this.seed = seed;
    }

    /// Steps in a pass over all examples.
    public int perEpoch() {
        return (lengths.size() + batch - 1) / batch;
    }

    /// The examples of a step, counted from 0.
    public List<Integer> at(int step) {
        if (step / perEpoch() != epoch) {
            epoch = step / perEpoch();
            batches = shuffled(epoch);
        }
        return batches.get(step % perEpoch());
    }

    private List<List<Integer>> shuffled(int epoch) {
        var random = new Random(seed * 1_000_003 + epoch);
        var order = new ArrayList<>(IntStream.range(0, lengths.size()).boxed().toList());
        Collections.shuffle(order, random);
        var all = new ArrayList<List<Integer>>();
        for (int from = 0; from < order.size(); from += WINDOW * batch) {
            var window = order.subList(from, Math.min(order.size(), from + WINDOW * batch));
            window.sort(Comparator.comparing(lengths::get));
            for (int i = 0; i < window.size(); i += batch) {
                all.add(List.copyOf(window.subList(i, Math.min(window.size(), i + batch))));
            }
        }
        Collections.shuffle(all, random);
        return all;
    }
}
