package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.text.Sequence;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Rows as a [Layout] has them, as the tensors that programs take.
///
/// A text with a label has one target, the number of its label; an encoder takes lengths for positions,
/// and a frozen one's head takes features for ids: fp32 (rows, width).
///
/// @param ids (lines, time)
/// @param positions where in (lines · time) the token before each target stands: (targets)
/// @param targets id of each target: (targets)
/// @param rows row of each target: (targets)
/// @param laid where the rows stand in one line, for the program `batch`; empty where each has a line of its own
public record TokenBatch(
        NDArray ids, NDArray positions, NDArray targets, NDArray rows, Map<String, NDArray> laid) {

    /// Rows of which each has a line of its own.
    public TokenBatch(NDArray ids, NDArray positions, NDArray targets, NDArray rows) {
        this(ids, positions, targets, rows, Map.of());
    }

    /// Rows as they are laid, each with a target; the targets stand in the order of the rows.
    public static TokenBatch of(ProgramRunner runner, NDManager scope, Layout layout) {
        var sequences = layout.rows();
        int count = sequences.stream().mapToInt(Sequence::targets).sum();
        var positions = new long[count];
        var targets = new long[count];
        var rows = new long[count];
        int next = 0;
        for (int row = 0; row < sequences.size(); row++) {
            var sequence = sequences.get(row);
            for (int i = sequence.start(); i < sequence.length(); i++) {
                if (!sequence.learns(i)) {
                    continue;
                }
                positions[next] = layout.place(row, i - 1);
                targets[next] = sequence.id(i);
                rows[next++] = row;
            }
        }
        return new TokenBatch(
                layout.ids(runner, scope),
                runner.integers(scope, positions, count),
                runner.integers(scope, targets, count),
                runner.integers(scope, rows, count),
                layout.laid(runner, scope));
    }

    /// Whole texts, each with one target that stands at its last token; padding that a row ends with does not count, as
    /// transformers reads scores.
    ///
    /// @param pad id of the padding, -1 where there is none
    public static TokenBatch ends(ProgramRunner runner, NDManager scope, Layout layout, long pad) {
        var sequences = layout.rows();
        var positions = new long[sequences.size()];
        for (int row = 0; row < positions.length; row++) {
            var sequence = sequences.get(row);
            int last = sequence.length() - 1;
            while (last > 0 && sequence.id(last) == pad) {
                last--;
            }
            positions[row] = layout.place(row, last);
        }
        var rows = runner.integers(scope, LongStream.range(0, positions.length).toArray(), positions.length);
        return new TokenBatch(
                layout.ids(runner, scope),
                runner.integers(scope, positions, positions.length),
                rows,
                rows,
                layout.laid(runner, scope));
    }

    /// Lays whole texts side by side, each with the number of its label.
    public static TokenBatch labelled(ProgramRunner runner, NDManager scope, List<Sequence> sequences, long[] labels) {
        var ids = ids(runner, scope, sequences);
        return labelled(runner, scope, ids, lengths(runner, scope, sequences), labels);
    }

    /// Lays the features of texts side by side, each with the number of its label.
    public static TokenBatch ofFeatures(ProgramRunner runner, NDManager scope, List<float[]> features, long[] labels) {
        int width = features.getFirst().length;
        var all = new float[labels.length * width];
        for (int row = 0; row < labels.length; row++) {
            System.arraycopy(features.get(row), 0, all, row * width, width);
        }
        var none = runner.integers(scope, new long[0], 0);
        return labelled(runner, scope, runner.floats(scope, all, labels.length, width), none, labels);
    }

    private static TokenBatch labelled(
            ProgramRunner runner, NDManager scope, NDArray read, NDArray lengths, long[] labels) {
        var rows = LongStream.range(0, labels.length).toArray();
        return new TokenBatch(
                read,
                lengths,
                runner.integers(scope, labels, labels.length),
                runner.integers(scope, rows, rows.length));
    }

    static NDArray ids(ProgramRunner runner, NDManager scope, List<Sequence> sequences) {
        return Layout.apart(sequences).ids(runner, scope);
    }

    static NDArray lengths(ProgramRunner runner, NDManager scope, List<Sequence> sequences) {
        var lengths = sequences.stream().mapToLong(Sequence::length).toArray();
        return runner.integers(scope, lengths, lengths.length);
    }
}
