package dev.gyre.cli.bench;

import dev.gyre.cli.bench.Killer.Kill;
import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.Services;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a run of the bench came to.
///
/// @param submitted samples, judgements, data sets and runs for which there is a receipt
/// @param turns of the circle
/// @param trouble what ended the bench early, empty where nothing did
record ChaosReport(
        long seed, List<Kill> kills, int turns, long submitted, Books books, double seconds, List<String> trouble) {

    ChaosReport {
        kills = List.copyOf(kills);
        trouble = List.copyOf(trouble);
    }

    long lost() {
        return books.lost();
    }

    long duplicated() {
        return books.duplicated();
    }

    boolean passed() {
        return lost() + duplicated() == 0 && trouble.isEmpty();
    }

    /// One line for programs.
    String json() {
        return Services.JSON
                .createObjectNode()
                .put("kills", kills.size())
                .put("submitted", submitted)
                .put("lost", lost())
                .put("duplicated", duplicated())
                .put("seconds", Math.round(seconds * 10) / 10.0)
                .toString();
    }

    /// A table for people, with the ids of whatever is wrong.
    String summary() {
        var text = new StringBuilder();
        text.append("%nkilled     %d times, seed %d%n".formatted(kills.size(), seed));
        kills.stream().collect(Collectors.groupingBy(Kill::part)).entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(part -> text.append(downtime(part.getKey(), part.getValue())));
        text.append("submitted  %d in %d turns of the circle%n".formatted(submitted, turns));
        text.append("compared   %d times: lost %d, duplicated %d%n"
                .formatted(books.pages().size(), lost(), duplicated()));
        for (var page : books.pages()) {
            if (page.lost() + page.duplicated() > 0) {
                text.append("  %s: lost %d, too many %d: %s%n"
                        .formatted(page.place(), page.lost(), page.duplicated(), String.join(", ", page.examples())));
            }
        }
        trouble.forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        text.append(String.format(Locale.ROOT, "took       %.1f s%n", seconds));
        return text.toString();
    }

    private static String downtime(String part, List<Kill> kills) {
        IntSummaryStatistics millis =
                kills.stream().mapToInt(kill -> (int) kill.down().toMillis()).summaryStatistics();
        return String.format(
                Locale.ROOT,
                "  %-11s %3d times, back after %.1f s, at most %.1f s%n",
                part,
                kills.size(),
                millis.getAverage() / 1000,
                millis.getMax() / 1000.0);
    }
}
