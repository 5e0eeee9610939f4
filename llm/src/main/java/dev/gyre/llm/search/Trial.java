package dev.gyre.llm.search;

import java.util.Map;

/// One choice of settings, and how far it came.
///
/// @param number from 0, in the order of drawing
/// @param settings that were drawn
/// @param steps that it made
/// @param loss the smallest held-out loss that it reached, infinite where it left the numbers
public record Trial(int number, Map<String, String> settings, int steps, double loss) {

    public Trial {
        settings = Map.copyOf(settings);
    }
}
