package dev.gyre.eval.measure;

import dev.gyre.events.DatasetEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All rows of a suite that were read, and the figures they yield.
///
/// @param suite id of the data set
/// @param name what people call it
/// @param held rows that stand in the held-out part
/// @param rows rows that were read, in the order of the file
public record MeasuredSuite(String suite, String name, Kind kind, int held, List<MeasuredRow> rows) {

    /// Begins the name of the slice of one label.
    private static final String LABEL_SLICE = "label=";

    /// Slices beyond this many, the smallest first, stand in the report alone.
    private static final int SLICES = 20;

    public MeasuredSuite {
        rows = List.copyOf(rows);
    }

    /// Rows that were left out of all figures because a model could not read them to their end.
    public int leftOut() {
        return rows.size() - comparable().size();
    }

    /// Every metric on the whole and on each slice; a suite of one slice has the whole alone.
    public List<Comparison> comparisons(PairedBootstrap bootstrap) {
        var comparisons = new ArrayList<Comparison>();
        slices().forEach((slice, rows) ->
                Metric.of(kind).forEach(metric -> comparisons.add(compare(slice, metric, rows, bootstrap))));
        byLabel().forEach((label, rows) ->
                comparisons.add(compare(LABEL_SLICE + label, Metric.ACCURACY, rows, bootstrap)));
        return comparisons;
    }

    private Map<String, List<MeasuredRow>> slices() {
        var all = comparable();
        if (all.isEmpty()) {
            return Map.of();
        }
        var bySlice = all.stream().collect(Collectors.groupingBy(MeasuredRow::slice));
        var slices = new TreeMap<String, List<MeasuredRow>>(
                Comparator.comparing((String slice) -> !slice.equals(Comparison.ALL))
                        .thenComparing(Comparator.naturalOrder()));
        if (bySlice.size() > 1) {
            bySlice.entrySet().stream()
                    .sorted(Comparator.comparingInt((Map.Entry<String, List<MeasuredRow>> slice) ->
                                    -slice.getValue().size())
                            .thenComparing(Map.Entry::getKey))
                    .limit(SLICES)
                    .forEach(slice -> slices.put(slice.getKey(), slice.getValue()));
        }
        slices.put(Comparison.ALL, all);
        return slices;
    }

    /// The rows of each label that people gave; nothing where they gave answers.
    private Map<String, List<MeasuredRow>> byLabel() {
        return kind == Kind.LABEL
                ? comparable().stream()
                        .collect(Collectors.groupingBy(
                                row -> LabelFigures.guess(row.candidate()).label(), TreeMap::new, Collectors.toList()))
                : Map.of();
    }

    private List<MeasuredRow> comparable() {
        return rows.stream().filter(MeasuredRow::comparable).toList();
    }

    private static Comparison compare(String slice, Metric metric, List<MeasuredRow> rows, PairedBootstrap bootstrap) {
        if (metric == Metric.MACRO_F1) {
            return LabelFigures.macroF1(slice, rows, bootstrap);
        }
        var weight =
                rows.stream().mapToDouble(row -> metric.weight(row.candidate())).sum();
        var value =
                rows.stream().mapToDouble(row -> metric.value(row.candidate())).sum();
        var observations = observations(metric, rows);
        return new Comparison(
                slice,
                metric,
                rows.size(),
                (int) rows.stream().mapToInt(MeasuredRow::prompt).distinct().count(),
                value / weight,
                observations.isEmpty() ? null : bootstrap.compare(observations),
                baseline(slice, metric, rows));
    }

    private static List<Observation> observations(Metric metric, List<MeasuredRow> rows) {
        var observations = new ArrayList<Observation>();
        for (var row : rows) {
            var champion = row.champion();
            if (champion != null) {
                observations.add(new Observation(
                        row.prompt(),
                        metric.value(row.candidate()),
                        metric.value(champion),
                        metric.weight(row.candidate())));
            }
        }
        return observations;
    }

    private static @Nullable Double baseline(String slice, Metric metric, List<MeasuredRow> rows) {
        return switch (metric) {
            case NATS_PER_CHARACTER -> null;
            case PREFERENCE_ACCURACY, PREFERENCE_ACCURACY_SUMMED -> lengthGuess(rows);
            case ACCURACY, MACRO_F1 -> slice.startsWith(LABEL_SLICE) ? null : LabelFigures.commonestGuess(rows);
        };
    }

    private static double lengthGuess(List<MeasuredRow> rows) {
        var sum = 0.0;
        for (var row : rows) {
            sum += switch (row.candidate()) {
                case RowScores.Pair pair -> Metric.lengthGuess(pair);
                case RowScores.Completion _, RowScores.Guess _ -> 0.5;
            };
        }
        return sum / rows.size();
    }
}
