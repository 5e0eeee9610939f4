package dev.gyre.llm.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.text.ChatTemplate;
import dev.gyre.llm.text.RowText;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.text.Tokenizer;
import dev.gyre.llm.training.TrainingJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The prompts of a file, with the answers that they have there.
///
/// @param leftOut rows that leave no room for an answer
/// @param reasons why nothing should be learned from these rows; empty where it can be
record Prompts(List<Prompt> list, int leftOut, List<String> reasons) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REASONS_TOLD = 20;

    /// A prompt.
    ///
    /// @param ids its tokens, 1 or more
    /// @param answered prompt and answer, the answer to be foreseen; the prompt alone where answers are drawn
    record Prompt(String text, long[] ids, Sequence answered) {}

    /// Reads rows.
    ///
    /// @param most tokens of an answer to be drawn
    /// @param answers whether rows have answers
    /// @throws IllegalArgumentException where the base is no model that writes, or the recipe does not fit it
    static Prompts read(TrainingJob job, Tokenizer tokenizer, int most, boolean answers) {
        int room = room(job, most);
        var template = ChatTemplate.find(job.base());
        int vocabulary = config(job).vocabulary();
        var list = new ArrayList<Prompt>();
        var reasons = new ArrayList<String>();
        int leftOut = 0;
        int number = 0;
        try (var lines = Files.newBufferedReader(job.rows())) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                try {
                    var row = JSON.readTree(line);
                    var prompt = answers
                            ? answered(row, RowText.of(row, "completion", template), tokenizer)
                            : open(RowText.prompt(row, template), tokenizer);
                    check(prompt, vocabulary);
                    if (fits(prompt, room, room + most, job.recipe().regime().tooLong())) {
                        list.add(cut(prompt, room + most));
                    } else {
                        leftOut++;
                    }
                } catch (JsonProcessingException e) {
                    reasons.add("row %d is not JSON: %s".formatted(number, e.getOriginalMessage()));
                } catch (IllegalArgumentException e) {
                    reasons.add("row %d: %s".formatted(number, e.getMessage()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s".formatted(job.rows()), e);
        }
        if (reasons.isEmpty() && list.isEmpty()) {
            reasons.add(
                    leftOut == 0
                            ? "there are no rows"
                            : "all %d rows leave no room for %d tokens of an answer; lower maxNewTokens or shorten them"
                                    .formatted(leftOut, most));
        }
        return new Prompts(
                List.copyOf(list), leftOut, List.copyOf(reasons.subList(0, Math.min(REASONS_TOLD, reasons.size()))));
    }

    /// Tokens that a prompt may have.
    private static int room(TrainingJob job, int most) {
        var regime = job.recipe().regime();
        int context = config(job).context() - job.recipe().adapter().places();
        int longest = regime.maxTokens() > 0 ? regime.maxTokens() : context;
        if (longest > context || longest - most < 1) {
            throw new IllegalArgumentException(
                    "setting maxNewTokens is %d and maxTokens %d, must leave a prompt 1 token or more of the model's %d"
                            .formatted(most, longest, context));
        }
        return longest - most;
    }

    private static DecoderConfig config(TrainingJob job) {
        var config = Architecture.read(job.base().resolve("config.json"));
        if (!(config instanceof DecoderConfig decoder) || config.tensors().containsKey(Model.SCORES)) {
            throw new IllegalArgumentException("%s holds a model that does not write".formatted(job.base()));
        }
        return decoder;
    }

    private static Prompt answered(JsonNode row, RowText text, Tokenizer tokenizer) {
        var whole = text.tokens(tokenizer);
        if (whole.targets() == 0) {
            throw new IllegalArgumentException("nothing in it is to be learned");
        }
        return new Prompt("", Arrays.copyOf(whole.ids(), whole.start()), whole);
    }

    private static Prompt open(RowText text, Tokenizer tokenizer) {
        var ids =
                switch (text) {
                    case RowText.Completion row -> tokenizer.encode(row.prompt());
                    case RowText.Conversation row ->
                        Sequence.of(tokenizer.encode(row.rendering())).ids();
                };
        var words =
                switch (text) {
                    case RowText.Completion row -> row.prompt();
                    case RowText.Conversation row -> row.rendering().text();
                };
        return new Prompt(words, ids, new Sequence(ids, 1));
    }

    private static void check(Prompt prompt, int vocabulary) {
        if (prompt.ids().length == 0) {
            throw new IllegalArgumentException("prompt has no token, must have 1 or more");
        }
        if (prompt.answered().largest() >= vocabulary) {
            throw new IllegalArgumentException(
                    "the tokenizer gives id %d, the model knows %d tokens; they do not belong together"
                            .formatted(prompt.answered().largest(), vocabulary));
        }
    }

    private static boolean fits(Prompt prompt, int room, int longest, Regime.TooLong tooLong) {
        return prompt.ids().length <= room
                && switch (tooLong) {
                    case REFUSE -> prompt.answered().length() <= longest;
                    case CUT -> true;
                };
    }

    private static Prompt cut(Prompt prompt, int longest) {
        return new Prompt(prompt.text(), prompt.ids(), prompt.answered().cut(longest));
    }

    /// The number of rows in it.
    List<Integer> lengths() {
        return list.stream().map(prompt -> prompt.answered().length()).toList();
    }

    /// Tokens that an answer of a recipe has at most.
    static int most(Recipe recipe) {
        return switch (recipe) {
            case Recipe.Reinforcement its -> its.rollout().maxNewTokens();
            case Recipe.Distillation its -> its.maxNewTokens();
            case Recipe.Supervised _, Recipe.Dpo _, Recipe.Reward _, Recipe.Classification _ ->
                throw new IllegalArgumentException(
                        "this recipe does not write while it learns; run it by dev.gyre.llm.training.Training");
        };
    }
}
