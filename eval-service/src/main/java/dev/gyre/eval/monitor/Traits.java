package dev.gyre.eval.monitor;

import dev.gyre.eval.drift.Words;
import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What is kept of a text instead of the text: sizes, alphabet, and the codes of its words.
///
/// @param length characters
/// @param alphabet the script that most letters are of, `NONE` where there are none
/// @param repeated share of the words that were said before in the text
/// @param words hash of each different word
record Traits(int length, String alphabet, double repeated, List<Integer> words) {

    Traits {
        words = List.copyOf(words);
    }

    static Traits of(String text) {
        var words = Words.of(text);
        return new Traits(
                text.codePointCount(0, text.length()),
                alphabet(text),
                Words.repeated(words),
                words.stream().distinct().map(String::hashCode).toList());
    }

    int[] codes() {
        return words.stream().mapToInt(Integer::intValue).toArray();
    }

    private static String alphabet(String text) {
        var letters = new EnumMap<UnicodeScript, Integer>(UnicodeScript.class);
        text.codePoints()
                .filter(Character::isLetter)
                .forEach(letter -> letters.merge(UnicodeScript.of(letter), 1, Integer::sum));
        return letters.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> most.getKey().name())
                .orElse("NONE");
    }
}
