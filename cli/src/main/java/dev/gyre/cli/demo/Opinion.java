package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.demo.Decision.BothBad;
import dev.gyre.cli.demo.Decision.Label;
import dev.gyre.cli.demo.Decision.Prefer;
import dev.gyre.cli.demo.Decision.Tie;
import dev.gyre.cli.demo.Decision.Write;
import dev.gyre.cli.scenario.Scenario;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// How a judge comes to decisions: by what was recorded, or by a simulation that is told how good the answers are.
@FunctionalInterface
interface Opinion {

    /// @param row number of the row in its file
    Decision of(long row);

    /// The judge of a scenario; the same rows give the same decisions, in whatever order they are asked for.
    static Opinion of(Scenario.Judge judge, Rows rows) {
        if (judge.demonstrates() != null) {
            var column = judge.demonstrates();
            return row -> new Write(column(rows, row, column).asText());
        }
        if (judge.labels() != null) {
            var column = judge.labels();
            return row -> {
                var value = column(rows, row, column).asText();
                return new Label(judge.meaning().getOrDefault(value, value));
            };
        }
        if (judge.chooses() != null) {
            var column = judge.chooses();
            return row -> recorded(judge, column(rows, row, column).asText());
        }
        return row -> simulated(judge, rows, row);
    }

    /// The same decisions, given to other rows.
    ///
    /// @param of the rows among which they are shuffled
    static Opinion shuffled(Opinion opinion, List<Long> of, long seed) {
        var order = new ArrayList<>(of);
        Collections.shuffle(order, new Random(seed));
        var other = new HashMap<Long, Long>();
        for (int index = 0; index < order.size(); index++) {
            other.put(of.get(index), order.get(index));
        }
        return row -> opinion.of(other.getOrDefault(row, row));
    }

    /// The opposite of each decision; of a label the next one. What has no opposite stays.
    ///
    /// @param labels all that the question allows, none where it asks for something else
    static Opinion flipped(Opinion opinion, List<String> labels) {
        return row -> switch (opinion.of(row)) {
            case Prefer(int original, int strength) -> new Prefer(1 - original, strength);
            case Label(String label) -> new Label(labels.get((labels.indexOf(label) + 1) % labels.size()));
            case Tie tie -> tie;
            case BothBad bad -> bad;
            case Write write -> write;
        };
    }

    private static Decision recorded(Scenario.Judge judge, String value) {
        var meaning = judge.meaning().get(value);
        return switch (meaning) {
            case "first" -> new Prefer(0, 2);
            case "second" -> new Prefer(1, 2);
            case "tie" -> new Tie();
            case "bad" -> new BothBad();
            case null, default ->
                throw new IllegalArgumentException(
                        "column '%s' holds '%s', which means '%s'; give it a meaning of first, second, tie or bad, known are %s"
                                .formatted(judge.chooses(), value, meaning, new TreeMap<>(judge.meaning())));
        };
    }

    private static Decision simulated(Scenario.Judge judge, Rows rows, long row) {
        var first = column(rows, row, judge.qualities().getFirst()).asDouble();
        var second = column(rows, row, judge.qualities().getLast()).asDouble();
        if (first == second) {
            return new Tie();
        }
        var better = first > second ? 0 : 1;
        var reliability = judge.reliability() == null ? 1 : judge.reliability();
        var sees =
                new Random((31L * judge.account().hashCode() + row) * 0x9E3779B97F4A7C15L).nextDouble() < reliability;
        var gap = Math.abs(first - second);
        return new Prefer(sees ? better : 1 - better, gap > 0.6 ? 3 : gap > 0.3 ? 2 : 1);
    }

    private static JsonNode column(Rows rows, long row, String column) {
        var value = rows.byNumber().getOrDefault(row, com.fasterxml.jackson.databind.node.MissingNode.getInstance());
        if (!value.has(column)) {
            throw new IllegalArgumentException(
                    "row %d has no column '%s', which a judge of the scenario needs; it has %s"
                            .formatted(row, column, names(value)));
        }
        return value.get(column);
    }

    private static List<String> names(JsonNode row) {
        return row.properties().stream().map(Map.Entry::getKey).toList();
    }
}
