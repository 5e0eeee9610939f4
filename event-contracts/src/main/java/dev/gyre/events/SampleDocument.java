package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The text of an accepted sample, the document behind [SampleEvent.SampleAccepted#content].
///
/// @param prompt what an answer is wanted to, or the text to be labelled
/// @param completion a known good answer, where the source has one
/// @param candidates answers to be compared, in the order of the source
/// @param metadata other columns of the row that were asked for
/// @param messages the turns of a conversation in their order; empty where it is none
public record SampleDocument(
        String prompt,
        @Nullable String completion,
        List<String> candidates,
        Map<String, String> metadata,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<Message> messages) {

    public SampleDocument {
        candidates = List.copyOf(candidates);
        metadata = Map.copyOf(metadata);
        messages = List.copyOf(messages);
    }

    /// A text that is no conversation.
    public SampleDocument(
            String prompt, @Nullable String completion, List<String> candidates, Map<String, String> metadata) {
        this(prompt, completion, candidates, metadata, List.of());
    }

    /// A turn of a conversation.
    ///
    /// @param role such as `user`, `assistant` or `system`
    public record Message(String role, String content) {}
}
