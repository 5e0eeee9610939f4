package dev.gyre.registry.hub;

import java.util.regex.Pattern;

/// Which version of a model a client asks for.
sealed interface Revision {

    /// `main`, `HEAD` or `champion`.
    record Champion() implements Revision {}

    /// `v3`, or `3`.
    record Number(int number) implements Revision {}

    /// 40 hex digits; never moves.
    record Commit(String id) implements Revision {}

    /// Any other word.
    record Alias(String name) implements Revision {}

    Pattern NUMBER = Pattern.compile("v?([1-9]\\d{0,8})");
    Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    static Revision parse(String text) {
        var word = text.startsWith("refs/heads/") || text.startsWith("refs/tags/")
                ? text.substring(text.indexOf('/', 5) + 1)
                : text;
        if (word.equals("main") || word.equals("HEAD") || word.equals("champion")) {
            return new Champion();
        }
        if (COMMIT.matcher(word).matches()) {
            return new Commit(word);
        }
        var number = NUMBER.matcher(word);
        return number.matches() ? new Number(Integer.parseInt(number.group(1))) : new Alias(word);
    }
}
