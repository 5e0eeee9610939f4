package dev.gyre.eval.scorecard;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.eval.measure.MeasuredRow;
import dev.gyre.eval.measure.MeasuredSuite;
import dev.gyre.eval.measure.RowScores;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every row of an examination as JSONL: ids and numbers, no text.
final class ReportFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportFile() {}

    /// @param line line in the held-out file, from 1
    /// @param compared false where the row was left out because a model could not read it to its end
    /// @param candidate scores of the preferred and, in a pair, of the rejected answer; or the label given and
    /// guessed
    private record Line(
            String suite,
            int line,
            String task,
            String slice,
            boolean compared,
            List<?> candidate,
            List<?> champion) {

        static Line of(String suite, MeasuredRow row) {
            return new Line(
                    suite,
                    row.line(),
                    row.task(),
                    row.slice(),
                    row.comparable(),
                    scores(row.candidate()),
                    scores(row.champion()));
        }

        private static List<?> scores(@Nullable RowScores row) {
            return switch (row) {
                case null -> List.of();
                case RowScores.Completion completion -> List.of(completion.preferred());
                case RowScores.Guess guess -> List.of(guess);
                case RowScores.Pair pair -> List.of(pair.preferred(), pair.rejected());
            };
        }
    }

    static void write(Path file, List<MeasuredSuite> suites) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            for (var suite : suites) {
                for (var row : suite.rows()) {
                    write(out, Line.of(suite.suite(), row));
                }
            }
        }
    }

    private static void write(BufferedWriter out, Line line) throws IOException {
        out.write(JSON.writeValueAsString(line));
        out.write('\n');
    }
}
