package dev.gyre.ingest.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.events.SampleDocument.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The turns of a conversation in a row: `role` and `content` as chat templates have them, or `from` and `value` as in
/// ShareGPT; an array, or text that holds one.
sealed interface Turns {

    /// @param messages at least one
    record Read(List<Message> messages) implements Turns {
        public Read {
            messages = List.copyOf(messages);
        }
    }

    /// @param how what is wrong and what to do, after the name of the column
    record Wrong(Reason reason, String how) implements Turns {}

    /// ShareGPT's names of those who speak.
    Map<String, String> SPEAKERS = Map.of("human", "user", "gpt", "assistant");

    static Turns of(JsonNode value) {
        if (value.isTextual()) {
            try {
                return ofArray(new JsonMapper().readTree(value.textValue()));
            } catch (JsonProcessingException broken) {
                return wrong("holds text that is no JSON; write [{\"role\": \"user\", \"content\": \"…\"}]");
            }
        }
        return ofArray(value);
    }

    private static Turns ofArray(JsonNode turns) {
        if (!turns.isArray()) {
            return wrong("holds no array of turns; write [{\"role\": \"user\", \"content\": \"…\"}]");
        }
        var messages = new ArrayList<Message>();
        for (var turn : turns) {
            var role = turn.path(turn.has("role") ? "role" : "from");
            var content = turn.path(turn.has("content") ? "content" : "value");
            if (!role.isTextual() || !content.isTextual()) {
                return wrong("holds in turn %d no 'role' and 'content' (or 'from' and 'value') that are text"
                        .formatted(messages.size() + 1));
            }
            if (Utf8.brokenAt(role.textValue()) >= 0 || Utf8.brokenAt(content.textValue()) >= 0) {
                return new Wrong(
                        Reason.BROKEN_UTF8,
                        "is not UTF-8 in turn %d; save the file as UTF-8".formatted(messages.size() + 1));
            }
            var name = TextCleaner.clean(role.textValue());
            messages.add(new Message(SPEAKERS.getOrDefault(name, name), TextCleaner.clean(content.textValue())));
        }
        if (messages.stream().allMatch(message -> message.content().isEmpty())) {
            return new Wrong(Reason.EMPTY, "holds no turn that says something; fill it or leave the row out");
        }
        return new Read(messages);
    }

    private static Wrong wrong(String how) {
        return new Wrong(Reason.BROKEN_CONVERSATION, how);
    }

    /// The conversation as one text, as it is searched and trained on where no chat template is at hand.
    static String transcript(List<Message> messages) {
        return messages.stream()
                .map(message -> message.role() + ": " + message.content())
                .collect(Collectors.joining("\n\n"));
    }
}
