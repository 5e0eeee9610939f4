package dev.gyre.eval.monitor;

import dev.gyre.events.DriftEvent.Concern;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A watched stream: one concern of one model.
record StreamName(String workspace, String model, Concern concern) {

    /// `model/input`, `model/output` or `model/quality`.
    String text() {
        return model + "/" + word(concern);
    }

    static String word(Concern concern) {
        return concern.name().toLowerCase(Locale.ROOT);
    }

    static Optional<Concern> concern(String word) {
        return Arrays.stream(Concern.values())
                .filter(concern -> word(concern).equals(word))
                .findFirst();
    }
}
