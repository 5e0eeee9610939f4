package dev.gyre.eval.scorecard;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.eval.measure.RowScores;
import dev.gyre.eval.scorecard.Reading.ReadRow;
import dev.gyre.eval.suite.Suite;
import dev.gyre.eval.suite.SuiteRow;
import dev.gyre.eval.suite.SuiteRows;
import dev.gyre.llm.model.LanguageModel;
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
    Reading read(Suite suite, LanguageModel model, IntConsumer advanced) {
        var prompts = new HashMap<String, Integer>();
        var read = new ArrayList<ReadRow>();
        open(suite, batch -> {
            var scores = score(model, batch);
            var next = 0;
            for (var row : batch) {
                var end = next + row.answers().size();
                var prompt = prompts.computeIfAbsent(row.prompt(), ignored -> prompts.size());
                read.add(new ReadRow(
                        row.line(), row.task(), row.slice(), prompt, scores(row, scores.subList(next, end))));
                next = end;
            }
            advanced.accept(batch.size());
        });
        return new Reading(suite, read);
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
            case SuiteRow.Demonstration ignored -> new RowScores.Completion(scores.getFirst());
            case SuiteRow.Preference ignored -> new RowScores.Pair(scores.getFirst(), scores.getLast());
        };
    }
}
