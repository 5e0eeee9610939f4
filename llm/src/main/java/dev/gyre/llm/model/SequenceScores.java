package dev.gyre.llm.model;

import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.text.Sequence;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Log-probabilities of whole rows under fixed weights, read in batches of rows of like length.
public final class SequenceScores {

    /// Most padded tokens and most logits at once; they bound the memory.
    private static final int TOKENS = 4096;

    private static final int LOGITS = 1 << 26;

    private SequenceScores() {}

    /// For each row the sum of its targets' natural log-probabilities, in nats; 0 for a row without
    /// targets.
    ///
    /// @param program a loaded `language` program
    public static double[] of(
            ProgramRunner runner, Program program, Weights weights, Llama llama, List<Sequence> sequences) {
        var sums = new double[sequences.size()];
        var order = IntStream.range(0, sums.length)
                .filter(i -> sequences.get(i).targets() > 0)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -sequences.get(i).length()))
                .toList();
        int tokens = Math.min(TOKENS, LOGITS / llama.config().vocabulary());
        int next = 0;
        while (next < order.size()) {
            int rows = Math.max(1, tokens / sequences.get(order.get(next)).length());
            var chosen = order.subList(next, Math.min(order.size(), next + rows));
            var found = batch(
                    runner,
                    program,
                    weights,
                    llama,
                    chosen.stream().map(sequences::get).toList());
            for (int i = 0; i < found.length; i++) {
                sums[chosen.get(i)] = found[i];
            }
            next += chosen.size();
        }
        return sums;
    }

    private static double[] batch(
            ProgramRunner runner, Program program, Weights weights, Llama llama, List<Sequence> sequences) {
        try (var scope = runner.newScope()) {
            var batch = TokenBatch.of(runner, scope, sequences);
            return runner.readDoubles(runner.tensor(
                    scope,
                    program,
                    "score",
                    weights,
                    llama.shape(),
                    llama.config().normEpsilon(),
                    batch.ids(),
                    batch.positions(),
                    batch.targets(),
                    batch.rows(),
                    (long) sequences.size()));
        }
    }
}
