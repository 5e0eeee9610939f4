package dev.gyre.llm.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.program.ProgramRunner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Rows of a batch without their padding, and which tokens of each are to be foreseen.
final class LossRows {

    private final List<List<Long>> ids = new ArrayList<>();
    private final List<List<Integer>> targets = new ArrayList<>();

    /// Adds rows by their masks.
    ///
    /// @param present 1 where a token is
    /// @param learned 1 where a token is to be foreseen
    private LossRows masked(JsonNode tokens, JsonNode present, JsonNode learned) {
        check(tokens, present, learned);
        for (int row = 0; row < tokens.size(); row++) {
            var flags = new ArrayList<Boolean>();
            learned.get(row).forEach(flag -> flags.add(flag.asInt() == 1));
            add(tokens.get(row), present.get(row), flags);
        }
        return this;
    }

    /// Adds rows by their labels; −100 is not to be foreseen.
    private LossRows labelled(JsonNode tokens, JsonNode present, JsonNode labels) {
        check(tokens, present, labels);
        for (int row = 0; row < tokens.size(); row++) {
            var flags = new ArrayList<Boolean>();
            labels.get(row).forEach(label -> flags.add(label.asLong() != -100));
            add(tokens.get(row), present.get(row), flags);
        }
        return this;
    }

    /// Adds the rows of a batch that are named with a prefix, by their labels.
    LossRows labelled(JsonNode batch, String prefix) {
        return labelled(
                batch.path(prefix + "input_ids"),
                batch.path(prefix + "attention_mask"),
                batch.path(prefix + "labels"));
    }

    /// Adds the rows of a batch that are named with a prefix, by one of its masks.
    LossRows masked(JsonNode batch, String prefix, String mask) {
        return masked(
                batch.path(prefix + "input_ids"), batch.path(prefix + "attention_mask"), batch.path(prefix + mask));
    }

    /// Adds rows of a prompt padded on the left and a completion with its mask.
    LossRows prompted(JsonNode prompts, JsonNode promptMask, JsonNode completions, JsonNode completionMask) {
        check(completions, completionMask, prompts);
        for (int row = 0; row < completions.size(); row++) {
            var own = new ArrayList<Long>();
            for (int i = 0; i < prompts.get(row).size(); i++) {
                if (promptMask.get(row).get(i).asInt() == 1) {
                    own.add(prompts.get(row).get(i).asLong());
                }
            }
            var foreseen = new ArrayList<Integer>();
            for (int i = 0; i < completions.get(row).size(); i++) {
                if (completionMask.get(row).get(i).asInt() == 1) {
                    foreseen.add(own.size());
                    own.add(completions.get(row).get(i).asLong());
                }
            }
            ids.add(own);
            targets.add(foreseen);
        }
        return this;
    }

    private static void check(JsonNode tokens, JsonNode... beside) {
        for (var other : beside) {
            if (!tokens.isArray() || tokens.size() != other.size()) {
                throw new IllegalArgumentException(
                        "a batch has %d rows of tokens and %d rows beside them".formatted(tokens.size(), other.size()));
            }
        }
    }

    private void add(JsonNode tokens, JsonNode present, List<Boolean> learned) {
        var own = new ArrayList<Long>();
        var foreseen = new ArrayList<Integer>();
        for (int i = 0; i < tokens.size(); i++) {
            if (present.get(i).asInt() == 1) {
                if (learned.get(i) && !own.isEmpty()) {
                    foreseen.add(own.size());
                }
                own.add(tokens.get(i).asLong());
            }
        }
        ids.add(own);
        targets.add(foreseen);
    }

    int count() {
        return ids.size();
    }

    /// What is to be foreseen in each row, but the token that ends it.
    List<List<Long>> answers() {
        var answers = new ArrayList<List<Long>>();
        for (int row = 0; row < count(); row++) {
            var own = ids.get(row);
            var foreseen = targets.get(row).stream().map(own::get).toList();
            answers.add(foreseen.subList(0, Math.max(0, foreseen.size() - 1)));
        }
        return answers;
    }

    /// 1 for each target that is also one of `answers`, else 0: an answer's tokens in a whole
    /// row's.
    List<Float> flags(LossRows answers) {
        var flags = new ArrayList<Float>();
        for (int row = 0; row < count(); row++) {
            for (int target : targets.get(row)) {
                flags.add(answers.targets.get(row).contains(target) ? 1f : 0f);
            }
        }
        return flags;
    }

    TokenBatch batch(ProgramRunner runner, NDManager scope) {
        int time = longest();
        var positions = new ArrayList<Long>();
        var foreseen = new ArrayList<Long>();
        var rows = new ArrayList<Long>();
        for (int row = 0; row < count(); row++) {
            for (int target : targets.get(row)) {
                positions.add((long) row * time + target - 1);
                foreseen.add(ids.get(row).get(target));
                rows.add((long) row);
            }
        }
        return new TokenBatch(
                tokens(runner, scope, time),
                vector(runner, scope, positions),
                vector(runner, scope, foreseen),
                vector(runner, scope, rows));
    }

    /// Each row with its last token as its one position.
    TokenBatch ends(ProgramRunner runner, NDManager scope) {
        int time = longest();
        var positions = new ArrayList<Long>();
        var rows = new ArrayList<Long>();
        for (int row = 0; row < count(); row++) {
            positions.add((long) row * time + ids.get(row).size() - 1);
            rows.add((long) row);
        }
        var numbers = vector(runner, scope, rows);
        return new TokenBatch(tokens(runner, scope, time), vector(runner, scope, positions), numbers, numbers);
    }

    private int longest() {
        return Collections.max(ids.stream().map(List::size).toList());
    }

    private NDArray tokens(ProgramRunner runner, NDManager scope, int time) {
        var all = new long[count() * time];
        for (int row = 0; row < count(); row++) {
            for (int i = 0; i < ids.get(row).size(); i++) {
                all[row * time + i] = ids.get(row).get(i);
            }
        }
        return runner.integers(scope, all, count(), time);
    }

    private static NDArray vector(ProgramRunner runner, NDManager scope, List<Long> values) {
        var all = values.stream().mapToLong(Long::longValue).toArray();
        return runner.integers(scope, all, all.length);
    }
}
