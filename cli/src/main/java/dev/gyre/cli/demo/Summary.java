package dev.gyre.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The one table at the end: what happened, what the examinations found, and what the model says now.
final class Summary {

    private static final int WIDTH = 116;
    private static final List<Integer> STAGES = List.of(24, 76, 8);
    private static final List<Integer> EXAMINED = List.of(32, 24, 27, 8, 13);
    private static final List<Integer> ASKED = List.of(30, 37, 41);

    private final StringBuilder text = new StringBuilder();

    private Summary() {}

    static String of(Report report, String about) {
        var summary = new Summary();
        summary.title("Scenario '%s': %s".formatted(report.scenario(), about));
        summary.stages(report);
        summary.evaluations(report);
        summary.recovery(report);
        summary.steady(report);
        summary.answers(report);
        summary.end(report);
        return summary.text.toString();
    }

    private void stages(Report report) {
        section(STAGES, List.of("stage", "what happened", "seconds"));
        for (var stage : report.stages()) {
            row(STAGES, List.of(stage.name(), stage.what(), figure("%.1f", stage.seconds())));
        }
    }

    private void evaluations(Report report) {
        section(
                EXAMINED,
                List.of(
                        "examined on what was held out",
                        "champion → candidate",
                        "difference, 95 % interval",
                        "longer",
                        "verdict"));
        for (var score : report.evaluations()) {
            if (!score.slice().equals("all") || score.metric().endsWith("-summed")) {
                continue;
            }
            row(
                    EXAMINED,
                    List.of(
                            "%s on %s (%d rows)".formatted(score.model(), score.suite(), score.rows()),
                            "%s %s → %s"
                                    .formatted(
                                            score.metric(),
                                            figure("%.3f", score.champion()),
                                            figure("%.3f", score.candidate())),
                            score.ci95() == null
                                    ? "nothing to compare with"
                                    : "%s  [%s, %s]"
                                            .formatted(
                                                    figure("%+.3f", score.difference()),
                                                    figure("%+.3f", score.ci95().getFirst()),
                                                    figure("%+.3f", score.ci95().getLast())),
                            score.lengthOnlyGuess() == null ? "" : figure("%.3f", score.lengthOnlyGuess()),
                            score.verdict().toLowerCase(Locale.ROOT)));
        }
        for (var training : report.trainings()) {
            line("%s %s: %s"
                    .formatted(
                            training.version(),
                            "(%s)".formatted(learned(report, training)),
                            training.state().equals("REJECTED")
                                    ? "not promoted. " + String.join(" ", training.reasons())
                                    : "promoted."));
        }
        report.controls().stream()
                .flatMap(control -> control.doubts().stream())
                .forEach(doubt -> line("In doubt: " + doubt));
        line("'longer' is what a guess scores that always takes the longer answer.");
    }

    private static String learned(Report report, Report.Training training) {
        return report.controls().stream()
                .filter(control -> control.version().equals(training.version()))
                .map(control -> "learned from " + control.learnedFrom())
                .findFirst()
                .orElse(training.turn());
    }

    private void recovery(Report report) {
        var recovery = report.recovery();
        if (recovery == null) {
            return;
        }
        rule('├', '┤');
        for (var drift : report.drift()) {
            line("Drift of %s, noticed %d interactions after the world had changed: %s"
                    .formatted(drift.stream(), drift.delaySamples(), drift.explanation()));
        }
        line("Recovery: %s.".formatted(recovery.sentence()));
        line("From the last label to the new champion: %s s.".formatted(figure("%.0f", recovery.secondsToChampion())));
        var rated = recovery.rated();
        if (rated.atDrift() != null) {
            line("Answers that satisfied: %s before, %s when the world had changed, %s with the new champion."
                    .formatted(
                            figure("%.2f", rated.beforeDrift()),
                            figure("%.2f", rated.atDrift()),
                            figure("%.2f", rated.afterRetraining())));
        }
    }

    private void steady(Report report) {
        var steady = report.steady();
        if (steady == null) {
            return;
        }
        rule('├', '┤');
        line("Nothing changed in %d interactions: %d windows of the input tested, %d alarms, %d campaigns, %d trainings."
                .formatted(
                        steady.interactions(),
                        steady.windows(),
                        steady.alarms().size(),
                        steady.campaigns(),
                        steady.trainings()));
        steady.alarms().forEach(this::line);
    }

    private void answers(Report report) {
        if (report.answers().isEmpty()) {
            return;
        }
        section(ASKED, List.of("asked", "the base said", "the champion says"));
        for (var answer : report.answers()) {
            row(ASKED, List.of(oneLine(answer.prompt()), oneLine(answer.before()), oneLine(answer.after())));
        }
    }

    private void end(Report report) {
        rule('├', '┤');
        line("%d rows offered, %d accepted, %d refused %s"
                .formatted(
                        report.samples().offered(),
                        report.samples().accepted(),
                        report.samples().refused(),
                        report.samples().reasons()));
        line(
                "%d judgements by %d accounts; lost %d, duplicated %d in %d comparisons of what was submitted with what each stage holds"
                        .formatted(
                                report.judgements().recorded(),
                                report.judgements().annotators(),
                                report.lost(),
                                report.duplicated(),
                                report.books().size()));
        line(report.passed() ? "Everything that the scenario expects came true." : "NOT as expected:");
        report.unmet().forEach(this::line);
        rule('└', '┘');
    }

    private void title(String title) {
        rule('┌', '┐');
        line(title);
    }

    private void section(List<Integer> widths, List<String> heads) {
        rule('├', '┤');
        row(widths, heads.stream().map(head -> head.toUpperCase(Locale.ROOT)).toList());
    }

    private void row(List<Integer> widths, List<String> cells) {
        var wrapped = new ArrayList<List<String>>();
        for (int column = 0; column < cells.size(); column++) {
            wrapped.add(wrapped(cells.get(column), widths.get(column)));
        }
        var height = wrapped.stream().mapToInt(List::size).max().orElse(1);
        for (int line = 0; line < height; line++) {
            var out = new StringBuilder();
            for (int column = 0; column < cells.size(); column++) {
                var lines = wrapped.get(column);
                out.append(padded(line < lines.size() ? lines.get(line) : "", widths.get(column)))
                        .append("  ");
            }
            bar(out.toString().stripTrailing());
        }
    }

    private void line(String words) {
        wrapped(words, WIDTH - 4).forEach(this::bar);
    }

    private void bar(String words) {
        text.append("│ ").append(padded(words, WIDTH - 4)).append(" │\n");
    }

    private void rule(char left, char right) {
        text.append(left).append("─".repeat(WIDTH - 2)).append(right).append('\n');
    }

    /// At spaces where there are any, else wherever the line ends.
    static List<String> wrapped(String words, int width) {
        var lines = new ArrayList<String>();
        var left = words.strip();
        while (left.length() > width) {
            var at = left.lastIndexOf(' ', width);
            var cut = at <= 0 ? width : at;
            lines.add(left.substring(0, cut).stripTrailing());
            left = left.substring(cut).stripLeading();
        }
        lines.add(left);
        return lines;
    }

    private static String padded(String words, int width) {
        return words + " ".repeat(Math.max(0, width - words.length()));
    }

    private static String oneLine(String words) {
        return words.replace('\n', ' ').strip();
    }

    private static String figure(String format, @org.jspecify.annotations.Nullable Double number) {
        return number == null ? "–" : String.format(Locale.ROOT, format, number);
    }
}
