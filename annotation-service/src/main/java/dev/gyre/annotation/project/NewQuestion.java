package dev.gyre.annotation.project;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A question as it is sent.
public record NewQuestion(
        @Nullable String type,
        @Nullable String text,
        @Nullable List<String> labels) {

    /// The question that a request means.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    public static Question question(@Nullable NewQuestion sent) {
        return sent == null ? Question.of(null, null, null) : Question.of(sent.type, sent.text, sent.labels);
    }
}
