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

/// What an encoder under fixed weights makes of whole texts, read in batches of texts of like length.
public final class TextFeatures {

    /// Most padded tokens at once; they bound the memory.
    private static final int TOKENS = 4096;

    private TextFeatures() {}

    /// For each text a row of numbers, in the order of the texts.
    ///
    /// @param program a loaded `encoder` program
    /// @param method `features` (width numbers) or `logits` (one number for each label)
    public static List<float[]> of(
            ProgramRunner runner,
            Program program,
            String method,
            Weights weights,
            Model model,
            List<Sequence> sequences) {
        var found = new float[sequences.size()][];
        for (var chosen : ofLikeLength(sequences)) {
            var rows = chosen.stream().map(sequences::get).toList();
            try (var scope = runner.newScope()) {
                var numbers = runner.read(runner.tensor(
                        scope,
                        program,
                        method,
                        weights,
                        model.shape(),
                        model.config().normEpsilon(),
                        TokenBatch.ids(runner, scope, rows),
                        TokenBatch.lengths(runner, scope, rows)));
                int width = numbers.length / rows.size();
                for (int i = 0; i < rows.size(); i++) {
                    found[chosen.get(i)] = Arrays.copyOfRange(numbers, i * width, (i + 1) * width);
                }
            }
        }
        return List.of(found);
    }

    /// The numbers of the texts in batches of at most so many padded tokens, the longest first.
    private static List<List<Integer>> ofLikeLength(List<Sequence> sequences) {
        var order = IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -sequences.get(i).length()))
                .toList();
        var batches = new ArrayList<List<Integer>>();
        for (int next = 0; next < order.size(); next += batches.getLast().size()) {
            int most = Math.max(1, TOKENS / sequences.get(order.get(next)).length());
            batches.add(order.subList(next, Math.min(order.size(), next + most)));
        }
        return batches;
    }
}
