package dev.gyre.cli.speed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a bench found.
///
/// @param tokensPerSecond the median of all that was timed
/// @param best the fastest
/// @param peakRssMiB the most memory that this process held, files that it had mapped among it; 0 where the system
/// does not say
record Measured(double tokensPerSecond, double best, long peakRssMiB) {

    private static final Path STATUS = Path.of("/proc/self/status");

    /// @param rates tokens per second of everything that was timed, at least one
    static Measured of(List<Double> rates) {
        var sorted = rates.stream().sorted().toList();
        return new Measured(sorted.get(sorted.size() / 2), sorted.getLast(), peak());
    }

    private static long peak() {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    / 1024;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    ObjectNode json() {
        var json = new ObjectMapper().createObjectNode();
        json.put("tokensPerSecond", Math.round(10 * tokensPerSecond) / 10.0);
        json.put("best", Math.round(10 * best) / 10.0);
        return json.put("peakRssMiB", peakRssMiB);
    }
}
