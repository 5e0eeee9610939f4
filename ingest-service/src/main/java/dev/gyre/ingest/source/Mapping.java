package dev.gyre.ingest.source;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which column of a row means what.
///
/// @param id the row's own name, unique in its source; without it a row is called by its upload and number
/// @param prompt what an answer is wanted to; where the rows are conversations, `messages` takes its place
/// @param context more of the prompt, which a row may lack, such as Alpaca's `input`
/// @param completion a known good answer
/// @param candidates answers to be compared: none, or two and more
/// @param slice part of the population that the row speaks for; rows without are of slice [#EVERYTHING]
/// @param subject pseudonymous key of the person that the row speaks of
/// @param metadata columns that are kept beside the text as they are
/// @param promptTemplate how the prompt is put together from `{prompt}` and `{context}`, one under the other if not
/// said; a line that is nothing but
/// `{context}` is left out where a row has none
/// @param messages the turns of a conversation: `[{"role": …, "content": …}]`, or `from` and `value` as in ShareGPT
public record Mapping(
        @Nullable String id,
        @Nullable String prompt,
        @Nullable String context,
        @Nullable String completion,
        List<String> candidates,
        @Nullable String slice,
        @Nullable String subject,
        List<String> metadata,
        @Nullable String promptTemplate,
        @Nullable String messages) {

    /// The slice of rows that name none.
    public static final String EVERYTHING = "all";

    private static final String PROMPT = "{prompt}";
    private static final String CONTEXT = "{context}";

    public Mapping {
        if ((prompt == null || prompt.isBlank()) == (messages == null || messages.isBlank())) {
            throw new IllegalArgumentException(
                    "mapping.prompt is missing; name the column that holds the prompt, or in mapping.messages that of a conversation, not both");
        }
        if (messages != null && (context != null || promptTemplate != null)) {
            throw new IllegalArgumentException(
                    "mapping.context and mapping.promptTemplate belong to mapping.prompt; a conversation has none");
        }
        candidates = candidates == null ? List.of() : List.copyOf(candidates);
        metadata = metadata == null ? List.of() : List.copyOf(metadata);
        if (candidates.size() == 1 || new LinkedHashSet<>(candidates).size() < candidates.size()) {
            throw new IllegalArgumentException(
                    "mapping.candidates is %s, must be none or at least two different columns; one known answer is mapping.completion"
                            .formatted(candidates));
        }
        if (promptTemplate != null
                && (!promptTemplate.contains(PROMPT) || (context != null && !promptTemplate.contains(CONTEXT)))) {
            throw new IllegalArgumentException("mapping.promptTemplate must contain %s"
                    .formatted(context == null ? PROMPT : PROMPT + " and " + CONTEXT));
        }
    }

    private String template() {
        return promptTemplate == null ? PROMPT + "\n" + CONTEXT : promptTemplate;
    }

    /// Every column that the mapping names, without repeats.
    public List<String> columns() {
        var named = Stream.of(
                        Stream.of(prompt, messages).filter(Objects::nonNull),
                        candidates.stream(),
                        metadata.stream(),
                        Stream.of(id, context, completion, slice, subject).filter(Objects::nonNull))
                .flatMap(columns -> columns);
        return List.copyOf(new LinkedHashSet<>(named.toList()));
    }

    /// Columns that must hold text in every row.
    public List<String> texts() {
        var texts = new ArrayList<String>();
        if (prompt != null) {
            texts.add(prompt);
        }
        if (completion != null) {
            texts.add(completion);
        }
        texts.addAll(candidates);
        return texts;
    }

    /// The prompt that the model will see.
    ///
    /// @param contextText empty where the row has none
    public String fill(String promptText, String contextText) {
        var template = contextText.isEmpty() ? withoutContext(template()) : template();
        var parts = template.split(Pattern.quote(PROMPT), -1);
        return String.join(
                promptText,
                Stream.of(parts).map(part -> part.replace(CONTEXT, contextText)).toList());
    }

    private static String withoutContext(String template) {
        var lines = template.lines().filter(line -> !line.equals(CONTEXT)).toList();
        return String.join("\n", lines) + (template.endsWith("\n") ? "\n" : "");
    }
}
