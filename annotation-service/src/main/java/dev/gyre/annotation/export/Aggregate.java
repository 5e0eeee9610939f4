package dev.gyre.annotation.export;

import dev.gyre.annotation.export.Dossier.Voice;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whose word a row is.
enum Aggregate {
    /// What most people said of a task is one row.
    MAJORITY,
    /// Every judgement is a row of its own.
    ALL;

    static Aggregate of(@Nullable String word) {
        return word == null
                ? MAJORITY
                : Arrays.stream(values())
                        .filter(aggregate -> aggregate.name().toLowerCase(Locale.ROOT).equals(word))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "aggregate is '%s', must be majority or all".formatted(word)));
    }

    /// The voices that speak together.
    List<List<Voice>> groups(List<Voice> voices) {
        return switch (this) {
            case MAJORITY -> List.of(voices);
            case ALL -> voices.stream().map(List::of).toList();
        };
    }
}
