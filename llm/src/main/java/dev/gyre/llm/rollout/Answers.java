package dev.gyre.llm.rollout;

import ai.djl.ndarray.NDManager;
import dev.gyre.llm.model.Layout;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// Prompts with an answer each, laid side by side.
///
/// @param rows prompt and answer, the answer to be foreseen
record Answers(List<Sequence> rows) {

    Answers {
        rows = List.copyOf(rows);
    }

    /// Draws an answer to each prompt.
    static Answers drawn(Writer writer, long[] places, List<Prompts.Prompt> prompts, double temperature, long seed) {
        var asked = prompts.stream().map(prompt -> joined(places, prompt.ids())).toList();
        var written = writer.write(asked, temperature, seed);
        var rows = new java.util.ArrayList<Sequence>();
        for (int i = 0; i < written.size(); i++) {
            var prompt = prompts.get(i).ids();
            rows.add(new Sequence(joined(prompt, written.get(i)), prompt.length));
        }
        return new Answers(rows);
    }

    private static long[] joined(long[] first, long[] second) {
        return LongStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    /// The rows after the ids that an adapter puts before each.
    TokenBatch batch(ProgramRunner runner, NDManager scope, long[] places) {
        var placed = rows.stream().map(row -> row.after(places)).toList();
        return TokenBatch.of(runner, scope, Layout.together(placed, true));
    }

    long tokens() {
        return rows.stream().mapToLong(Sequence::length).sum();
    }

    int targets() {
        return rows.stream().mapToInt(Sequence::targets).sum();
    }

    /// The text of an answer without the token that ends it, as it reads on after its prompt.
    String text(int row, Tokenizer tokenizer) {
        var ids = rows.get(row).ids();
        boolean ended = tokenizer.stops().contains(ids[ids.length - 1]);
        int end = ended ? ids.length - 1 : ids.length;
        var before = tokenizer.decode(Arrays.copyOf(ids, rows.get(row).start()));
        var whole = tokenizer.decode(Arrays.copyOf(ids, end));
        return whole.startsWith(before)
                ? whole.substring(before.length())
                : tokenizer.decode(Arrays.copyOfRange(ids, rows.get(row).start(), end));
    }

    /// Another seed for every round of a job.
    static long seed(long seed, int round) {
        return seed * 1_000_003 + round;
    }
}
