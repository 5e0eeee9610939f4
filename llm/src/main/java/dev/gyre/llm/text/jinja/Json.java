package dev.gyre.llm.text.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.text.jinja.Values.None;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// JSON as Python's `json` writes it.
final class Json {

    private final StringBuilder made = new StringBuilder();
    private final Budget budget;
    private final @Nullable String indent;
    private final String between;
    private final String after;
    private final boolean ascii;
    private final boolean sorted;

    private Json(Given given, Budget budget) {
        this.budget = budget;
        ascii = given.truth(0, "ensure_ascii");
        var indented = given.get(1, "indent");
        indent = indented == null || indented == None.NONE
                ? null
                : indented instanceof String text ? text : " ".repeat((int) Math.clamp(Values.whole(indented), 0, 64));
        if (given.get(2, "separators") instanceof List<?> pair && pair.size() == 2) {
            between = String.valueOf(pair.get(0));
            after = String.valueOf(pair.get(1));
        } else {
            between = indent == null ? ", " : ",";
            after = ": ";
        }
        sorted = given.truth(3, "sort_keys");
    }

    static String write(Object value, Given given, Budget budget) {
        var json = new Json(given, budget);
        json.write(value, 0);
        return json.made.toString();
    }

    private void write(Object value, int level) {
        budget.enter();
        int before = made.length();
        switch (value) {
            case String text -> string(text);
            case Boolean truth -> made.append((boolean) truth);
            case Long number -> made.append((long) number);
            case Double number -> made.append(real(number));
            case None _ -> made.append("null");
            case List<?> list -> {
                made.append('[');
                for (int i = 0; i < list.size(); i++) {
                    next(i, level + 1);
                    write(Objects.requireNonNull(list.get(i)), level + 1);
                }
                close(list.isEmpty(), level).append(']');
            }
            case Map<?, ?> map -> {
                made.append('{');
                var keys = new ArrayList<String>();
                var values = new LinkedHashMap<String, Object>();
                map.forEach((key, each) -> values.put(key(key), each));
                keys.addAll(values.keySet());
                if (sorted) {
                    Collections.sort(keys);
                }
                for (int i = 0; i < keys.size(); i++) {
                    next(i, level + 1);
                    string(keys.get(i));
                    made.append(after);
                    write(Objects.requireNonNull(values.get(keys.get(i))), level + 1);
                }
                close(map.isEmpty(), level).append('}');
            }
            default -> throw new TemplateException("%s cannot be written as JSON".formatted(Values.type(value)));
        }
        budget.make(made.length() - before);
        budget.leave();
    }

    private void next(int index, int level) {
        made.append(index > 0 ? between : "");
        if (indent != null) {
            made.append('\n').repeat(indent, level);
        }
    }

    private StringBuilder close(boolean empty, int level) {
        if (indent != null && !empty) {
            made.append('\n').repeat(indent, level);
        }
        return made;
    }

    private static String real(double value) {
        return Double.isNaN(value)
                ? "NaN"
                : Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : Text.number(value);
    }

    private static String key(Object key) {
        return switch (key) {
            case String text -> text;
            case None _ -> "null";
            case Double number -> real(number);
            default -> key.toString();
        };
    }

    private void string(String text) {
        made.append('"');
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case '"' -> made.append("\\\"");
                case '\\' -> made.append("\\\\");
                case '\n' -> made.append("\\n");
                case '\r' -> made.append("\\r");
                case '\t' -> made.append("\\t");
                case '\b' -> made.append("\\b");
                case '\f' -> made.append("\\f");
                default -> {
                    if (each < 0x20 || (ascii && each > 0x7e)) {
                        made.append("\\u%04x".formatted((int) each));
                    } else {
                        made.append(each);
                    }
                }
            }
        }
        made.append('"');
    }

    /// A JSON value as a template sees it.
    static Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                node.isIntegralNumber() && node.canConvertToLong()
                        ? (Object) node.longValue()
                        : (Object) node.doubleValue();
            case ARRAY -> {
                var list = new ArrayList<Object>();
                node.forEach(each -> list.add(value(each)));
                yield list;
            }
            case OBJECT -> {
                var map = new LinkedHashMap<Object, Object>();
                node.properties().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
                yield map;
            }
            case NULL, MISSING, BINARY, POJO -> None.NONE;
        };
    }
}
