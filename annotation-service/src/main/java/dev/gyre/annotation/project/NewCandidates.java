package dev.gyre.annotation.project;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who is asked for candidates, as it is sent.
public record NewCandidates(
        @Nullable String model,
        @Nullable Integer count,
        @Nullable Integer maxNewTokens) {

    private static final int MAX_NEW_TOKENS = 128;

    /// @param otherwise the model that is asked where the request names none
    public Answering answering(String otherwise) {
        return new Answering(
                Objects.requireNonNullElse(model, otherwise),
                Objects.requireNonNullElse(count, 2),
                Objects.requireNonNullElse(maxNewTokens, MAX_NEW_TOKENS));
    }
}
