package dev.gyre.llm.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which of the weights that could learn do so, and how fast beside the others.
///
/// A pattern meets a whole name, as the model's or the adapter's file has it; `*` stands for any letters, `?` for one.
///
/// @param train patterns of the weights that move, the others keep every byte; empty moves all
/// @param rates factors of the learning rate; the first pattern that meets a name decides, without one it is 1
/// @param layerDecay factor from each layer to the one below it, above 0 up to 1: the head and what has no layer
/// learn at 1, layer `i` of `n` at `layerDecay^(n-i)`, embeddings at `layerDecay^(n+1)`
/// ([paper](https://arxiv.org/abs/1801.06146), section 3.2; [paper](https://arxiv.org/abs/2003.10555), appendix B)
public record Moves(List<String> train, List<Rate> rates, double layerDecay) {

    /// Everything moves at the one rate.
    public static final Moves ALL = new Moves(List.of(), List.of(), 1);

    private static final Pattern LAYER = Pattern.compile("(?:^|\\.)(?:layers|layer|h)\\.(\\d+)\\.");
    private static final Pattern EMBEDDING = Pattern.compile("(?:^|\\.)(?:\\w*embed\\w*|wte|wpe)\\.");

    /// A factor of the learning rate for the names that a pattern meets.
    ///
    /// @param factor above 0
    public record Rate(String pattern, double factor) {
        public Rate {
            if (!(factor > 0) || Double.isInfinite(factor)) {
                throw new IllegalArgumentException(
                        "the rate of %s is %s, must be above 0; a weight that train leaves out does not move"
                                .formatted(pattern, factor));
            }
        }
    }

    public Moves {
        train = List.copyOf(train);
        rates = List.copyOf(rates);
        if (!(layerDecay > 0 && layerDecay <= 1)) {
            throw new IllegalArgumentException("layerDecay is %s, must be above 0, at most 1".formatted(layerDecay));
        }
    }

    /// The factor of every weight that moves, the names of equal factors side by side.
    ///
    /// @param names of all weights that could learn
    /// @throws IllegalArgumentException where a pattern meets none of them, naming those nearest to it
    public Map<String, Double> factors(Collection<String> names) {
        train.forEach(pattern -> check("train", pattern, names));
        rates.forEach(rate -> check("rates", rate.pattern(), names));
        int layers = names.stream().mapToInt(Moves::layer).max().orElse(-1) + 1;
        var found = new LinkedHashMap<String, Double>();
        names.stream()
                .filter(name -> train.isEmpty() || train.stream().anyMatch(pattern -> meets(pattern, name)))
                .forEach(name -> found.put(name, factor(name, layers)));
        var together = new LinkedHashMap<String, Double>();
        found.values().stream()
                .distinct()
                .forEach(factor -> found.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(factor))
                        .forEach(entry -> together.put(entry.getKey(), factor)));
        return together;
    }

    private double factor(String name, int layers) {
        double own = rates.stream()
                .filter(rate -> meets(rate.pattern(), name))
                .mapToDouble(Rate::factor)
                .findFirst()
                .orElse(1);
        return own * Math.pow(layerDecay, below(name, layers));
    }

    /// How many layers' decay reaches a weight.
    private static int below(String name, int layers) {
        int layer = layer(name);
        if (layer >= 0) {
            return layers - layer;
        }
        return EMBEDDING.matcher(name).find() ? layers + 1 : 0;
    }

    private static int layer(String name) {
        var match = LAYER.matcher(name);
        return match.find() ? Integer.parseInt(match.group(1)) : -1;
    }

    private static boolean meets(String pattern, String name) {
        var expression = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return name.matches(expression);
    }

    private static void check(String setting, String pattern, Collection<String> names) {
        if (names.stream().noneMatch(name -> meets(pattern, name))) {
            throw new IllegalArgumentException(
                    "setting %s has the pattern %s, which meets no weight; the nearest are %s"
                            .formatted(
                                    setting,
                                    pattern,
                                    names.stream()
                                            .sorted(Comparator.comparingInt(name -> distance(pattern, name)))
                                            .limit(3)
                                            .collect(Collectors.joining(", "))));
        }
    }

    /// Letters to change, add or take away between two words (Levenshtein's distance).
    private static int distance(String one, String other) {
        var before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            var row = new int[before.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(before[j], row[j - 1]) + 1);
            }
            before = row;
        }
        return before[other.length()];
    }
}
