package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.text.Sequence;
import java.util.List;

/// Rows side by side, padded on the right, as the tensors that programs take.
///
/// @param ids (rows, time)
/// @param positions where in (rows · time) the token before each target stands: (targets)
/// @param targets id of each target: (targets)
/// @param rows row of each target: (targets)
public record TokenBatch(NDArray ids, NDArray positions, NDArray targets, NDArray rows) {

    /// Lays rows side by side; every row must have a target.
    public static TokenBatch of(ProgramRunner runner, NDManager scope, List<Sequence> sequences) {
        int time = sequences.stream().mapToInt(Sequence::length).max().orElseThrow();
        int count = sequences.stream().mapToInt(Sequence::targets).sum();
        var ids = new long[sequences.size() * time];
        var positions = new long[count];
        var targets = new long[count];
        var rows = new long[count];
        int next = 0;
        for (int row = 0; row < sequences.size(); row++) {
            var sequence = sequences.get(row);
            for (int i = 0; i < sequence.length(); i++) {
                ids[row * time + i] = sequence.id(i);
            }
            for (int i = sequence.start(); i < sequence.length(); i++) {
                positions[next] = row * (long) time + i - 1;
                targets[next] = sequence.id(i);
                rows[next++] = row;
            }
        }
        return new TokenBatch(
                runner.integers(scope, ids, sequences.size(), time),
                runner.integers(scope, positions, count),
                runner.integers(scope, targets, count),
                runner.integers(scope, rows, count));
    }
}
