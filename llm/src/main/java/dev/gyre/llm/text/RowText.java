package dev.gyre.llm.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.text.jinja.Rendering;
import dev.gyre.llm.text.jinja.Span;
import java.util.List;
import java.util.Optional;

/// One text of a row with what of it is to be learned: a prompt and its completion, or a conversation.
public sealed interface RowText {

    /// A prompt and the completion that follows it directly; the end token is learned with it.
    record Completion(String prompt, String completion) implements RowText {}

    /// What a chat template made of a conversation; the template writes every token.
    record Conversation(Rendering rendering) implements RowText {}

    /// Reads a row: `messages` (and `tools`) where `key` is `completion`, else `prompt` and `key`, both texts or both
    /// lists of messages.
    ///
    /// @param template of the model, which conversations need
    /// @throws IllegalArgumentException saying what is wrong with the row
    static RowText of(JsonNode row, String key, Optional<ChatTemplate> template) {
        if (key.equals("completion") && row.has("messages")) {
            return new Conversation(template(template, "messages").lesson(chat(row, row.get("messages"))));
        }
        if (!row.path("prompt").isArray() && !row.path(key).isArray()) {
            return new Completion(text(row, "prompt"), text(row, key));
        }
        var wanted = template(template, key);
        var all = JsonNodeFactory.instance.arrayNode();
        all.addAll(messages(row, "prompt"));
        var before = wanted.render(chat(row, all).forAnswer(), ChatTemplate.DAY).text();
        messages(row, key).forEach(all::add);
        var whole = wanted.render(chat(row, all), ChatTemplate.DAY).text();
        if (!whole.startsWith(before)) {
            throw new IllegalArgumentException(
                    "the chat template rewrites the prompt when %s follows it; give both as texts".formatted(key));
        }
        var said = new Span(before.codePointCount(0, before.length()), whole.codePointCount(0, whole.length()));
        return new Conversation(new Rendering(whole, List.of(said)));
    }

    /// The prompt of a row, for the model to answer: a text, or a list of messages.
    ///
    /// @throws IllegalArgumentException saying what is wrong with the row
    static RowText prompt(JsonNode row, Optional<ChatTemplate> template) {
        if (!row.path("prompt").isArray()) {
            return new Completion(text(row, "prompt"), "");
        }
        var chat = chat(row, row.get("prompt")).forAnswer();
        return new Conversation(template(template, "prompt").render(chat, ChatTemplate.DAY));
    }

    /// A text of a row.
    ///
    /// @throws IllegalArgumentException where it is missing or no text
    static String text(JsonNode row, String key) {
        if (!row.path(key).isTextual()) {
            throw new IllegalArgumentException(
                    "%s is %s, must be a text".formatted(key, row.has(key) ? row.get(key).getNodeType() : "missing"));
        }
        return row.path(key).asText();
    }

    private static Chat chat(JsonNode row, JsonNode messages) {
        var json = JsonNodeFactory.instance;
        return new Chat(
                messages,
                row.has("tools") ? row.get("tools") : json.nullNode(),
                json.nullNode(),
                json.objectNode(),
                false);
    }

    private static List<JsonNode> messages(JsonNode row, String key) {
        if (!row.path(key).isArray()) {
            throw new IllegalArgumentException("%s is %s, must be a list of messages as the other side of the row"
                    .formatted(key, row.has(key) ? row.get(key).getNodeType() : "missing"));
        }
        return List.copyOf(row.get(key).valueStream().toList());
    }

    private static ChatTemplate template(Optional<ChatTemplate> template, String key) {
        return template.orElseThrow(() -> new IllegalArgumentException(
                "%s is a conversation, but the base has no chat template; add chat_template.jinja to it, or give texts"
                        .formatted(key)));
    }

    /// The tokens, of which the completion or what the assistant says is to be learned.
    default Sequence tokens(Tokenizer tokenizer) {
        return switch (this) {
            case Completion row -> tokenizer.encode(row.prompt(), row.completion());
            case Conversation row -> Sequence.of(tokenizer.encode(row.rendering()));
        };
    }

    /// The tokens with the characters that they stand for.
    default MaskedTokens masked(Tokenizer tokenizer) {
        return switch (this) {
            case Completion row -> tokenizer.masked(row.prompt(), row.completion());
            case Conversation row -> tokenizer.encode(row.rendering());
        };
    }
}
