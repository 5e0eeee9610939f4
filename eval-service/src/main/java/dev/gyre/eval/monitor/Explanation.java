package dev.gyre.eval.monitor;

import dev.gyre.eval.drift.WindowStatistic;
import dev.gyre.eval.drift.Words.Risen;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says in whole sentences why there is an alarm.
final class Explanation {

    private Explanation() {}

    /// @param drifting the statistics that drifted, the strongest first
    /// @param windows drifting windows among the latest
    /// @param of how many of the latest were looked at
    /// @param words what is new, may be empty
    static String ofWindows(
            StreamName stream, List<WindowStatistic> drifting, int windows, int of, int size, List<Risen> words) {
        var subject = switch (stream.concern()) {
            case INPUT -> "What people ask of %s has moved".formatted(stream.model());
            case OUTPUT -> "What %s answers has moved".formatted(stream.model());
            case QUALITY -> "People's ratings of %s have moved".formatted(stream.model());
        };
        return "%s: in %d of the latest %d windows of %d interactions %s.%s"
                .formatted(
                        subject,
                        windows,
                        of,
                        size,
                        drifting.stream().map(Explanation::sentence).collect(Collectors.joining(", and ")),
                        said(words));
    }

    static String ofRatings(StreamName stream, WindowStatistic adwin, int ratings) {
        return ("People rate %s worse than before: %s of the latest %d ratings are bad, where %s was the limit; "
                        + "the share of bad ratings rose by %s points since ADWIN cut its window.")
                .formatted(
                        stream.model(),
                        percent(adwin.value()),
                        ratings,
                        percent(adwin.threshold()),
                        number("%.0f", 100 * adwin.effect()));
    }

    private static String sentence(WindowStatistic one) {
        var what = switch (one.detector()) {
            case "mmd" -> "MMD² " + number("%.4f", one.value());
            case "psi" -> "PSI " + number("%.2f", one.value());
            default -> "KS distance " + number("%.2f", one.value());
        };
        return "the %s differs from the reference (%s, threshold %s, p = %s)"
                .formatted(noun(one.statistic()), what, number("%.4f", one.threshold()), chance(one.p()));
    }

    private static String noun(String statistic) {
        var text = statistic.startsWith("answer-") ? "answers" : "prompts";
        return switch (statistic.substring(statistic.indexOf('-') + 1)) {
            case "unknown-words" -> "share of unknown words in " + text;
            case "repetition" -> "share of repeated words in " + text;
            case String other -> "%s of %s".formatted(other, text);
        };
    }

    private static String chance(@Nullable Double p) {
        return p == null || p >= 0.001 ? number("%.3f", p == null ? 1 : p) : "under 0.001";
    }

    private static String said(List<Risen> words) {
        return words.isEmpty()
                ? ""
                : " Words that became more frequent: %s."
                        .formatted(words.stream()
                                .map(word -> "'%s' (in %s of the texts before, in %s now)"
                                        .formatted(word.word(), percent(word.before()), percent(word.now())))
                                .collect(Collectors.joining(", ")));
    }

    private static String percent(double share) {
        return number("%.0f %%", 100 * share);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
