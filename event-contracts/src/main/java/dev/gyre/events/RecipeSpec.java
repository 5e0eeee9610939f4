package dev.gyre.events;

import java.util.Map;

/// How a model is to learn, as it was asked for.
///
/// @param method `supervised`, `dpo` or `classification`
/// @param adapter `lora`, `frozen` for a classifier's head alone, or `none` for all weights
/// @param settings by name, such as `learningRate`; what is missing has its documented default
public record RecipeSpec(String method, String adapter, Map<String, String> settings) {

    public RecipeSpec {
        settings = Map.copyOf(settings);
    }
}
