package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.text.Sequence;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Where the rows of a batch stand: each in a line of its own, or several in one, one after the other.
public final class Layout {

    private final List<Sequence> rows;

    /// Of each row its line, and where in it the row begins.
    private final int[] lines;

    private final int[] starts;

    /// Of each line how many tokens stand in it.
    private final int[] filled;

    private final int time;

    private Layout(List<Sequence> rows, int[] lines, int[] starts, int[] filled) {
        this.rows = List.copyOf(rows);
        this.lines = lines;
        this.starts = starts;
        this.filled = filled;
        this.time = Arrays.stream(filled).max().orElseThrow();
    }

    /// Each row in a line of its own, padded on the right.
    public static Layout apart(List<Sequence> rows) {
        return new Layout(
                rows,
                IntStream.range(0, rows.size()).toArray(),
                new int[rows.size()],
                rows.stream().mapToInt(Sequence::length).toArray());
    }

    /// Rows in as few lines as the longest-first rule finds
    /// ([paper](https://arxiv.org/abs/2107.02027), section 3.1: first fit, decreasing).
    ///
    /// @param longest tokens of a line; a longer row has a line of its own
    public static Layout packed(List<Sequence> rows, int longest) {
        var lines = new int[rows.size()];
        var starts = new int[rows.size()];
        var filled = new int[rows.size()];
        int count = 0;
        var order = IntStream.range(0, lines.length)
                .boxed()
                .sorted(Comparator.comparingInt((Integer row) -> -rows.get(row).length()))
                .toList();
        for (int row : order) {
            int length = rows.get(row).length();
            int line = 0;
            while (line < count && filled[line] + length > longest) {
                line++;
            }
            count = Math.max(count, line + 1);
            lines[row] = line;
            starts[row] = filled[line];
            filled[line] += length;
        }
        return new Layout(rows, lines, starts, Arrays.copyOf(filled, count));
    }

    public List<Sequence> rows() {
        return rows;
    }

    /// Number of lines.
    public int count() {
        return filled.length;
    }

    /// Length of the lines, in tokens.
    public int time() {
        return time;
    }

    /// Where a row's first token stands in all (lines · time) places.
    public int first(int row) {
        return lines[row] * time + starts[row];
    }

    /// What keeps rows of one line apart, as the program `batch` takes it: `packed.rows`, `packed.places`.
    public Map<String, NDArray> borders(ProgramRunner runner, NDManager scope) {
        var owners = new long[count() * time];
        var places = new long[owners.length];
        Arrays.fill(owners, -1); // padding, which sees nothing but padding
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < rows.get(row).length(); i++) {
                owners[first(row) + i] = row;
                places[first(row) + i] = i;
            }
        }
        var named = new LinkedHashMap<String, NDArray>();
        named.put("packed.rows", runner.integers(scope, owners, count(), time));
        named.put("packed.places", runner.integers(scope, places, count(), time));
        return named;
    }
}
