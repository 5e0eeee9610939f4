package dev.gyre.llm.model;

import org.jspecify.annotations.Nullable;

/// A prompt, and the adapter under which it is answered.
///
/// @param adapter the name that the adapter was opened by; null answers as the model itself does
public record AdaptedPrompt(String text, @Nullable String adapter) {}
