package dev.gyre.llm.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which modules of a model have an adapter, as PEFT reads `target_modules` and what narrows it.
///
/// @param names ends of module names; empty where `pattern` tells
/// @param pattern a regular expression for a whole name, or `all-linear`
/// @param without ends of names, or one pattern, of modules that have none
/// @param layers numbers of layers; empty is all
/// @param blocks the words before those numbers; empty is any
record Targets(List<String> names, @Nullable String pattern, List<String> without, @Nullable String never, List<Integer> layers, List<String> blocks) {

    private static final String ALL = "all-linear";

    Targets {
        names = List.copyOf(names);
        without = List.copyOf(without);
        layers = List.copyOf(layers);
        blocks = List.copyOf(blocks);
    }

    static Targets read(AdapterConfig config) {
        var targets = config.take("target_modules");
        if (!targets.isTextual() && (!targets.isArray() || targets.isEmpty())) {
            throw config.refusal("target_modules", "names in a list, a regular expression, or \"all-linear\"");
        }
        var without = config.take("exclude_modules");
        var layers = new ArrayList<Integer>();
        var numbers = config.take("layers_to_transform");
        if (numbers.isInt()) {
            layers.add(numbers.asInt());
        }
        numbers.forEach(number -> layers.add(number.asInt()));
        return new Targets(
                words(targets),
                targets.isTextual() ? targets.asText() : null,
                words(without),
                without.isTextual() ? without.asText() : null,
                layers,
                texts(config.take("layers_pattern")));
    }

    private static List<String> words(JsonNode list) {
        var words = new ArrayList<String>();
        list.forEach(word -> words.add(word.asText()));
        return words;
    }

    private static List<String> texts(JsonNode oneOrMore) {
        return oneOrMore.isTextual() ? List.of(oneOrMore.asText()) : words(oneOrMore);
    }

    /// @param linear whether the module is a linear layer within the model
    boolean match(String module, boolean linear) {
        boolean named = pattern == null
                ? ends(names, module)
                : pattern.equals(ALL) ? linear : Pattern.matches(pattern, module);
        boolean excluded = never == null ? ends(without, module) : Pattern.matches(never, module);
        return named && !excluded && (layers.isEmpty() || inLayers(module));
    }

    private static boolean ends(List<String> names, String module) {
        return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }

    private boolean inLayers(String module) {
        var words = blocks.isEmpty() ? List.of("[^.]*") : blocks;
        for (var word : words) {
            var found = Pattern.compile("(?:.*\\.)?%s\\.(\\d+)\\..*".formatted(word)).matcher(module);
            if (found.matches()) {
                return layers.contains(Integer.parseInt(found.group(1)));
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "target_modules " + (pattern == null ? names : pattern);
    }
}
