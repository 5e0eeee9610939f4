package dev.gyre.annotation.search;

import dev.gyre.events.SampleDocument;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What of a sample is searched.
///
/// @param excerpt how it begins, on one line
/// @param words everything that people read
/// @param likeness of the prompt, or of the conversation
/// @param language that the source names in a column `language` or `lang`, in lower case
record SampleText(String excerpt, String words, MinHash likeness, Optional<String> language) {

    private static final int MOST_CHARACTERS = 100_000;
    private static final int EXCERPT_CHARACTERS = 200;

    static SampleText of(SampleDocument sample) {
        var turns = sample.messages().stream()
                .map(SampleDocument.Message::content)
                .collect(Collectors.joining("\n"));
        var prompt = turns.isEmpty() ? sample.prompt() : turns;
        var words = Stream.concat(Stream.of(sample.prompt(), turns), sample.candidates().stream())
                .filter(text -> !text.isEmpty())
                .distinct()
                .collect(Collectors.joining("\n"));
        return new SampleText(excerpt(prompt), start(clean(words), MOST_CHARACTERS), MinHash.of(prompt), language(sample));
    }

    private static Optional<String> language(SampleDocument sample) {
        return Stream.of("language", "lang")
                .map(column -> sample.metadata().getOrDefault(column, "").strip().toLowerCase(Locale.ROOT))
                .filter(language -> !language.isEmpty() && language.indexOf('\0') < 0)
                .findFirst();
    }

    private static String excerpt(String prompt) {
        var line = start(clean(prompt), 4 * EXCERPT_CHARACTERS)
                .replaceAll("\\s+", " ")
                .strip();
        return line.length() <= EXCERPT_CHARACTERS
                ? line
                : start(line, EXCERPT_CHARACTERS).stripTrailing() + "…";
    }

    /// The database keeps no zeros in texts.
    private static String clean(String text) {
        return text.replace('\0', ' ');
    }

    /// Never ends within a character.
    private static String start(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
