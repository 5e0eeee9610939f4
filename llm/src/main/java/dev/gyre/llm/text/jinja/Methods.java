package dev.gyre.llm.text.jinja;

import dev.gyre.llm.text.jinja.Values.None;
import dev.gyre.llm.text.jinja.Values.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The methods of strings, lists and dictionaries that change nothing.
final class Methods {

    private static final Set<String> OF_STRING = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "rsplit",
            "splitlines",
            "startswith",
            "endswith",
            "replace",
            "upper",
            "lower",
            "capitalize",
            "title",
            "find",
            "rfind",
            "index",
            "count",
            "join",
            "isdigit",
            "isnumeric",
            "isdecimal",
            "isalpha",
            "isalnum",
            "isspace",
            "isupper",
            "islower",
            "removeprefix",
            "removesuffix",
            "partition",
            "rpartition",
            "zfill");
    private static final Set<String> OF_MAP = Set.of("get", "items", "keys", "values", "copy");
    private static final Set<String> OF_LIST = Set.of("index", "count", "copy");
    private static final Set<String> CHANGING = Set.of(
            "append",
            "extend",
            "insert",
            "remove",
            "pop",
            "clear",
            "sort",
            "reverse",
            "update",
            "setdefault",
            "popitem");

    private Methods() {}

    /// The method of a value, null where it has none of that name.
    static @Nullable Callable find(Object value, String name, Budget budget) {
        return switch (value) {
            case String text when OF_STRING.contains(name) -> given -> onString(text, name, given, budget);
            case Map<?, ?> map when OF_MAP.contains(name) -> given -> onMap(map, name, given, budget);
            case List<?> list when OF_LIST.contains(name) -> given -> onList(list, name, given, budget);
            case Map<?, ?> _, List<?> _
            when CHANGING.contains(name) ->
                _ -> {
                    throw new TemplateException("%s.%s would change a value; only a namespace may be changed"
                            .formatted(Values.type(value), name));
                };
            default -> null;
        };
    }

    private static Object onString(String text, String name, Given given, Budget budget) {
        budget.steps(text.length() / 16);
        var result = switch (name) {
            case "strip" ->
                Text.stripRight(Text.stripLeft(text, given.textOrNull(0, "chars")), given.textOrNull(0, "chars"));
            case "lstrip" -> Text.stripLeft(text, given.textOrNull(0, "chars"));
            case "rstrip" -> Text.stripRight(text, given.textOrNull(0, "chars"));
            case "split", "rsplit" -> split(text, name, given);
            case "splitlines" -> lines(text);
            case "startswith" -> affixes(given).stream().anyMatch(text::startsWith);
            case "endswith" -> affixes(given).stream().anyMatch(text::endsWith);
            case "replace" -> replace(text, given, budget);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" -> Text.capitalize(text);
            case "title" -> Text.title(text);
            case "find", "index" -> found(text, text.indexOf(given.text(0, "sub")), name);
            case "rfind" -> found(text, text.lastIndexOf(given.text(0, "sub")), name);
            case "count" ->
                given.text(0, "sub").isEmpty()
                        ? Values.length(text) + 1
                        : Text.split(text, given.text(0, "sub"), -1).size() - 1L;
            case "join" -> join(text, Values.elements(given.need(0, "iterable"), budget), budget);
            case "removeprefix" ->
                text.startsWith(given.text(0, "prefix"))
                        ? text.substring(given.text(0, "prefix").length())
                        : text;
            case "removesuffix" ->
                text.endsWith(given.text(0, "suffix"))
                        ? text.substring(
                                0, text.length() - given.text(0, "suffix").length())
                        : text;
            case "partition" -> partition(text, given.text(0, "sep"), false);
            case "rpartition" -> partition(text, given.text(0, "sep"), true);
            case "zfill" -> filled(text, given.whole(0, "width", 0), budget);
            case "isspace" -> all(text, Text::isSpace);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, Character::isLetterOrDigit);
            case "isupper" ->
                text.chars().anyMatch(Character::isUpperCase) && text.chars().noneMatch(Character::isLowerCase);
            case "islower" ->
                text.chars().anyMatch(Character::isLowerCase) && text.chars().noneMatch(Character::isUpperCase);
            default -> all(text, Character::isDigit);
        };
        budget.make(
                result instanceof String made ? made.length() : result instanceof List<?> list ? 4L * list.size() : 0);
        return result;
    }

    private static Boolean all(String text, java.util.function.IntPredicate each) {
        return !text.isEmpty() && text.codePoints().allMatch(each);
    }

    private static String filled(String text, long width, Budget budget) {
        long more = width - Values.length(text);
        budget.make(Math.max(0, more));
        boolean signed = text.startsWith("-") || text.startsWith("+");
        var zeros = "0".repeat((int) Math.max(0, more));
        return signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text;
    }

    private static List<Object> split(String text, String name, Given given) {
        var separator = given.textOrNull(0, "sep");
        long most = given.whole(1, "maxsplit", -1);
        if (separator == null) {
            if (name.equals("rsplit") && most >= 0) {
                throw new TemplateException("rsplit needs a separator where maxsplit is given");
            }
            return Text.words(text, most);
        }
        if (separator.isEmpty()) {
            throw new TemplateException("the separator of %s is empty".formatted(name));
        }
        return name.equals("split") ? Text.split(text, separator, most) : Text.splitFromRight(text, separator, most);
    }

    private static List<Object> lines(String text) {
        var lines =
                new ArrayList<Object>(List.of(text.split("\r\n|[\n\r\u000b\f\u001c-\u001e\u0085\u2028\u2029]", -1)));
        if (Objects.equals(lines.getLast(), "")) {
            lines.removeLast();
        }
        return lines;
    }

    private static List<String> affixes(Given given) {
        return given.need(0, "prefix") instanceof List<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(given.text(0, "prefix"));
    }

    static String replace(String text, Given given, Budget budget) {
        var old = given.text(0, "old");
        var with = given.text(1, "new");
        long most = given.whole(2, "count", -1);
        long places = old.isEmpty() ? text.length() + 1L : text.length() / old.length();
        if (places > 0 && with.length() > old.length()) {
            long found = old.isEmpty() ? places : Text.split(text, old, -1).size() - 1L;
            budget.make(text.length() + found * with.length());
        }
        if (old.isEmpty() && most >= 0) {
            throw new TemplateException("replace needs something to replace");
        }
        return Text.replace(text, old, with, most);
    }

    private static Object found(String text, int at, String name) {
        if (at < 0 && name.equals("index")) {
            throw new TemplateException("index: substring not found");
        }
        return at < 0 ? -1L : (long) text.codePointCount(0, at);
    }

    static String join(String separator, List<Object> elements, Budget budget) {
        var made = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            if (!(elements.get(i) instanceof String part)) {
                throw new TemplateException(
                        "join: element %d is %s, must be a string".formatted(i, Values.type(elements.get(i))));
            }
            budget.make(separator.length() + part.length());
            made.append(i > 0 ? separator : "").append(part);
        }
        return made.toString();
    }

    private static Tuple partition(String text, String separator, boolean last) {
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    private static Object onMap(Map<?, ?> map, String name, Given given, Budget budget) {
        budget.steps(name.equals("get") ? 1 : map.size());
        return switch (name) {
            case "get" -> {
                var found = map.get(Values.key(given.need(0, "key")));
                var otherwise = given.get(1, "default");
                yield found != null ? found : otherwise != null ? otherwise : None.NONE;
            }
            case "items" -> items(map);
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<Object>(map.values());
            default -> new LinkedHashMap<Object, Object>(map);
        };
    }

    static List<Object> items(Map<?, ?> map) {
        var items = new ArrayList<Object>();
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    private static Object onList(List<?> list, String name, Given given, Budget budget) {
        budget.steps(list.size());
        if (name.equals("copy")) {
            return new ArrayList<Object>(list);
        }
        long count = 0;
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(Objects.requireNonNull(list.get(i)), given.need(0, "value"), budget)) {
                if (name.equals("index")) {
                    return (long) i;
                }
                count++;
            }
        }
        if (name.equals("index")) {
            throw new TemplateException("index: the list does not hold the value");
        }
        return count;
    }
}
