package dev.gyre.llm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.text.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where the tokens of a batch's rows stand: each row in a line of its own, or all rows in one line without padding.
///
/// In one line, everything but attention is computed once for each token; attention sees the rows apart. What rows
/// begin with alike can stand there once, since no token of a decoder knows what follows it.
public final class Layout {

    /// To take rows apart in every layer is worth its time where at most this share of the places is left.
    private static final double WORTH = 0.95;

    private final List<Sequence> rows;

    /// Of each row the place of each of its tokens among all (lines · time) places.
    private final int[][] places;

    private final int lines;
    private final int time;

    private Layout(List<Sequence> rows, int[][] places, int lines, int time) {
        this.rows = List.copyOf(rows);
        this.places = places;
        this.lines = lines;
        this.time = time;
    }

    /// Each row in a line of its own, padded on the right.
    public static Layout apart(List<Sequence> rows) {
        int time = longest(rows);
        var places = new int[rows.size()][];
        for (int row = 0; row < places.length; row++) {
            places[row] = new int[rows.get(row).length()];
            for (int i = 0; i < places[row].length; i++) {
                places[row][i] = row * time + i;
            }
        }
        return new Layout(rows, places, rows.size(), time);
    }

    /// All rows in one line, one after the other; in lines of their own where one line spares few tokens.
    ///
    /// @param sharing whether what rows begin with alike stands there once
    public static Layout together(List<Sequence> rows, boolean sharing) {
        var places = new int[rows.size()][];
        int next = 0;
        for (int row = 0; row < places.length; row++) {
            places[row] = new int[rows.get(row).length()];
            int alike = 0;
            for (int before = 0; sharing && before < row; before++) {
                int common = alike(rows.get(before), rows.get(row));
                if (common > alike) {
                    alike = common;
                    System.arraycopy(places[before], 0, places[row], 0, common);
                }
            }
            for (int i = alike; i < places[row].length; i++) {
                places[row][i] = next++;
            }
        }
        return next > WORTH * rows.size() * longest(rows) ? apart(rows) : new Layout(rows, places, 1, next);
    }

    private static int alike(Sequence one, Sequence other) {
        int most = Math.min(one.length(), other.length());
        int common = 0;
        while (common < most && one.id(common) == other.id(common)) {
            common++;
        }
        return common;
    }

    private static int longest(List<Sequence> rows) {
        return rows.stream().mapToInt(Sequence::length).max().orElseThrow();
    }

    public List<Sequence> rows() {
        return rows;
    }

    /// Number of lines.
    public int lines() {
        return lines;
    }

    /// Length of the lines, in tokens.
    public int time() {
        return time;
    }

    /// Where a token of a row stands among all (lines · time) places.
    public int place(int row, int token) {
        return places[row][token];
    }

    /// Where rows stand in one line, as the program `batch` takes it; nothing where each has a line of its own.
    Map<String, NDArray> laid(ProgramRunner runner, NDManager scope) {
        var named = new LinkedHashMap<String, NDArray>();
        if (lines == 1 && rows.size() > 1) {
            int longest = longest(rows);
            var positions = new long[time];
            var apart = new long[rows.size() * longest];
            var back = new long[time];
            for (int row = rows.size() - 1; row >= 0; row--) {
                for (int i = 0; i < places[row].length; i++) {
                    positions[places[row][i]] = i;
                    apart[row * longest + i] = places[row][i];
                    back[places[row][i]] = (long) row * longest + i;
                }
            }
            named.put("packed.positions", runner.integers(scope, positions, 1, time));
            named.put("packed.apart", runner.integers(scope, apart, rows.size(), longest));
            named.put("packed.back", runner.integers(scope, back, time));
        }
        return named;
    }

    /// The ids at all places: (lines, time).
    NDArray ids(ProgramRunner runner, NDManager scope) {
        var ids = new long[lines * time];
        for (int row = 0; row < places.length; row++) {
            for (int i = 0; i < places[row].length; i++) {
                ids[places[row][i]] = rows.get(row).id(i);
            }
        }
        return runner.integers(scope, ids, lines, time);
    }
}
