package dev.gyre.llm.training;

import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Preflight;
import dev.gyre.llm.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A look at all examples before anything is computed: what should not be learned from, and why.
///
/// Rows beyond the longest length are no objection: they are left out or cut, as the regime says, and counted.
final class Inspection {

    /// Tokens to learn from that a row should have: one, and the end.
    private static final int FEWEST = 2;

    /// Share of the tokens that must be learned.
    private static final double LEAST_SHARE = 0.001;

    private static final int ROWS_TOLD = 10;

    private final Recipe recipe;
    private final int longest;
    private final Preflight.Look look;
    private final Map<Integer, Integer> sides = new LinkedHashMap<>();
    private final Set<Integer> alike = new LinkedHashSet<>();
    private long tokens;
    private long learned;

    Inspection(Recipe recipe, Tokenizer tokenizer, int longest) {
        this.recipe = recipe;
        this.longest = longest;
        this.look = new Preflight.Look(tokenizer.stops(), Integer.MAX_VALUE, FEWEST, 0);
    }

    /// Looks at an example of a row.
    void at(int row, Example example) {
        if (example instanceof Example.Labelled) {
            return;
        }
        sides.merge(row, 1, Integer::sum);
        for (var sequence : example.sequences()) {
            look.at(row, sequence);
            tokens += Math.min(longest, sequence.length());
            learned += sequence.cut(longest).targets();
        }
        switch (example) {
            case Example.Preference pair when pair.chosen().says(pair.rejected()) -> alike.add(row);
            case Example.Ranked pair when !pair.teaches() -> alike.add(row);
            case Example.Preference _, Example.Ranked _, Example.Demonstration _, Example.Judged _, Example.Labelled _ -> {}
        }
    }

    List<String> objections() {
        var objections = new ArrayList<String>();
        var found = look.found();
        for (var row : distinct(found.endless())) {
            objections.add(
                    "row %d: its end token is never learned, so the model would learn never to stop; let the chat template set the end token between {%% generation %%} and {%% endgeneration %%}"
                            .formatted(row));
        }
        var useless = new LinkedHashSet<Integer>(alike);
        if (recipe instanceof Recipe.Supervised) {
            useless.addAll(distinct(found.thin()));
        }
        if (2 * useless.size() > sides.size()) {
            objections.add(
                    "almost nothing to learn: %d of %d rows (%s) teach no token but the end, or have two answers that are the same; more than half must say something"
                            .formatted(useless.size(), sides.size(), told(useless)));
        }
        if (tokens > 0 && learned < LEAST_SHARE * tokens) {
            objections.add(String.format(
                    Locale.ROOT,
                    "almost nothing to learn: %d of %d tokens are learned, must be %s or more of them; shorten the prompts",
                    learned,
                    tokens,
                    LEAST_SHARE));
        }
        return objections;
    }

    private static Set<Integer> distinct(List<Preflight.Row> rows) {
        return rows.stream().map(Preflight.Row::number).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String told(Set<Integer> rows) {
        return rows.stream().limit(ROWS_TOLD).map(String::valueOf).collect(Collectors.joining(", "))
                + (rows.size() > ROWS_TOLD ? ", …" : "");
    }
}
