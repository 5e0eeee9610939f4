package dev.gyre.llm.text.jinja;

import dev.gyre.llm.text.jinja.Values.None;
import dev.gyre.llm.text.jinja.Values.Undefined;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What stands behind `is`.
final class Tests {

    private Tests() {}

    static boolean holds(String name, Object value, Given given, Budget budget) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "sequence", "iterable" ->
                value instanceof String || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> Math.floorMod(Values.whole(value), 2) == 1;
            case "even" -> Math.floorMod(Values.whole(value), 2) == 0;
            case "divisibleby" -> Values.whole(Values.arithmetic("%", value, given.need(0, "num"), budget)) == 0;
            case "lower" ->
                value instanceof String text
                        && Methods.find(text, "islower", budget) != null
                        && text.equals(text.toLowerCase(Locale.ROOT))
                        && !text.equals(text.toUpperCase(Locale.ROOT));
            case "upper" ->
                value instanceof String text
                        && text.equals(text.toUpperCase(Locale.ROOT))
                        && !text.equals(text.toLowerCase(Locale.ROOT));
            case "sameas" ->
                value == given.need(0, "other")
                        || (!(value instanceof List)
                                && !(value instanceof Map)
                                && value.equals(given.need(0, "other")));
            case "in" -> Values.contains(given.need(0, "seq"), value, budget);
            case "eq", "equalto", "==" -> compare("==", value, given.need(0, "other"), budget);
            case "ne", "!=" -> compare("!=", value, given.need(0, "other"), budget);
            case "lt", "lessthan", "<" -> compare("<", value, given.need(0, "other"), budget);
            case "le", "<=" -> compare("<=", value, given.need(0, "other"), budget);
            case "gt", "greaterthan", ">" -> compare(">", value, given.need(0, "other"), budget);
            case "ge", ">=" -> compare(">=", value, given.need(0, "other"), budget);
            default -> throw new TemplateException("unknown test %s".formatted(name));
        };
    }

    static boolean compare(String operator, Object left, Object right, Budget budget) {
        return switch (operator) {
            case "==" -> Values.equal(left, right, budget);
            case "!=" -> !Values.equal(left, right, budget);
            case "<" -> Values.compare(left, right, budget) < 0;
            case "<=" -> Values.compare(left, right, budget) <= 0;
            case ">" -> Values.compare(left, right, budget) > 0;
            case ">=" -> Values.compare(left, right, budget) >= 0;
            case "in" -> Values.contains(right, left, budget);
            default -> !Values.contains(right, left, budget);
        };
    }
}
