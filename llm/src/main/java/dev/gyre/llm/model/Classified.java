package dev.gyre.llm.model;

import java.util.Map;

/// The label a classifier gives a text.
///
/// @param probabilities of all its labels; they add up to 1
public record Classified(String label, Map<String, Double> probabilities) {

    public Classified {
        probabilities = Map.copyOf(probabilities);
    }
}
