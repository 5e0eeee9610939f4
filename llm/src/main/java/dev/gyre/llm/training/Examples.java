package dev.gyre.llm.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.text.ChatTemplate;
import dev.gyre.llm.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The rows of a file as token rows, and what became of those that do not fit.
///
/// @param cut rows shortened to the longest length allowed
/// @param leftOut rows not used because they are too long, or have nothing left to learn after the
/// cut
/// @param replayed rows that are used, by the data set that they name as `replayedFrom`
/// @param problems rows that cannot be learned from, with their line numbers, or what is wrong with all together
record Examples(List<Example> list, int cut, int leftOut, Map<String, Integer> replayed, List<String> problems) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PROBLEMS_TOLD = 20;

    Examples {
        list = List.copyOf(list);
        replayed = Map.copyOf(replayed);
        problems = List.copyOf(problems);
    }

    /// Reads JSONL.
    ///
    /// @param longest tokens of a row
    /// @param vocabulary number of tokens the model knows
    static Examples read(
            Path file,
            Recipe recipe,
            Tokenizer tokenizer,
            Optional<ChatTemplate> template,
            int longest,
            int vocabulary) {
        var list = new ArrayList<Example>();
        var problems = new ArrayList<String>();
        var replayed = new TreeMap<String, Integer>();
        int cut = 0;
        int leftOut = 0;
        int line = 0;
        var reader = new RowReader(recipe, tokenizer, template, vocabulary);
        var inspection = new Inspection(recipe, tokenizer, longest);
        try (var lines = Files.newBufferedReader(file)) {
            for (var text = lines.readLine(); text != null; text = lines.readLine()) {
                line++;
                if (text.isBlank()) {
                    continue;
                }
                try {
                    var row = JSON.readTree(text);
                    for (var whole : reader.read(row)) {
                        inspection.at(line, whole);
                        var fitting = fit(whole, longest, recipe.regime().tooLong());
                        if (row.has("replayedFrom")) {
                            replayed.merge(row.get("replayedFrom").asText(), fitting.size(), Integer::sum);
                        }
                        if (fitting.isEmpty()) {
                            leftOut++;
                        } else {
                            cut += fitting.getFirst().tokens() < whole.tokens() ? 1 : 0;
                            list.addAll(fitting);
                        }
                    }
                } catch (JsonProcessingException e) {
                    problems.add("row %d is not JSON: %s".formatted(line, e.getOriginalMessage()));
                } catch (IllegalArgumentException e) {
                    problems.add("row %d: %s".formatted(line, e.getMessage()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s".formatted(file), e);
        }
        if (problems.isEmpty()) {
            problems.addAll(inspection.objections());
        }
        return new Examples(list, cut, leftOut, replayed, shortened(problems));
    }

    private static List<String> shortened(List<String> problems) {
        if (problems.size() <= PROBLEMS_TOLD) {
            return problems;
        }
        var told = new ArrayList<>(problems.subList(0, PROBLEMS_TOLD));
        told.add("and %d more rows".formatted(problems.size() - PROBLEMS_TOLD));
        return told;
    }

    /// The example in at most `longest` tokens per row; none where it is refused or nothing would
    /// be left to learn.
    private static List<Example> fit(Example example, int longest, Regime.TooLong tooLong) {
        if (example.length() <= longest) {
            return List.of(example);
        }
        var cut = switch (example) {
            case Example.Demonstration row ->
                new Example.Demonstration(row.sequence().cut(longest));
            case Example.Preference pair ->
                new Example.Preference(
                        pair.chosen().cut(longest), pair.rejected().cut(longest), pair.answer());
            case Example.Ranked pair ->
                new Example.Ranked(pair.chosen().cut(longest), pair.rejected().cut(longest), pair.margin());
            case Example.Judged row ->
                new Example.Judged(
                        row.sequence().cut(longest), row.other().map(other -> other.cut(longest)), row.desirable());
            case Example.Labelled row -> new Example.Labelled(row.sequence().closedAt(longest), row.label());
        };
        return switch (tooLong) {
            case REFUSE -> List.of();
            case CUT -> cut.teaches() ? List.of(cut) : List.of();
        };
    }
}
