package dev.gyre.eval.scorecard;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.eval.measure.RowScores;
import dev.gyre.eval.scorecard.Reading.ReadRow;
import dev.gyre.eval.suite.Suite;
import dev.gyre.eval.suite.SuiteRow;
import dev.gyre.eval.suite.SuiteRows;
import dev.gyre.llm.model.Encoder;
import dev.gyre.llm.model.LanguageModel;
import dev.gyre.llm.model.OpenModel;
import dev.gyre.llm.model.Score;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Lets a model read the held-out rows of a suite; only numbers are kept.
final class SuiteReader {

    private final ArtifactStore artifacts;
    private final SuiteRows rows;

    SuiteReader(ArtifactStore artifacts, SuiteRows rows) {
        this.artifacts = artifacts;
        this.rows = rows;
    }

    int wanted(Suite suite) {
        return rows.wanted(suite.frozen());
    }

    /// @param advanced hears after each batch how many rows were read since the last
    Reading read(Suite suite, OpenModel model, IntConsumer advanced) {
        var prompts = new HashMap<String, Integer>();
        var read = new ArrayList<ReadRow>();
        open(suite, batch -> {
            var scores = scores(model, batch);
            for (var index = 0; index < batch.size(); index++) {
                var row = batch.get(index);
                var prompt = prompts.computeIfAbsent(row.prompt(), ignored -> prompts.size());
                read.add(new ReadRow(row.line(), row.task(), row.slice(), prompt, scores.get(index)));
            }
            advanced.accept(batch.size());
        });
        return new Reading(suite, read);
    }

    private static List<RowScores> scores(OpenModel model, List<SuiteRow> batch) {
        return switch (model) {
            case LanguageModel writer -> {
                var scores = score(writer, batch);
                var all = new ArrayList<RowScores>();
                var next = 0;
                for (var row : batch) {
                    var end = next + row.answers().size();
                    all.add(scores(row, scores.subList(next, end)));
                    next = end;
                }
                yield all;
            }
            case Encoder encoder -> guesses(encoder, batch);
        };
    }

    private static List<RowScores> guesses(Encoder encoder, List<SuiteRow> batch) {
        var rows = batch.stream().map(SuiteReader::labelled).toList();
        if (encoder.labels().isEmpty()) {
            return rows.stream().<RowScores>map(row -> new RowScores.Guess(row.label(), "", 0)).toList();
        }
        var classified =
                encoder.classify(rows.stream().map(SuiteRow.Labelled::prompt).toList());
        var guesses = new ArrayList<RowScores>();
        for (var index = 0; index < rows.size(); index++) {
            var label = rows.get(index).label();
            var given = classified.get(index);
            guesses.add(new RowScores.Guess(
                    label, given.label(), given.probabilities().getOrDefault(label, 0.0)));
        }
        return guesses;
    }

    private static SuiteRow.Labelled labelled(SuiteRow row) {
        return switch (row) {
            case SuiteRow.Labelled labelled -> labelled;
            case SuiteRow.Demonstration _, SuiteRow.Preference _ ->
                throw new UselessModel("the model is an encoder, which gives labels; line %d of its suite asks for answers"
                        .formatted(row.line()));
        };
    }

    private static List<Score> score(LanguageModel model, List<SuiteRow> batch) {
        try {
            return model.score(
                    batch.stream().flatMap(row -> row.answers().stream()).toList());
        } catch (IllegalArgumentException wrong) {
            throw new UselessModel("the model cannot read line %d of its suite: %s"
                    .formatted(batch.getFirst().line(), wrong.getMessage()));
        }
    }

    /// A few prompts of the suite, short ones first: something that the model can write on after.
    List<String> prompts(Suite suite, int count) {
        var prompts = new ArrayList<String>();
        open(suite, batch -> batch.forEach(row -> prompts.add(row.prompt())));
        return prompts.stream()
                .distinct()
                .sorted(Comparator.comparingInt(String::length))
                .limit(count)
                .toList();
    }

    private void open(Suite suite, Consumer<List<SuiteRow>> batches) {
        try (var jsonl = artifacts.open(suite.frozen().heldOut().rows())) {
            rows.read(suite.frozen(), jsonl, batches);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot read suite '%s'".formatted(suite.frozen().name()), failure);
        }
    }

    private static RowScores scores(SuiteRow row, List<Score> scores) {
        return switch (row) {
            case SuiteRow.Labelled labelled -> new RowScores.Guess(labelled.label(), "", 0);
            case SuiteRow.Demonstration ignored -> new RowScores.Completion(scores.getFirst());
            case SuiteRow.Preference ignored -> new RowScores.Pair(scores.getFirst(), scores.getLast());
        };
    }
}
