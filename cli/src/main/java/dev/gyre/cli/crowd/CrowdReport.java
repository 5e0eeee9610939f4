package dev.gyre.cli.crowd;

import dev.gyre.cli.client.Books;
import dev.gyre.cli.client.Services;
import java.util.Locale;

/// What a crowd found; times in milliseconds.
///
/// @param p50 half of the answers were saved in this time
/// @param p99 all but one in a hundred
/// @param next99 the same of the next tasks
/// @param progress99 the same of the progress that the page shows
/// @param errors requests that were refused or not answered
/// @param lost submitted judgements that the data set does not hold
/// @param duplicated judgements that it holds twice or that nobody submitted
record CrowdReport(
        int annotators,
        int seconds,
        double answersPerSecond,
        double p50,
        double p99,
        double next50,
        double next99,
        double progress99,
        int errors,
        long lost,
        long duplicated) {

    static CrowdReport of(int annotators, int seconds, Person.Record record, Books books) {
        return new CrowdReport(
                annotators,
                seconds,
                record.answers().count() / (double) seconds,
                record.answers().percentile(50),
                record.answers().percentile(99),
                record.tasks().percentile(50),
                record.tasks().percentile(99),
                record.progress().percentile(99),
                record.errors().get(),
                books.pages().stream().mapToLong(Books.Page::lost).max().orElse(0),
                books.pages().stream().mapToLong(Books.Page::duplicated).max().orElse(0));
    }

    /// One line for programs.
    String json() {
        return Services.JSON
                .createObjectNode()
                .put("answersPerSecond", rounded(answersPerSecond))
                .put("p50Ms", rounded(p50))
                .put("p99Ms", rounded(p99))
                .put("errors", errors)
                .put("lost", lost)
                .put("duplicated", duplicated)
                .put("nextP50Ms", rounded(next50))
                .put("nextP99Ms", rounded(next99))
                .put("progressP99Ms", rounded(progress99))
                .put("annotators", annotators)
                .put("seconds", seconds)
                .toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "%d annotators, %.1f answers a second: saved in %.1f ms (half), %.1f ms (99 %%); next tasks in %.1f and %.1f ms; %d errors, %d lost, %d duplicated",
                annotators,
                answersPerSecond,
                p50,
                p99,
                next50,
                next99,
                errors,
                lost,
                duplicated);
    }
}
