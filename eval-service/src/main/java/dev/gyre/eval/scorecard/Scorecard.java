package dev.gyre.eval.scorecard;

import dev.gyre.eval.gate.Verdict;
import dev.gyre.eval.measure.Comparison;
import dev.gyre.eval.measure.MeasuredSuite;
import dev.gyre.events.EvaluationEvent.Score;
import java.util.List;

/// What an examination came to: the verdict, and the figures of every suite that was read.
record Scorecard(Verdict verdict, List<Line> lines) {

    /// One suite, and what its rows yield.
    record Line(MeasuredSuite suite, List<Comparison> comparisons) {

        Line {
            comparisons = List.copyOf(comparisons);
        }
    }

    Scorecard {
        lines = List.copyOf(lines);
    }

    /// The figures as they are told.
    List<Score> scores() {
        return lines.stream()
                .flatMap(line -> line.comparisons().stream()
                        .map(comparison -> score(line.suite().suite(), comparison)))
                .toList();
    }

    private static Score score(String suite, Comparison comparison) {
        var paired = comparison.paired();
        return new Score(
                suite,
                comparison.slice(),
                comparison.metric().id(),
                paired == null ? null : paired.champion(),
                comparison.candidate(),
                paired == null ? null : paired.difference(),
                paired == null ? null : paired.low(),
                paired == null ? null : paired.high(),
                comparison.rows(),
                comparison.baseline());
    }
}
