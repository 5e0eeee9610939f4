package dev.gyre.cli.active;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.gyre.llm.model.Encoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Learning curves on rows whose labels are known: which texts to have labelled next, and what it brings over chance.
@Command(
        name = "active",
        description = {
            "Learning curves by active learning against random choice, on rows whose labels are known:",
            "accuracy on the held-out 30 %, and its difference to random choice with a 95 % interval over the draws."
        },
        mixinStandardHelpOptions = true)
public final class ActiveCommand implements Callable<Integer> {

    private static final int AT_ONCE = 64;

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "CSV with a header, or JSONL; more than one is allowed.")
    private List<Path> files = List.of();

    @Option(names = "--text", required = true, description = "Column of the text.")
    private String text = "";

    @Option(names = "--label", required = true, description = "Column of the label.")
    private String label = "";

    @Option(names = "--encoder", required = true, paramLabel = "DIR", description = "Encoder; ./gyre model import minilm DIR writes one.")
    private Path encoder = Path.of("");

    @Option(names = "--draws", defaultValue = "20", description = "How often all is done anew ($${DEFAULT-VALUE}).")
    private int draws;

    @Option(names = "--start", defaultValue = "10", description = "Labels at the beginning ($${DEFAULT-VALUE}).")
    private int start;

    @Option(names = "--step", defaultValue = "10", description = "Labels at a time ($${DEFAULT-VALUE}).")
    private int step;

    @Option(names = "--budget", defaultValue = "200", description = "Labels in the end ($${DEFAULT-VALUE}).")
    private int budget;

    @Option(names = "--json", description = "One line of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (draws < 2 || start < 2 || step < 1 || budget <= start) {
            throw new IllegalArgumentException(
                    "--draws is %d and --start %d, must be 2 or more; --step %d, 1 or more; --budget %d, more than --start"
                            .formatted(draws, start, step, budget));
        }
        var rows = rows();
        var names = List.copyOf(new TreeSet<>(rows.stream().map(Row::label).toList()));
        if (names.size() < 2 || rows.size() < 2L * budget) {
            throw new IllegalArgumentException("%s have %d rows with %d labels; at least %d rows and 2 labels are needed"
                    .formatted(files, rows.size(), names.size(), 2L * budget));
        }
        var truth = rows.stream().map(row -> names.indexOf(row.label())).toList();
        var curves = new LearningCurves(vectors(rows), truth, names.size(), start, step, budget);
        var drawn = LongStream.rangeClosed(1, draws).parallel().mapToObj(curves::draw).toList();
        tell(rows.size(), names, drawn);
        return 0;
    }

    private record Row(String text, String label) {}

    private List<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        for (var file : files) {
            var content = Files.readString(file).replace("\uFEFF", "").stripLeading();
            var reader = file.toString().endsWith(".csv")
                    ? new CsvMapper().readerFor(ObjectNode.class).with(CsvSchema.emptySchema().withHeader())
                    : new ObjectMapper().readerFor(ObjectNode.class);
            try (var read = reader.<ObjectNode>readValues(content)) {
                while (read.hasNext()) {
                    var row = read.next();
                    if (!row.hasNonNull(text) || !row.hasNonNull(label)) {
                        throw new IllegalArgumentException("%s, row %d has no '%s' or no '%s'; it has %s"
                                .formatted(file, rows.size() + 1, text, label, row.properties().stream().map(Map.Entry::getKey).toList()));
                    }
                    rows.add(new Row(row.path(text).asText(), row.path(label).asText()));
                }
            }
        }
        return rows;
    }

    /// Of length √size, so that a weight of 1 means much for texts of any encoder.
    private List<float[]> vectors(List<Row> rows) {
        try (var open = Encoder.open(encoder, "auto")) {
            var vectors = new ArrayList<float[]>();
            for (int from = 0; from < rows.size(); from += AT_ONCE) {
                var some = rows.subList(from, Math.min(from + AT_ONCE, rows.size()));
                open.embed(some.stream().map(Row::text).toList()).forEach(vector -> vectors.add(scaled(vector)));
            }
            return vectors;
        }
    }

    private static float[] scaled(float[] vector) {
        double squares = 0;
        for (var value : vector) {
            squares += value * value;
        }
        var scaled = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            scaled[i] = (float) (vector[i] * Math.sqrt(vector.length / squares));
        }
        return scaled;
    }

    private void tell(int rows, List<String> names, List<Map<Strategy, List<Double>>> drawn) {
        var out = spec.commandLine().getOut();
        var report = new ObjectMapper().createObjectNode();
        report.put("rows", rows).put("labels", names.size()).put("draws", draws);
        if (!json) {
            out.printf(Locale.ROOT, "%d rows, labels %s, %d draws%n", rows, names, draws);
        }
        for (int count = start; count <= budget; count += step) {
            int at = (count - start) / step;
            var line = report.withObject("curves").withObject(Integer.toString(count));
            var words = new StringBuilder("%4d labels".formatted(count));
            for (var strategy : Strategy.values()) {
                var accuracy = Spread.of(drawn, curves -> at(curves, strategy, at));
                var gain = Spread.of(drawn, curves -> at(curves, strategy, at) - at(curves, Strategy.RANDOM, at));
                line.withObject(strategy.name())
                        .put("accuracy", round(accuracy.mean()))
                        .put("difference", round(gain.mean()))
                        .put("interval", round(gain.half()));
                words.append(String.format(
                        Locale.ROOT, "  %s %.1f", strategy.name().toLowerCase(Locale.ROOT), 100 * accuracy.mean()));
                if (strategy != Strategy.RANDOM) {
                    words.append(String.format(Locale.ROOT, " (%+.1f ± %.1f)", 100 * gain.mean(), 100 * gain.half()));
                }
            }
            if (!json) {
                out.println(words);
            }
        }
        if (json) {
            out.println(report);
        }
        out.flush();
    }

    private static double at(Map<Strategy, List<Double>> curves, Strategy strategy, int place) {
        return curves.getOrDefault(strategy, List.of()).get(place);
    }

    private static double round(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    /// @param half half the width of the 95 % interval of the mean, by Student's t
    private record Spread(double mean, double half) {

        /// Quantiles of t at 0.975 for 1 to 30 degrees of freedom; beyond, that of the normal distribution.
        private static final double[] T = {
            12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
            2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
        };

        static <D> Spread of(List<D> drawn, ToDoubleFunction<D> value) {
            double mean = drawn.stream().mapToDouble(value).average().orElseThrow();
            double squares = drawn.stream()
                    .mapToDouble(value)
                    .map(each -> (each - mean) * (each - mean))
                    .sum();
            int freedom = drawn.size() - 1;
            return new Spread(
                    mean, (freedom <= T.length ? T[freedom - 1] : 1.96) * Math.sqrt(squares / freedom / drawn.size()));
        }
    }
}
