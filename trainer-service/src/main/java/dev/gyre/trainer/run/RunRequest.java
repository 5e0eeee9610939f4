package dev.gyre.trainer.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run as somebody asks for it; what is null was left out.
///
/// @param model name under which the result is registered
/// @param base `name@number` or `name@champion`
/// @param seed of everything random, 0 if left out
/// @param tooLong `refuse` or `cut`: what happens to a row beyond the model's context
record RunRequest(
        @Nullable String model,
        @Nullable String base,
        @Nullable String dataset,
        @Nullable Learning recipe,
        @Nullable Long seed,
        @Nullable String tooLong) {

    /// @param method `supervised`, `dpo` or `classification`
    /// @param adapter `lora` or `none`, for classification `frozen` or `none`
    record Learning(
            @Nullable String method,
            @Nullable String adapter,
            @Nullable Map<String, @Nullable String> settings) {}
}
