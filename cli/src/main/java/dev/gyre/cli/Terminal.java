package dev.gyre.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Colours and columns, plain where nobody looks at a terminal.
final class Terminal {

    private static final boolean COLOURS =
            terminal() && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));

    private Terminal() {}

    private static boolean terminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    static boolean interactive() {
        return COLOURS;
    }

    static String bold(String text) {
        return paint("1", text);
    }

    static String faint(String text) {
        return paint("2", text);
    }

    static String red(String text) {
        return paint("31", text);
    }

    static String green(String text) {
        return paint("32", text);
    }

    static String yellow(String text) {
        return paint("33", text);
    }

    private static String paint(String code, String text) {
        return COLOURS ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    static String duration(Duration duration) {
        if (duration.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        return duration.toHours() > 0
                ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
                : "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
    }

    /// Rows in columns as wide as their widest cell; the first row is the heading.
    static String table(List<List<String>> rows) {
        var text = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            var line = new StringBuilder("  ");
            for (int column = 0; column < rows.get(row).size(); column++) {
                int here = column;
                int width = rows.stream()
                        .mapToInt(cells -> cells.get(here).length())
                        .max()
                        .orElse(0);
                line.append(String.format(
                        Locale.ROOT, "%-" + (width + 2) + "s", rows.get(row).get(column)));
            }
            text.append(
                            row == 0
                                    ? faint(line.toString().stripTrailing())
                                    : line.toString().stripTrailing())
                    .append('\n');
        }
        return text.toString();
    }
}
