package dev.gyre.llm.model;

import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.text.Sequence;
import java.util.Arrays;
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
        var all = IntStream.range(0, found.length).boxed().toList();
        for (var chosen : SequenceScores.ofLikeLength(all, sequences, TOKENS)) {
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
}
