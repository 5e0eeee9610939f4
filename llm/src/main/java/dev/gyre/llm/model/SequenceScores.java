package dev.gyre.llm.model;

import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.text.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Log-probabilities of whole rows under fixed weights, read in batches of rows that begin alike.
public final class SequenceScores {

    /// Most tokens with padding and most logits at once; they bound the memory.
    private static final int TOKENS = 4096;

    private static final int LOGITS = 1 << 26;

    private SequenceScores() {}

    /// For each row the sum of its targets' natural log-probabilities, in nats; 0 for a row without
    /// targets.
    ///
    /// @param program a loaded `language` program
    public static double[] of(
            ProgramRunner runner, Program program, Weights weights, Model model, List<Sequence> sequences) {
        var sums = new double[sequences.size()];
        var scored = IntStream.range(0, sums.length)
                .filter(i -> sequences.get(i).targets() > 0)
                .boxed()
                .toList();
        int tokens = Math.min(TOKENS, LOGITS / model.config().vocabulary());
        for (var chosen : batches(scored, sequences, tokens)) {
            var found = batch(
                    runner,
                    program,
                    weights,
                    model,
                    chosen.stream().map(sequences::get).toList());
            for (int i = 0; i < found.length; i++) {
                sums[chosen.get(i)] = found[i];
            }
        }
        return sums;
    }

    /// For each row the natural log-probability of each of its targets, in nats.
    ///
    /// @param program a loaded `learning` program
    public static List<float[]> tokens(
            ProgramRunner runner, Program program, Weights weights, Model model, List<Sequence> sequences) {
        var found = new float[sequences.size()][];
        var all = IntStream.range(0, found.length).boxed().toList();
        int tokens = Math.min(TOKENS, LOGITS / model.config().vocabulary());
        for (var chosen : batches(all, sequences, tokens)) {
            var rows = chosen.stream().map(sequences::get).toList();
            var values = likelihoods(runner, program, "see", weights, model, rows);
            int next = 0;
            for (int i = 0; i < rows.size(); i++) {
                found[chosen.get(i)] =
                        Arrays.copyOfRange(values, next, next + rows.get(i).targets());
                next += rows.get(i).targets();
            }
        }
        return List.of(found);
    }

    /// The log-probability of each target of some rows, side by side, by a method of a program.
    static float[] likelihoods(
            ProgramRunner runner, Program program, String method, Weights weights, Model model, List<Sequence> rows) {
        try (var scope = runner.newScope()) {
            var batch = TokenBatch.of(runner, scope, Layout.together(rows, true));
            try (var given = runner.bind(batch.laid())) {
                return runner.read(runner.tensor(
                        scope,
                        program,
                        method,
                        model.arguments(weights, batch.ids(), batch.positions(), batch.targets(), given)));
            }
        }
    }

    /// Rows in batches of at most so many tokens with padding, neighbours begin alike as far as they can.
    static List<List<Integer>> batches(List<Integer> rows, List<Sequence> sequences, int tokens) {
        var batches = new ArrayList<List<Integer>>();
        var batch = new ArrayList<Integer>();
        int longest = 0;
        for (int row : rows.stream()
                .sorted(Comparator.comparing((Integer i) -> sequences.get(i).ids(), Arrays::compare))
                .toList()) {
            int length = sequences.get(row).length();
            if (!batch.isEmpty() && (batch.size() + 1) * Math.max(longest, length) > tokens) {
                batches.add(List.copyOf(batch));
                batch.clear();
                longest = 0;
            }
            batch.add(row);
            longest = Math.max(longest, length);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    private static double[] batch(
            ProgramRunner runner, Program program, Weights weights, Model model, List<Sequence> sequences) {
        try (var scope = runner.newScope()) {
            var batch = TokenBatch.of(runner, scope, Layout.together(sequences, true));
            try (var given = runner.bind(batch.laid())) {
                return runner.readDoubles(runner.tensor(
                        scope,
                        program,
                        "score",
                        model.arguments(
                                weights,
                                batch.ids(),
                                batch.positions(),
                                batch.targets(),
                                batch.rows(),
                                (long) sequences.size(),
                                given)));
            }
        }
    }
}
