package dev.gyre.llm.model;

/// A prompt, used as it is, and the answer that follows it directly; the end token is added by the model.
public record PromptCompletion(String prompt, String completion) {}
