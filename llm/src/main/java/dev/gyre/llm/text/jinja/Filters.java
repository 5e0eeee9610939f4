package dev.gyre.llm.text.jinja;

import dev.gyre.llm.text.jinja.Values.None;
import dev.gyre.llm.text.jinja.Values.Tuple;
import dev.gyre.llm.text.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What stands behind `|`.
final class Filters {

    private final Budget budget;
    private final Evaluator evaluator;

    Filters(Budget budget, Evaluator evaluator) {
        this.budget = budget;
        this.evaluator = evaluator;
    }

    Object apply(String name, Object value, Given given) {
        return switch (name) {
            case "safe", "string" -> text(value);
            case "trim" -> method(text(value), "strip", given);
            case "upper", "lower", "capitalize", "title" -> method(text(value), name, given);
            case "replace" -> budget.made(Methods.replace(text(value), given, budget));
            case "length", "count" -> Values.length(value);
            case "tojson" -> Json.write(value, given, budget);
            case "default", "d" -> otherwise(value, given);
            case "items" -> value instanceof Undefined ? List.of() : Methods.items(map(value, name));
            case "dictsort" -> dictsort(map(value, name), given);
            case "list" -> elements(value);
            case "join" -> join(value, given);
            case "map" -> map(value, given);
            case "select" -> choose(value, given, false, true);
            case "reject" -> choose(value, given, false, false);
            case "selectattr" -> choose(value, given, true, true);
            case "rejectattr" -> choose(value, given, true, false);
            case "first" -> end(elements(value), true);
            case "last" -> end(elements(value), false);
            case "reverse" ->
                value instanceof String text
                        ? new StringBuilder(text).reverse().toString()
                        : elements(value).reversed();
            case "sort" -> sort(value, given);
            case "unique" -> unique(value, given);
            case "min", "max" -> extreme(value, given, name);
            case "sum" -> sum(value, given);
            case "int" -> whole(value, given);
            case "float" -> real(value, given);
            case "abs" ->
                value instanceof Double number ? (Object) Math.abs(number) : (Object) Math.abs(Values.whole(value));
            case "round" -> round(value, given);
            case "attr" -> evaluator.path(value, given.text(0, "name"));
            case "indent" -> indent(text(value), given);
            case "wordcount" -> (long) Text.words(text(value), -1).size();
            case "escape", "e" -> escape(text(value));
            default -> throw new TemplateException("unknown filter %s".formatted(name));
        };
    }

    private String text(Object value) {
        return Values.text(value, budget);
    }

    private List<Object> elements(Object value) {
        return Values.elements(value, budget);
    }

    private Object method(String text, String name, Given given) {
        return Objects.requireNonNull(Methods.find(text, name, budget)).call(given);
    }

