package dev.gyre.eval.scorecard;

import dev.gyre.eval.measure.LabelFigures;
import dev.gyre.eval.measure.MeasuredRow;
import dev.gyre.eval.measure.MeasuredSuite;
import dev.gyre.eval.measure.RowScores;
import dev.gyre.eval.suite.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one model thinks of every row of a suite, in the order of the file.
record Reading(Suite suite, List<ReadRow> rows) {

    /// @param prompt number of the prompt, equal for equal prompts
    record ReadRow(int line, String task, String slice, int prompt, RowScores scores) {}

    Reading {
        rows = List.copyOf(rows);
    }

    /// The first row on which the model computed no number.
    Optional<ReadRow> broken() {
        return rows.stream().filter(row -> !row.scores().isFinite()).findFirst();
    }

    /// Whether the model gave no label on any row, because it knows none.
    boolean isSilent() {
        return !rows.isEmpty()
                && rows.stream().allMatch(row -> row.scores() instanceof RowScores.Guess guess && guess.guess().isEmpty());
    }

    /// The same rows as a guess reads them that knows nothing of the texts: always the commonest label.
    Reading commonestGuess() {
        var guesses = LabelFigures.commonestGuesses(
                rows.stream().map(ReadRow::scores).toList());
        var guessed = new ArrayList<ReadRow>();
        for (var index = 0; index < rows.size(); index++) {
            var row = rows.get(index);
            guessed.add(new ReadRow(row.line(), row.task(), row.slice(), row.prompt(), guesses.get(index)));
        }
        return new Reading(suite, guessed);
    }

    /// The same rows, read by a champion too.
    MeasuredSuite beside(@Nullable Reading champion) {
        var measured = new ArrayList<MeasuredRow>();
        for (var index = 0; index < rows.size(); index++) {
            var row = rows.get(index);
            measured.add(new MeasuredRow(
                    row.line(),
                    row.task(),
                    row.slice(),
                    row.prompt(),
                    row.scores(),
                    champion == null ? null : champion.rows().get(index).scores()));
        }
        var frozen = suite.frozen();
        return new MeasuredSuite(
                frozen.dataset(), frozen.name(), frozen.kind(), frozen.heldOut().count(), measured);
    }
}
