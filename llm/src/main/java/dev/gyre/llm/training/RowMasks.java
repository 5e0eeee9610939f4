package dev.gyre.llm.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.ChatTemplate;
import dev.gyre.llm.text.MaskedTokens;
import dev.gyre.llm.text.RowText;
import dev.gyre.llm.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a training would learn from rows, token by token, and why it would refuse them.
///
/// @param shown texts of the first rows
/// @param learnable rows (or answers) that would be learned from
/// @param cut rows that would be shortened
/// @param leftOut rows that would not be used
/// @param objections reasons to refuse the whole training; empty where it would run
public record RowMasks(List<Shown> shown, int learnable, int cut, int leftOut, List<String> objections) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SIDES = List.of("messages", "completion", "chosen", "rejected");

    /// A text of a row.
    ///
    /// @param row line in the file, from 1
    /// @param side the key it is of, such as `completion`, `chosen` or `messages`
    public record Shown(int row, String side, MaskedTokens tokens) {}

    public RowMasks {
        shown = List.copyOf(shown);
        objections = List.copyOf(objections);
    }

    /// Looks at rows as [Training#run] does, without computing anything.
    ///
    /// @param base Hugging Face folder whose tokenizer and chat template read the rows
    /// @param count rows to show; all are looked at
    /// @throws IllegalArgumentException where base and recipe do not belong together
    public static RowMasks of(Path base, Path rows, Recipe recipe, int count) {
        var look = Training.look(base, rows, recipe);
        var shown = new ArrayList<Shown>();
        if (!(recipe instanceof Recipe.Classification)) {
            var template = ChatTemplate.find(base);
            try (var tokenizer = Tokenizer.open(base);
                    var lines = Files.newBufferedReader(rows)) {
                int number = 0;
                int told = 0;
                for (var text = lines.readLine(); text != null && told < count; text = lines.readLine()) {
                    number++;
                    if (!text.isBlank()) {
                        told++;
                        show(number, text, template, tokenizer, shown);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read %s".formatted(rows), e);
            }
        }
        var examples = look.examples();
        return new RowMasks(shown, examples.list().size(), examples.cut(), examples.leftOut(), look.reasons());
    }

    /// A row that cannot be read is among the objections and not shown.
    private static void show(
            int number, String text, Optional<ChatTemplate> template, Tokenizer tokenizer, List<Shown> shown) {
        JsonNode row;
        try {
            row = JSON.readTree(text);
        } catch (JsonProcessingException _) {
            return;
        }
        for (var side : SIDES) {
            var key = side.equals("messages") ? "completion" : side;
            if (row.has(side)) {
                try {
                    shown.add(new Shown(
                            number, side, RowText.of(row, key, template).masked(tokenizer)));
                } catch (IllegalArgumentException _) {
                    return;
                }
            }
        }
    }
}
