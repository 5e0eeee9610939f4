package dev.gyre.llm.text.jinja;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Python's rules for values: String, Long, Double, Boolean, [None], List, Map, [Undefined] and a few of Jinja's own.
final class Values {

    /// Python's `None`.
    enum None {
        NONE
    }

    /// A value that is not there: empty where it is printed, an error where something is made of it.
    ///
    /// @param why what is missing
    record Undefined(String why) {

        TemplateException failure() {
            return new TemplateException(why);
        }
    }

    /// Python's tuple, which differs from a list only where it is shown.
    static final class Tuple extends AbstractList<Object> {

        private final List<Object> elements;

        Tuple(List<Object> elements) {
            this.elements = elements;
        }

        static Tuple of(Object... elements) {
            return new Tuple(List.of(elements));
        }

        @Override
        public Object get(int index) {
            return elements.get(index);
        }

        @Override
        public int size() {
            return elements.size();
        }
    }

    /// `namespace()`: the only value that a template may change.
    static final class Namespace {

        final Map<String, Object> values = new LinkedHashMap<>();
    }

    private Values() {}

    static boolean truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Long number -> number != 0;
            case Double number -> number != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case None _, Undefined _ -> false;
            default -> true;
        };
    }

    /// Python's name of a value's type.
    static String type(Object value) {
        return switch (value) {
            case Boolean _ -> "bool";
            case String _ -> "str";
            case Long _ -> "int";
            case Double _ -> "float";
            case Tuple _ -> "tuple";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "dict";
            case None _ -> "None";
            case Undefined _ -> "undefined";
            case Callable _ -> "function";
            default -> "namespace";
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static long whole(Object value) {
        return switch (value) {
            case Long number -> number;
            case Boolean truth -> truth ? 1 : 0;
            case Undefined undefined -> throw undefined.failure();
            default -> throw new TemplateException("%s is no whole number".formatted(type(value)));
        };
    }

    static double real(Object value) {
        return value instanceof Double number ? number : whole(value);
    }

    static boolean equal(Object left, Object right, Budget budget) {
        budget.step();
        if (isNumber(left) && isNumber(right)) {
            return left instanceof Double || right instanceof Double
                    ? real(left) == real(right)
                    : whole(left) == whole(right);
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            if (one.size() != other.size() || left instanceof Tuple != right instanceof Tuple) {
                return false;
            }
            for (int i = 0; i < one.size(); i++) {
                if (!equal(one.get(i), other.get(i), budget)) {
                    return false;
                }
            }
            return true;
        }
        if (left instanceof Map<?, ?> one && right instanceof Map<?, ?> other) {
            return one.size() == other.size()
                    && one.entrySet().stream()
                            .allMatch(entry -> other.containsKey(entry.getKey())
                                    && equal(
                                            entry.getValue(),
                                            Objects.requireNonNull(other.get(entry.getKey())),
                                            budget));
        }
        if (left instanceof Undefined && right instanceof Undefined) {
            return true;
        }
        if (left instanceof String one && right instanceof String other) {
            budget.steps(Math.min(one.length(), other.length()) / 64);
            return one.equals(other);
        }
        return left instanceof None ? right instanceof None : left == right;
    }

    static int compare(Object left, Object right, Budget budget) {
        budget.step();
        if (isNumber(left) && isNumber(right)) {
            return left instanceof Double || right instanceof Double
                    ? Double.compare(real(left), real(right))
                    : Long.compare(whole(left), whole(right));
        }
        if (left instanceof String one && right instanceof String other) {
            budget.steps(Math.min(one.length(), other.length()) / 16);
            return java.util.Arrays.compare(
                    one.codePoints().toArray(), other.codePoints().toArray());
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
                if (!equal(one.get(i), other.get(i), budget)) {
                    return compare(one.get(i), other.get(i), budget);
                }
            }
            return Integer.compare(one.size(), other.size());
        }
        throw left instanceof Undefined undefined
                ? undefined.failure()
                : new TemplateException("%s and %s have no order".formatted(type(left), type(right)));
    }

    static boolean contains(Object container, Object value, Budget budget) {
        return switch (container) {
            case String text
            when value instanceof String part -> {
                budget.steps(text.length() / 16);
                yield text.contains(part);
            }
            case String _ -> throw new TemplateException("a string holds only strings, not %s".formatted(type(value)));
            case Map<?, ?> map -> map.containsKey(key(value));
            case List<?> list -> list.stream().anyMatch(each -> equal(each, value, budget));
            case Undefined _ -> false;
            default -> throw new TemplateException("%s holds nothing".formatted(type(container)));
        };
    }

    /// A value that may be a key of a dictionary; equal numbers are one key.
    static Object key(Object value) {
        return switch (value) {
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 -> (long) (double) number;
            case Boolean truth -> truth ? 1L : 0L;
            case String _, Long _, Double _, None _ -> value;
            default -> throw new TemplateException("%s cannot be a key".formatted(type(value)));
        };
    }

    /// The elements that a loop over a value sees.
    static List<Object> elements(Object value, Budget budget) {
        var all = switch (value) {
            case String text -> Text.characters(budget.made(text));
            case Map<?, ?> map -> new ArrayList<Object>(map.keySet());
            case List<?> list -> list;
            case Undefined _ -> List.of();
            default -> throw new TemplateException("%s cannot be looped over".formatted(type(value)));
        };
        budget.steps(all.size());
        return new ArrayList<>(all);
    }

    static long length(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case Map<?, ?> map -> map.size();
            case List<?> list -> list.size();
            case Undefined _ -> 0;
            default -> throw new TemplateException("%s has no length".formatted(type(value)));
        };
    }

    /// A value as it is printed.
    static String text(Object value, Budget budget) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Undefined) {
            return "";
        }
        var made = new StringBuilder();
        show(value, made, budget);
        return made.toString();
    }

    private static void show(Object value, StringBuilder made, Budget budget) {
        budget.enter();
        int before = made.length();
        switch (value) {
            case String text -> made.append(Text.quoted(text));
            case Boolean truth -> made.append(truth ? "True" : "False");
            case Double number -> made.append(Text.number(number));
            case Long number -> made.append((long) number);
            case None _ -> made.append("None");
            case Undefined _ -> made.append("Undefined");
            case List<?> list -> {
                made.append(list instanceof Tuple ? '(' : '[');
                for (int i = 0; i < list.size(); i++) {
                    made.append(i > 0 ? ", " : "");
                    show(list.get(i), made, budget);
                }
                made.append(list instanceof Tuple ? list.size() == 1 ? ",)" : ")" : "]");
            }
            case Map<?, ?> map -> {
                made.append('{');
                map.forEach((key, each) -> {
                    made.append(made.charAt(made.length() - 1) == '{' && made.length() == before + 1 ? "" : ", ");
                    show(key, made, budget);
                    made.append(": ");
                    show(each, made, budget);
                });
                made.append('}');
            }
            default -> made.append("<").append(type(value)).append(">");
        }
        budget.make(made.length() - before);
        budget.leave();
    }

    static Object arithmetic(String operator, Object left, Object right, Budget budget) {
        if (left instanceof Undefined undefined && !operator.equals("~")) {
            throw undefined.failure();
        }
        if (right instanceof Undefined undefined && !operator.equals("~")) {
            throw undefined.failure();
        }
        if (operator.equals("~")) {
            return joined(text(left, budget), text(right, budget), budget);
        }
        if (operator.equals("+") && left instanceof String one && right instanceof String other) {
            return joined(one, other, budget);
        }
        if (operator.equals("+")
                && left instanceof List<?> one
                && right instanceof List<?> other
                && left instanceof Tuple == right instanceof Tuple) {
            budget.make(16L * (one.size() + other.size()));
            var all = new ArrayList<Object>(one);
            all.addAll(other);
            return left instanceof Tuple ? new Tuple(all) : all;
        }
        if (operator.equals("*") && left instanceof Long && (right instanceof String || right instanceof List<?>)) {
            return arithmetic(operator, right, left, budget);
        }
        if (operator.equals("*") && right instanceof Long times) {
            if (left instanceof String text) {
                budget.make(product(text.length(), times));
                return text.repeat((int) Math.max(0, times));
            }
            if (left instanceof List<?> list) {
                budget.make(product(16L * list.size(), times));
                var all = new ArrayList<Object>();
                for (long i = 0; i < times && !list.isEmpty(); i++) {
                    all.addAll(list);
                }
                return all;
            }
        }
        if (!isNumber(left) || !isNumber(right)) {
            throw new TemplateException("%s %s %s cannot be computed".formatted(type(left), operator, type(right)));
        }
        try {
            return left instanceof Double || right instanceof Double || operator.equals("/")
                    ? reals(operator, real(left), real(right))
                    : wholes(operator, whole(left), whole(right));
        } catch (ArithmeticException failure) {
            throw new TemplateException(
                    "%s %s %s: %s".formatted(text(left, budget), operator, text(right, budget), failure.getMessage()));
        }
    }

    private static long product(long size, long times) {
        if (times <= 0 || size == 0) {
            return 0;
        }
        return times > Integer.MAX_VALUE ? Long.MAX_VALUE / 4 : size * times;
    }

    static String joined(String left, String right, Budget budget) {
        budget.make((long) left.length() + right.length());
        return left + right;
    }

    private static Object wholes(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            default -> right < 0 ? (Object) Math.pow(left, right) : Math.powExact(left, Math.toIntExact(right));
        };
    }

    private static Object reals(String operator, double left, double right) {
        if (right == 0 && List.of("/", "//", "%").contains(operator)) {
            throw new ArithmeticException("/ by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            default -> Math.pow(left, right);
        };
    }

    /// `value[index]`; [Undefined] where there is nothing.
    static Object item(Object value, Object index) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (value instanceof Map<?, ?> map && (index instanceof String || index instanceof None || isNumber(index))) {
            var found = map.get(key(index));
            if (found != null) {
                return found;
            }
        } else if ((value instanceof List<?> || value instanceof String)
                && isNumber(index)
                && !(index instanceof Double)) {
            long length = length(value);
            long at = whole(index) < 0 ? whole(index) + length : whole(index);
            if (at >= 0 && at < length) {
                return value instanceof String text
                        ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)))
                        : Objects.requireNonNull(((List<?>) value).get((int) at));
            }
        }
        return new Undefined(
                index instanceof String name
                        ? "%s has no %s".formatted(type(value), name)
                        : "%s has nothing at that index".formatted(type(value)));
    }

    static Object slice(Object value, @Nullable Long from, @Nullable Long to, @Nullable Long by, Budget budget) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (!(value instanceof String) && !(value instanceof List<?>)) {
            throw new TemplateException("%s cannot be cut".formatted(type(value)));
        }
        var all = elements(value, budget);
        long step = by == null ? 1 : by;
        if (step == 0) {
            throw new TemplateException("the step of a slice is 0");
        }
        long size = all.size();
        long start = bound(from, step > 0 ? 0 : size - 1, size, step);
        long end = bound(to, step > 0 ? size : -1, size, step);
        var made = new ArrayList<Object>();
        for (long i = start; step > 0 ? i < end : i > end; i += step) {
            made.add(all.get((int) i));
            if (Math.abs(step) > size) {
                break;
            }
        }
        budget.make(made.size());
        if (value instanceof String) {
            var text = new StringBuilder();
            made.forEach(text::append);
            return text.toString();
        }
        return value instanceof Tuple ? new Tuple(made) : made;
    }

    private static long bound(@Nullable Long given, long otherwise, long size, long step) {
        if (given == null) {
            return otherwise;
        }
        long at = given < 0 ? given + size : given;
        return step > 0 ? Math.clamp(at, 0, size) : Math.clamp(at, -1, size - 1);
    }
}
