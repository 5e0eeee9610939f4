package dev.gyre.llm.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.objective.BinaryClassifier;
import dev.gyre.llm.objective.KahnemanTversky;
import dev.gyre.llm.objective.OddsRatio;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.ChatTemplate;
import dev.gyre.llm.text.RowText;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/// Makes examples of the rows of a file, one after the other.
final class RowReader {

    private final Recipe recipe;
    private final Tokenizer tokenizer;
    private final Optional<ChatTemplate> template;
    private final int vocabulary;
    private String lastCompletion = "";

    /// @param template of the model, which rows that are conversations need
    /// @param vocabulary number of tokens the model knows
    RowReader(Recipe recipe, Tokenizer tokenizer, Optional<ChatTemplate> template, int vocabulary) {
        this.recipe = recipe;
        this.tokenizer = tokenizer;
        this.template = template;
        this.vocabulary = vocabulary;
    }

    /// The examples of a row: one, or two where a pair is judged answer by answer.
    ///
    /// @throws IllegalArgumentException saying what is wrong with the row
    List<Example> read(JsonNode row) {
        return switch (recipe) {
            case Recipe.Supervised _ ->
                List.of(new Example.Demonstration(answer(row, "completion")));
            case Recipe.Dpo preference ->
                switch (preference.objective()) {
                    case KahnemanTversky judging -> judged(row, !judging.anchored());
                    case BinaryClassifier _ -> judged(row, false);
                    case OddsRatio _ -> List.of(withPrompt(pair(row)));
                    default -> List.of(pair(row));
                };
            case Recipe.Reward _ -> List.of(ranked(row));
            case Recipe.Reinforcement _, Recipe.Distillation _ -> throw Training.elsewhere();
            case Recipe.Classification _ -> List.of(labelled(RowText.text(row, "text"), RowText.text(row, "label")));
        };
    }

    private Example.Preference pair(JsonNode row) {
        return new Example.Preference(answer(row, "chosen"), answer(row, "rejected"));
    }

    private Example.Ranked ranked(JsonNode row) {
        var margin = row.path("margin");
        if (row.hasNonNull("margin") && !(margin.isNumber() && Double.isFinite(margin.asDouble()))) {
            throw new IllegalArgumentException("margin is %s, must be a number".formatted(margin));
        }
        return new Example.Ranked(answer(row, "chosen"), answer(row, "rejected"), margin.asDouble(0));
    }

    private static Example.Preference withPrompt(Example.Preference pair) {
        return new Example.Preference(pair.chosen().from(1), pair.rejected(), pair.answer());
    }

    /// A row says `completion` and `desirable`, or it is a pair.
    private List<Example> judged(JsonNode row, boolean withOther) {
        if (row.has("completion")) {
            if (!row.path("desirable").isBoolean()) {
                throw new IllegalArgumentException("desirable is %s, must be true or false"
                        .formatted(row.has("desirable") ? row.get("desirable") : "missing"));
            }
            return keepingLast(
                    RowText.text(row, "completion"),
                    List.of(judged(row, "completion", row.get("desirable").asBoolean(), withOther)));
        }
        return keepingLast(
                RowText.text(row, "chosen"),
                List.of(judged(row, "chosen", true, withOther), judged(row, "rejected", false, withOther)));
    }

    private List<Example> keepingLast(String completion, List<Example> examples) {
        lastCompletion = completion;
        return examples;
    }

    /// The other answer is that of the row before; the first row's prompt stays unanswered.
    private Example judged(JsonNode row, String key, boolean desirable, boolean withOther) {
        var prompt = RowText.text(row, "prompt");
        var completion = RowText.text(row, key);
        Optional<Sequence> other = withOther ? Optional.of(encoded(prompt, lastCompletion)) : Optional.empty();
        return new Example.Judged(encoded(prompt, completion), other, desirable);
    }

    private Example labelled(String text, String label) {
        if (label.isBlank()) {
            throw new IllegalArgumentException("label is blank, must be a word");
        }
        var sequence = tokenizer.whole(text);
        checkIds(sequence);
        return new Example.Labelled(sequence, label);
    }

    private void checkIds(Sequence sequence) {
        if (sequence.largest() >= vocabulary) {
            throw new IllegalArgumentException(
                    "the tokenizer gives id %d, the model knows %d tokens; they do not belong together"
                            .formatted(sequence.largest(), vocabulary));
        }
    }

    private Sequence encoded(String prompt, String completion) {
        return checked(tokenizer.encode(prompt, completion));
    }

    private Sequence answer(JsonNode row, String key) {
        return checked(RowText.of(row, key, template).tokens(tokenizer));
    }

    private Sequence checked(Sequence sequence) {
        checkIds(sequence);
        if (sequence.targets() == 0) {
            throw new IllegalArgumentException(
                    "nothing in it is to be learned: prompt and completion are both empty, or the assistant says nothing");
        }
        return sequence;
    }
}
