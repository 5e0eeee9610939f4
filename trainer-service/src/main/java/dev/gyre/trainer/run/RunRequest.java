package dev.gyre.trainer.run;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run as somebody asks for it; what is null was left out.
///
/// @param model name under which the result is registered
/// @param base `name@number` or `name@champion`
/// @param seed of everything random, 0 if left out
/// @param tooLong `refuse` or `cut`: what happens to a row beyond the model's context
/// @param replay earlier data sets to mix in
/// @param replayShare in place of `replay`: share of the mixed rows that is drawn from what the base's ancestors
/// learned from, 0 to 0.9
public record RunRequest(
        @Nullable String model,
        @Nullable String base,
        @Nullable String dataset,
        @Nullable Learning recipe,
        @Nullable Long seed,
        @Nullable String tooLong,
        @Nullable List<Again> replay,
        @Nullable Double replayShare) {

    /// @param method `supervised` or `dpo`
    /// @param adapter `lora` or `none`
    public record Learning(
            @Nullable String method,
            @Nullable String adapter,
            @Nullable Map<String, @Nullable String> settings) {}

    /// @param rows how many of the data set's rows to draw
    public record Again(@Nullable String dataset, @Nullable Integer rows) {}
}