    private static Map<?, ?> map(Object value, String filter) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new TemplateException("%s needs a dictionary, not %s".formatted(filter, Values.type(value)));
    }

    private static Object otherwise(Object value, Given given) {
        boolean replaced = value instanceof Undefined || (given.truth(1, "boolean") && !Values.truth(value));
        var other = given.get(0, "default_value");
        return replaced ? other == null ? "" : other : value;
    }

    private List<Object> dictsort(Map<?, ?> map, Given given) {
        boolean exact = given.truth(0, "case_sensitive");
        int by = "value".equals(given.textOrNull(1, "by")) ? 1 : 0;
        var order = order(exact, item -> ((Tuple) item).get(by));
        var items = Methods.items(map);
        items.sort(given.truth(2, "reverse") ? order.reversed() : order);
        return items;
    }

    private Comparator<Object> order(boolean exact, java.util.function.UnaryOperator<Object> key) {
        return (left, right) -> Values.compare(folded(key.apply(left), exact), folded(key.apply(right), exact), budget);
    }

    private static Object folded(Object value, boolean exact) {
        return value instanceof String text && !exact ? text.toLowerCase(Locale.ROOT) : value;
    }

    private Object reach(Object value, @Nullable Object attribute) {
        return attribute == null || attribute == None.NONE ? value : evaluator.path(value, attribute);
    }

    private String join(Object value, Given given) {
        var separator = given.get(0, "d");
        var parts = new ArrayList<Object>();
        elements(value).forEach(each -> parts.add(text(reach(each, given.get(1, "attribute")))));
        return Methods.join(separator == null ? "" : text(separator), parts, budget);
    }

    private List<Object> map(Object value, Given given) {
        var made = new ArrayList<Object>();
        var attribute = given.named().get("attribute");
        var otherwise = given.named().get("default");
        for (var each : elements(value)) {
            if (attribute == null) {
                made.add(evaluator.filter(given.text(0, "filter"), each, given.after(1)));
            } else {
                var reached = evaluator.path(each, attribute);
                made.add(reached instanceof Undefined && otherwise != null ? otherwise : reached);
            }
        }
        return made;
    }

    private List<Object> choose(Object value, Given given, boolean attribute, boolean wanted) {
        int at = attribute ? 1 : 0;
        var test = given.textOrNull(at, "test");
        var chosen = elements(value);
        chosen.removeIf(each -> {
            var judged = attribute ? evaluator.path(each, given.need(0, "attribute")) : each;
            boolean holds = test == null ? Values.truth(judged) : evaluator.test(test, judged, given.after(at + 1));
            return holds != wanted;
        });
        return chosen;
    }

    private static Object end(List<Object> all, boolean first) {
        return all.isEmpty() ? new Undefined("the sequence is empty") : first ? all.getFirst() : all.getLast();
    }

    private List<Object> sort(Object value, Given given) {
        var order = order(given.truth(1, "case_sensitive"), each -> reach(each, given.get(2, "attribute")));
        var all = elements(value);
        all.sort(given.truth(0, "reverse") ? order.reversed() : order);
        return all;
    }

    private List<Object> unique(Object value, Given given) {
        var seen = new LinkedHashMap<Object, Object>();
        for (var each : elements(value)) {
            var key = folded(reach(each, given.get(1, "attribute")), given.truth(0, "case_sensitive"));
            seen.putIfAbsent(Values.key(key), each);
        }
        return new ArrayList<>(seen.values());
    }

    private Object extreme(Object value, Given given, String name) {
        var order = order(given.truth(0, "case_sensitive"), each -> reach(each, given.get(1, "attribute")));
        var all = elements(value);
        all.sort(name.equals("min") ? order : order.reversed());
        return end(all, true);
    }

    private Object sum(Object value, Given given) {
        var start = given.get(1, "start");
        Object total = start == null ? (Object) 0L : start;
        for (var each : elements(value)) {
            total = Values.arithmetic("+", total, reach(each, given.get(0, "attribute")), budget);
        }
        return total;
    }

    private static Object whole(Object value, Given given) {
        var otherwise = given.get(0, "default");
        try {
            return switch (value) {
                case String text ->
                    text.strip().matches("[-+]?\\d+")
                            ? Long.parseLong(text.strip())
                            : (Object) (long) Double.parseDouble(text.strip());
                case Double number -> (long) (double) number;
                default -> Values.whole(value);
            };
        } catch (NumberFormatException | TemplateException none) {
            return otherwise == null ? 0L : otherwise;
        }
    }

    private static Object real(Object value, Given given) {
        var otherwise = given.get(0, "default");
        try {
            return value instanceof String text ? Double.parseDouble(text.strip()) : Values.real(value);
        } catch (NumberFormatException | TemplateException none) {
            return otherwise == null ? 0.0 : otherwise;
        }
    }

    private static Object round(Object value, Given given) {
        int precision = (int) Math.clamp(given.whole(0, "precision", 0), -300, 300);
        var way = Objects.requireNonNullElse(given.textOrNull(1, "method"), "common");
        var mode = switch (way) {
            case "common" -> java.math.RoundingMode.HALF_EVEN;
            case "ceil" -> java.math.RoundingMode.CEILING;
            case "floor" -> java.math.RoundingMode.FLOOR;
            default -> throw new TemplateException("round knows common, ceil and floor, not %s".formatted(way));
        };
        return new java.math.BigDecimal(Values.real(value))
                .setScale(precision, mode)
                .doubleValue();
    }

    private String indent(String text, Given given) {
        var width = given.get(0, "width");
        var by = width instanceof String own ? own : " ".repeat((int) Math.clamp(given.whole(0, "width", 4), 0, 1000));
        boolean first = given.truth(1, "first");
        boolean blank = given.truth(2, "blank");
        var lines = text.split("\n", -1);
        var made = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            boolean indented = i == 0 ? first : blank || !lines[i].isEmpty();
            budget.make(by.length() + lines[i].length());
            made.append(i > 0 ? "\n" : "").append(indented ? by : "").append(lines[i]);
        }
        return made.toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }
}
