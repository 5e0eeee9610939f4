package dev.gyre.eval.measure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The figures of rows with labels that no row has by itself.
public final class LabelFigures {

    private LabelFigures() {}

    static RowScores.Guess guess(RowScores row) {
        if (row instanceof RowScores.Guess guess) {
            return guess;
        }
        throw new IllegalArgumentException("a suite of labels holds an answer: %s".formatted(row));
    }

    /// The label that people gave most often, of equal ones the first in the alphabet.
    static String commonest(List<RowScores.Guess> rows) {
        var counts = rows.stream()
                .collect(Collectors.groupingBy(RowScores.Guess::label, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .reduce((first, next) -> next.getValue() > first.getValue() ? next : first)
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalArgumentException("there are no rows"));
    }

    /// The same rows as a guess reads them that knows nothing of the texts: always the commonest label.
    public static List<RowScores> commonestGuesses(List<RowScores> rows) {
        var guesses = rows.stream().map(LabelFigures::guess).toList();
        var commonest = commonest(guesses);
        return guesses.stream()
                .<RowScores>map(row ->
                        new RowScores.Guess(row.label(), commonest, row.label().equals(commonest) ? 1 : 0))
                .toList();
    }

    /// How often always saying the commonest label is right.
    static double commonestGuess(List<MeasuredRow> rows) {
        var guesses = guesses(rows, MeasuredRow::candidate);
        var commonest = commonest(guesses);
        return (double) guesses.stream().filter(row -> row.label().equals(commonest)).count() / rows.size();
    }

    static Comparison macroF1(String slice, List<MeasuredRow> rows, PairedBootstrap bootstrap) {
        var candidate = guesses(rows, MeasuredRow::candidate);
        var all = IntStream.range(0, rows.size()).toArray();
        var commonest = commonest(candidate);
        var constant = candidate.stream()
                .map(row -> new RowScores.Guess(row.label(), commonest, 0))
                .toList();
        var isOpposed = rows.stream().allMatch(row -> row.champion() != null);
        return new Comparison(
                slice,
                Metric.MACRO_F1,
                rows.size(),
                (int) rows.stream().mapToInt(MeasuredRow::prompt).distinct().count(),
                macroF1(candidate, all),
                isOpposed ? paired(rows, candidate, bootstrap) : null,
                macroF1(constant, all));
    }

    private static Paired paired(
            List<MeasuredRow> rows, List<RowScores.Guess> candidate, PairedBootstrap bootstrap) {
        var champion = guesses(rows, row -> Objects.requireNonNull(row.champion()));
        var observations = IntStream.range(0, rows.size())
                .mapToObj(place -> new Observation(
                        rows.get(place).prompt(), right(candidate.get(place)), right(champion.get(place)), 1))
                .toList();
        return bootstrap.compare(
                observations, places -> new double[] {macroF1(candidate, places), macroF1(champion, places)});
    }

    private static double right(RowScores.Guess guess) {
        return guess.isRight() ? 1 : 0;
    }

    private static List<RowScores.Guess> guesses(List<MeasuredRow> rows, Function<MeasuredRow, RowScores> side) {
        return rows.stream().map(side).map(LabelFigures::guess).toList();
    }

    /// The mean of F1 over the labels that people gave on these rows: 2·right / (given + guessed).
    static double macroF1(List<RowScores.Guess> rows, int[] places) {
        var counts = new TreeMap<String, int[]>(); // right, given, guessed
        for (var place : places) {
            var row = rows.get(place);
            counts.computeIfAbsent(row.label(), ignored -> new int[3])[1]++;
            counts.computeIfAbsent(row.guess(), ignored -> new int[3])[2]++;
            if (row.isRight()) {
                counts.computeIfAbsent(row.label(), ignored -> new int[3])[0]++;
            }
        }
        return counts.values().stream()
                .filter(count -> count[1] > 0)
                .mapToDouble(count -> 2.0 * count[0] / (count[1] + count[2]))
                .average()
                .orElse(0);
    }
}
