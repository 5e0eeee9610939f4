package dev.gyre.eval.drift;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What can be said of texts by their words.
public final class Words {

    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final double SMALLEST_RISE = 0.05;

    private Words() {}

    /// @param before share of the reference's texts that have the word
    /// @param now share of the window's texts that have it
    public record Risen(String word, double before, double now) {}

    /// The words in order, in lower case.
    public static List<String> of(String text) {
        return BETWEEN.splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /// Share of the words that were said before in the same text.
    public static double repeated(List<String> words) {
        return words.isEmpty() ? 0 : 1 - (double) new HashSet<>(words).size() / words.size();
    }

    /// The words that became more frequent, the largest rise first.
    public static List<Risen> risen(List<String> reference, List<String> window, int atMost) {
        var before = frequencies(reference);
        return frequencies(window).entrySet().stream()
                .map(now -> new Risen(now.getKey(), before.getOrDefault(now.getKey(), 0.0), now.getValue()))
                .filter(word -> word.now() - word.before() >= SMALLEST_RISE)
                .sorted(Comparator.<Risen>comparingDouble(word -> word.before() - word.now())
                        .thenComparing(word -> -word.word().length())
                        .thenComparing(Risen::word))
                .limit(atMost)
                .toList();
    }

    /// Share of each text's different words that stand in no other text of the reference.
    ///
    /// @param reference words of each text, each once, by any code
    public static double[] unknownInReference(List<int[]> reference) {
        var texts = texts(reference);
        return shares(reference, texts, 1);
    }

    /// Share of each text's different words that stand in no text of the reference.
    public static double[] unknown(List<int[]> reference, List<int[]> window) {
        return shares(window, texts(reference), 0);
    }

    private static double[] shares(List<int[]> texts, Map<Integer, Integer> known, int own) {
        return texts.stream()
                .mapToDouble(words -> Arrays.stream(words)
                        .mapToDouble(word -> known.getOrDefault(word, 0) <= own ? 1 : 0)
                        .average()
                        .orElse(0))
                .toArray();
    }

    private static Map<Integer, Integer> texts(List<int[]> texts) {
        var counts = new HashMap<Integer, Integer>();
        texts.forEach(words -> Arrays.stream(words).forEach(word -> counts.merge(word, 1, Integer::sum)));
        return counts;
    }

    private static Map<String, Double> frequencies(List<String> texts) {
        var shares = new HashMap<String, Double>();
        for (var text : texts) {
            Set<String> once = new HashSet<>(of(text));
            once.forEach(word -> shares.merge(word, 1.0 / texts.size(), Double::sum));
        }
        return shares;
    }
}
