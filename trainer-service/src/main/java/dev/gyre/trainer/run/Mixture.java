package dev.gyre.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;

/// The rows of a run that replays: all new ones, then those drawn from earlier data sets.
///
/// Which rows are drawn depends on the seed, the data set's id and its rows alone, so that a resumed run learns from
/// the same ones. Their order in the file says nothing: every epoch shuffles it by the seed.
final class Mixture {

    /// Key under which a replayed row names the data set that it was drawn from.
    static final String SOURCE = "replayedFrom";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Mixture() {}

    /// Rows to draw.
    ///
    /// @param file JSONL, the whole train part
    record Drawn(String dataset, Path file, int rows) {}

    /// Writes the mixture; the file appears whole or not at all.
    ///
    /// @throws IllegalArgumentException if a data set has fewer rows than are to be drawn
    static void write(Path fresh, List<Drawn> replay, long seed, Path target) {
        var unfinished = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (var out = Files.newBufferedWriter(unfinished);
                    var lines = Files.newBufferedReader(fresh)) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    out.write(line);
                    out.write('\n');
                }
                for (var drawn : replay) {
                    draw(drawn, seed, out);
                }
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot mix the rows", failure);
        }
    }

    /// Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S): one pass, no row twice.
    private static void draw(Drawn drawn, long seed, BufferedWriter out) throws IOException {
        var rows = count(drawn.file());
        if (rows < drawn.rows()) {
            throw new IllegalArgumentException("data set '%s' has %d rows to learn from, %d are to be replayed"
                    .formatted(drawn.dataset(), rows, drawn.rows()));
        }
        var random = new Random(seed * 1_000_003 + drawn.dataset().hashCode());
        var wanted = drawn.rows();
        try (var lines = Files.newBufferedReader(drawn.file())) {
            for (var line = lines.readLine(); line != null && wanted > 0; line = lines.readLine()) {
                if (line.isBlank()) {
                    continue;
                }
                if (random.nextInt(rows--) < wanted) {
                    wanted--;
                    out.write(named(line, drawn.dataset()));
                    out.write('\n');
                }
            }
        }
    }

    private static int count(Path file) throws IOException {
        var rows = 0;
        try (var lines = Files.newBufferedReader(file)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                rows += line.isBlank() ? 0 : 1;
            }
        }
        return rows;
    }

    /// The row with its provenance; one that cannot be read stays as it is, and is refused by whoever reads it next.
    private static String named(String line, String dataset) throws IOException {
        try {
            return JSON.readTree(line) instanceof ObjectNode row
                    ? JSON.writeValueAsString(row.put(SOURCE, dataset))
                    : line;
        } catch (JsonProcessingException broken) {
            return line;
        }
    }
}
