package dev.gyre.annotation.judgement;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An answer to one question as JSON; which fields must be there depends on the question's type.
///
/// @param choice id of the better candidate; missing for a tie
/// @param strength 1 slightly, 2 better, 3 much better; 0 for a tie
/// @param bothBad no candidate is acceptable
/// @param ranking ids of all candidates, best first, ties together: `[["B"],["A","C"]]`
/// @param rating of the task
/// @param ratings of the candidates by id
/// @param label one of the question's labels
/// @param labels some of the question's labels
/// @param spans parts of the prompt
/// @param candidate id of the candidate that is edited
/// @param text what the annotator wrote
/// @param turns judged turns of a conversation
record AnswerForm(
        @Nullable String choice,
        @Nullable Integer strength,
        @Nullable Boolean bothBad,
        @Nullable List<@Nullable List<@Nullable String>> ranking,
        @Nullable Integer rating,
        @Nullable Map<String, @Nullable Integer> ratings,
        @Nullable String label,
        @Nullable List<@Nullable String> labels,
        @Nullable List<@Nullable SpanForm> spans,
        @Nullable String candidate,
        @Nullable String text,
        @Nullable List<@Nullable TurnForm> turns) {

    /// @param start in Unicode code points of the prompt, from 0
    /// @param end after the last one
    record SpanForm(
            @Nullable Integer start,
            @Nullable Integer end,
            @Nullable String label) {}

    /// @param turn place in the conversation, from 0
    /// @param rewrite a better wording of it
        record TurnForm(
            @Nullable Integer turn,
            @Nullable String label,
            @Nullable String rewrite) {}

    /// The names of the fields that are given.
    List<String> given() {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("choice", choice);
        fields.put("strength", strength);
        fields.put("bothBad", bothBad);
        fields.put("ranking", ranking);
        fields.put("rating", rating);
        fields.put("ratings", ratings);
        fields.put("label", label);
        fields.put("labels", labels);
        fields.put("spans", spans);
        fields.put("candidate", candidate);
        fields.put("text", text);
        fields.put("turns", turns);
        fields.values().removeIf(Objects::isNull);
        return List.copyOf(fields.keySet());
    }
}
