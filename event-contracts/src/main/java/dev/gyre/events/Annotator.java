package dev.gyre.events;

/// Who judged: a pseudonym that only annotation can resolve, and what kind of judge it is.
public record Annotator(String pseudonym, Kind kind) {

    /// What stands behind a judgement; a judgement that no person gave always says so.
    public enum Kind {
        HUMAN,
        LLM,
        CODE,
        SIMULATED
    }
}
