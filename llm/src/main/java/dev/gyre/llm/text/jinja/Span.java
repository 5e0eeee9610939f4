package dev.gyre.llm.text.jinja;

/// Characters of a text from `start` up to `end`, counted in Unicode code points as Python does.
public record Span(int start, int end) {}
