package dev.gyre.llm.recipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/// Reads settings given as words; remembers what it was asked for, to tell a wrong key from a known one.
final class Settings {

    private final Map<String, String> given;
    private final Map<String, String> used = new LinkedHashMap<>();

    Settings(Map<String, String> given) {
        this.given = given;
    }

    /// A number above (or, where `closed`, from) `least` up to `most`.
    double number(String key, double preset, double least, boolean closed, double most) {
        var bound = "a number %s %s%s"
                .formatted(closed ? "from" : "above", plain(least), most < 1e9 ? " up to " + plain(most) : "");
        double value = parse(key, plain(preset), bound, Double::parseDouble);
        if (!(closed ? value >= least : value > least) || !(value <= most)) {
            throw refusal(key, plain(value), bound);
        }
        used.put(key, plain(value));
        return value;
    }

    int whole(String key, int preset, int least) {
        var bound = "a whole number of %d or more".formatted(least);
        int value = parse(key, Integer.toString(preset), bound, Integer::parseInt);
        if (value < least) {
            throw refusal(key, Integer.toString(value), bound);
        }
        used.put(key, Integer.toString(value));
        return value;
    }

    String word(String key, String preset, List<String> known) {
        var value = given.getOrDefault(key, preset);
        if (!known.contains(value)) {
            throw refusal(key, value, "one of " + String.join(", ", known));
        }
        used.put(key, value);
        return value;
    }

    <E extends Enum<E>> E choice(String key, E preset, Class<E> type) {
        var words = Arrays.stream(type.getEnumConstants()).map(Settings::word).toList();
        var value = given.getOrDefault(key, word(preset));
        int index = words.indexOf(value);
        if (index < 0) {
            throw refusal(key, value, "one of " + String.join(", ", words));
        }
        used.put(key, value);
        return type.getEnumConstants()[index];
    }

    List<String> names(String key, List<String> preset, List<String> known) {
        var value = given.getOrDefault(key, String.join(",", preset));
        var names = new ArrayList<String>();
        for (var name : value.split(",", -1)) {
            if (!known.contains(name.strip())) {
                throw refusal(key, value, "names among %s, with commas between".formatted(String.join(", ", known)));
            }
            names.add(name.strip());
        }
        used.put(key, String.join(",", names));
        return names;
    }

    /// Patterns with `;` between; none by default.
    List<String> patterns(String key) {
        var value = given.getOrDefault(key, "");
        used.put(key, value);
        if (value.isBlank()) {
            return List.of();
        }
        var patterns = Arrays.stream(value.split(";", -1)).map(String::strip).toList();
        if (patterns.contains("")) {
            throw refusal(key, value, "patterns of names with ; between");
        }
        return patterns;
    }

    /// Factors by pattern, as `pattern=factor;…`; none by default.
    List<Moves.Rate> rates(String key) {
        var bound = "pattern=factor with ; between, each factor a number above 0";
        var rates = new ArrayList<Moves.Rate>();
        for (var part : patterns(key)) {
            int equals = part.lastIndexOf('=');
            if (equals < 1) {
                throw refusal(key, part, bound);
            }
            try {
                rates.add(new Moves.Rate(
                        part.substring(0, equals).strip(), Double.parseDouble(part.substring(equals + 1))));
            } catch (IllegalArgumentException _) {
                throw refusal(key, part, bound);
            }
        }
        return rates;
    }

    /// Everything asked for, with its value; refuses what was given but never asked for.
    Map<String, String> finish() {
        var unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(used.keySet());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("setting %s is %s, but this recipe has no such setting; it has %s"
                    .formatted(
                            unknown.first(),
                            given.get(unknown.first()),
                            String.join(", ", new TreeSet<>(used.keySet()))));
        }
        return Map.copyOf(used);
    }

    private <T> T parse(String key, String preset, String bound, Function<String, T> parser) {
        var word = given.getOrDefault(key, preset);
        try {
            return parser.apply(word.strip());
        } catch (NumberFormatException _) {
            throw refusal(key, word, bound);
        }
    }

    private static IllegalArgumentException refusal(String key, String value, String bound) {
        return new IllegalArgumentException("setting %s is %s, must be %s".formatted(key, value, bound));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
