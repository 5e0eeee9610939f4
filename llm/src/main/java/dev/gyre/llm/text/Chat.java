package dev.gyre.llm.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// A conversation as a chat template takes it.
///
/// @param messages an array of objects with `role` and `content`, as transformers has them
/// @param tools an array of JSON schemas, or null where there are none
/// @param documents an array of objects, or null where there are none
/// @param settings what else the template asks for, as `enable_thinking`
/// @param toBeAnswered whether the rendering ends where the assistant's answer begins
public record Chat(JsonNode messages, JsonNode tools, JsonNode documents, ObjectNode settings, boolean toBeAnswered) {

    /// What one side says.
    public record Message(String role, String content) {}

    public Chat {
        if (!messages.isArray()) {
            throw new IllegalArgumentException("messages is %s, must be an array".formatted(messages.getNodeType()));
        }
        for (int i = 0; i < messages.size(); i++) {
            if (!messages.get(i).path("role").isTextual()) {
                throw new IllegalArgumentException("message %d has no role".formatted(i));
            }
        }
    }

    /// A conversation that is over, without tools.
    public static Chat of(JsonNode messages) {
        var json = JsonNodeFactory.instance;
        return new Chat(messages, json.nullNode(), json.nullNode(), json.objectNode(), false);
    }

    /// A conversation that is over, without tools.
    public static Chat of(List<Message> messages) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        messages.forEach(each -> array.addObject().put("role", each.role()).put("content", each.content()));
        return of(array);
    }

    /// The same conversation for the assistant to answer.
    public Chat forAnswer() {
        return new Chat(messages, tools, documents, settings, true);
    }

    /// The same conversation up to its first so many messages.
    Chat first(int count) {
        var some = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < count; i++) {
            some.add(messages.get(i));
        }
        return new Chat(some, tools, documents, settings, toBeAnswered);
    }

    /// The same conversation with tools.
    public Chat with(ArrayNode schemas) {
        return new Chat(messages, schemas, documents, settings, toBeAnswered);
    }

    /// The same conversation with more settings.
    public Chat set(String name, JsonNode value) {
        return new Chat(messages, tools, documents, settings.deepCopy().set(name, value), toBeAnswered);
    }
}
