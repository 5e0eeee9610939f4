package dev.gyre.llm.text.jinja;

/// How much a template may do before it is stopped.
///
/// @param steps expressions, statements and elements handled, 1 or more
/// @param characters made in all strings together, 1 or more
/// @param depth of calls and nesting, 1 to 1000
public record Limits(long steps, long characters, int depth) {

    /// Far beyond what a chat of a hundred thousand tokens needs; some seconds at most.
    public static final Limits USUAL = new Limits(20_000_000, 64_000_000, 400);

    public Limits {
        if (steps < 1 || characters < 1 || depth < 1 || depth > 1000) {
            throw new IllegalArgumentException(
                    "limits are %d steps, %d characters, depth %d; must be 1 or more, depth at most 1000"
                            .formatted(steps, characters, depth));
        }
    }
}
