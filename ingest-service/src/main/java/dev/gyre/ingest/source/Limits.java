package dev.gyre.ingest.source;

import org.jspecify.annotations.Nullable;

/// What a row may cost.
///
/// @param maxCharacters the most characters (Unicode code points) of a prompt together with its longest answer
public record Limits(int maxCharacters) {

    public static final Limits DEFAULT = new Limits(100_000);

    private static final int HIGHEST = 10_000_000;

    public Limits {
        if (maxCharacters < 1 || maxCharacters > HIGHEST) {
            throw new IllegalArgumentException(
                    "limits.maxCharacters is %d, must be 1 to %d".formatted(maxCharacters, HIGHEST));
        }
    }

    static Limits orDefault(@Nullable Limits limits) {
        return limits == null ? DEFAULT : limits;
    }
}
