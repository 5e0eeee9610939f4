package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks into rows.
final class Fields {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Fields() {}

    /// The text of the first of these fields that has one.
    static Optional<String> find(JsonNode row, String... names) {
        return Arrays.stream(names)
                .map(row::path)
                .filter(field -> field.isTextual() || field.isNumber())
                .map(JsonNode::asText)
                .findFirst();
    }

    static @Nullable String text(JsonNode row, String name) {
        return find(row, name).orElse(null);
    }

    /// @throws IllegalArgumentException if none has one
    static String require(JsonNode row, String... names) {
        return find(row, names)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new IllegalArgumentException(
                        "the row has no text in %s".formatted(String.join(" or ", names))));
    }

    /// A list or an object, which CSV has as JSON in its field.
    static JsonNode nested(JsonNode row, String name) {
        var field = row.path(name);
        if (!field.isTextual()) {
            return field;
        }
        try {
            return JSON.readTree(field.textValue());
        } catch (JsonProcessingException broken) {
            return MissingNode.getInstance();
        }
    }

    /// A field with messages, which CSV has as JSON; a text that is no conversation stays what it is.
    static JsonNode conversation(JsonNode row, String name) {
        var field = row.path(name);
        return field.isTextual() && field.textValue().startsWith("[{\"role\":") ? nested(row, name) : field;
    }

    static List<String> texts(JsonNode values) {
        var texts = new ArrayList<String>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }

    static List<Message> messages(JsonNode turns) {
        var messages = new ArrayList<Message>();
        for (var turn : turns) {
            var role = find(turn, "role", "from");
            var content = find(turn, "content", "value", "text");
            if (role.isEmpty() || content.isEmpty()) {
                throw new IllegalArgumentException("a turn has no role or no content: " + turn);
            }
            messages.add(new Message(role(role.get()), content.get()));
        }
        return messages;
    }

    private static String role(String name) {
        return switch (name) {
            case "human" -> "user";
            case "gpt" -> "assistant";
            case "observation" -> "tool";
            default -> name;
        };
    }

    /// A conversation with its candidates; one turn of a user alone is a text.
    static SampleDocument document(List<Message> turns, @Nullable String completion, List<String> candidates) {
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("the row has no turn before the answer");
        }
        boolean isText = turns.size() == 1 && turns.getFirst().role().equals("user");
        var prompt = turns.reversed().stream()
                .filter(turn -> turn.role().equals("user"))
                .findFirst()
                .orElse(turns.getLast())
                .content();
        return new SampleDocument(prompt, completion, candidates, Map.of(), isText ? List.of() : turns);
    }
}
