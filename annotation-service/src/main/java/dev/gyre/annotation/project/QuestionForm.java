package dev.gyre.annotation.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A question as JSON, sent, kept and shown: which fields must be there depends on the type.
///
/// @param type `PAIRWISE`, `RANKING`, `RATING`, `LABEL`, `LABELS`, `SPANS`, `TEXT`, `DEMONSTRATION`, `EDIT` or `TURNS`
/// @param name how answers name it; `answer` where there is only one
/// @param text the question in the words that the annotator reads
/// @param required whether an answer must be given; the first question always is
/// @param help a sentence beside it
/// @param when the answer before it that it depends on
/// @param labels of `LABEL`, `LABELS`, `SPANS` and `TURNS`
/// @param from lowest rating
/// @param to highest rating
/// @param each whether every candidate is rated, instead of the task
/// @param least fewest labels of `LABELS`
/// @param most most labels of `LABELS`
/// @param overlap whether spans may overlap
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuestionForm(
        @Nullable String type,
        @Nullable String name,
        @Nullable String text,
        @Nullable Boolean required,
        @Nullable String help,
        @Nullable When when,
        @Nullable List<@Nullable String> labels,
        @Nullable Integer from,
        @Nullable Integer to,
        @Nullable Boolean each,
        @Nullable Integer least,
        @Nullable Integer most,
        @Nullable Boolean overlap) {

    /// @param question name of an earlier question
    /// @param is answers to it, as they are counted, of which one must have been given
    public record When(
            @Nullable String question, @Nullable List<@Nullable String> is) {}

    /// The fields given here that belong to some types only.
    List<String> special() {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("labels", labels);
        fields.put("from", from);
        fields.put("to", to);
        fields.put("each", each);
        fields.put("least", least);
        fields.put("most", most);
        fields.put("overlap", overlap);
        fields.values().removeIf(Objects::isNull);
        return List.copyOf(fields.keySet());
    }
}
