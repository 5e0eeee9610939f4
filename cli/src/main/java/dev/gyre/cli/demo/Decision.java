package dev.gyre.cli.demo;

/// What a judge says of a row.
sealed interface Decision {

    /// @param original place of the better answer in the order of the source, from 0
    /// @param strength 1 to 3
    record Prefer(int original, int strength) implements Decision {}

    record Tie() implements Decision {}

    record BothBad() implements Decision {}

    record Label(String label) implements Decision {}

    record Write(String text) implements Decision {}
}
