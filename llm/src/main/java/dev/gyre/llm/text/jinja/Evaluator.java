package dev.gyre.llm.text.jinja;

import dev.gyre.llm.text.jinja.Expression.Arguments;
import dev.gyre.llm.text.jinja.Values.Namespace;
import dev.gyre.llm.text.jinja.Values.None;
import dev.gyre.llm.text.jinja.Values.Tuple;
import dev.gyre.llm.text.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs a template once.
final class Evaluator {

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Budget budget;
    private final StringBuilder root = new StringBuilder();
    private final List<Span> generated = new ArrayList<>();
    private StringBuilder out = root;
    private Scope scope;
    private int line = 1;

    private record Scope(@Nullable Scope outer, Map<String, Object> names) {

        Scope(@Nullable Scope outer) {
            this(outer, new HashMap<>());
        }

        @Nullable
        Object find(String name) {
            for (@Nullable Scope each = this; each != null; each = each.outer) {
                var found = each.names.get(name);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
    }

    private record Loop(List<Object> values, int index, int depth, Callable again) {}

    Evaluator(Map<String, Object> variables, Limits limits) {
        budget = new Budget(limits);
        scope = new Scope(null, new HashMap<>(variables));
        scope.names.putAll(Functions.all(budget));
        scope = new Scope(scope);
    }

    Rendering render(List<Statement> template) {
        try {
            run(template);
            return new Rendering(root.toString(), generated);
        } catch (TemplateException failure) {
            throw new TemplateException(line, failure);
        } catch (StackOverflowError deep) {
            throw new TemplateException(line, new TemplateException("the template is nested too deep"));
        }
    }

    private Flow run(List<Statement> statements) {
        for (var each : statements) {
            budget.step();
            line = each.line();
            var flow = run(each);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Statement statement) {
        switch (statement) {
            case Statement.Data data -> write(data.text());
            case Statement.Print print -> write(Values.text(value(print.value()), budget));
            case Statement.If choice -> {
                for (var branch : choice.branches()) {
                    if (truth(branch.condition())) {
                        return nested(branch.body());
                    }
                }
                return nested(choice.otherwise());
            }
            case Statement.For loop -> loop(loop, value(loop.values()), 1);
            case Statement.Assign assign -> assign(assign.target(), value(assign.value()));
            case Statement.Capture capture ->
                assign(capture.target(), filtered(capture.filtered(), captured(capture.body())));
            case Statement.FilterBlock block ->
                write(Values.text(filtered(block.filtered(), captured(block.body())), budget));
            case Statement.MacroDefinition macro ->
                scope.names.put(macro.name(), macro(macro.name(), macro.parameters(), macro.body()));
            case Statement.CallBlock block -> {
                var caller = macro("caller", block.parameters(), block.body());
                if (!(block.call() instanceof Expression.Call call)) {
                    throw new TemplateException("call needs the call of a macro");
                }
                var given = given(call.arguments());
                given.named().put("caller", caller);
                write(Values.text(call(value(call.of()), given), budget));
            }
            case Statement.With with ->
                within(new HashMap<>(), () -> {
                    with.assignments().forEach(each -> assign(each.target(), value(each.value())));
                    return run(with.body());
                });
            case Statement.Generation generation -> generate(generation.body());
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private Flow nested(List<Statement> body) {
        budget.enter();
        var flow = run(body);
        budget.leave();
        return flow;
    }

    private void write(String text) {
        budget.make(text.length());
        out.append(text);
    }

    private <T> T within(Map<String, Object> names, java.util.function.Supplier<T> action) {
        var outer = scope;
        scope = new Scope(outer, names);
        budget.enter();
        try {
            return action.get();
        } finally {
            scope = outer;
            budget.leave();
        }
    }

    private String captured(List<Statement> body) {
        var outer = out;
        out = new StringBuilder();
        try {
            within(new HashMap<>(), () -> run(body));
            return out.toString();
        } finally {
            out = outer;
        }
    }

    private Object filtered(@Nullable Expression filters, String text) {
        return filters == null ? text : within(new HashMap<>(Map.of(Parser.CAPTURED, text)), () -> value(filters));
    }

    /// Writes what the assistant said, and notes where: after what the template itself has written so far.
    private void generate(List<Statement> body) {
        var text = captured(body);
        budget.steps(root.length() / 16);
        int start = root.codePointCount(0, root.length());
        generated.add(new Span(start, start + text.codePointCount(0, text.length())));
        write(text);
    }

    private void assign(Expression target, Object value) {
        switch (target) {
            case Expression.Name name -> scope.names.put(name.name(), value);
            case Expression.Attribute attribute -> {
                if (!(value(attribute.of()) instanceof Namespace space)) {
                    throw new TemplateException(
                            "%s cannot be set: only a namespace may be changed".formatted(attribute.name()));
                }
                space.values.put(attribute.name(), value);
            }
            case Expression.Elements names -> {
                var values = Values.elements(value, budget);
                if (values.size() != names.elements().size()) {
                    throw new TemplateException("%d values for %d names"
                            .formatted(values.size(), names.elements().size()));
                }
                for (int i = 0; i < values.size(); i++) {
                    assign(names.elements().get(i), values.get(i));
                }
            }
            default -> throw new TemplateException("this cannot be set");
        }
    }

    private void loop(Statement.For loop, Object over, int depth) {
        var values = Values.elements(over, budget);
        var filter = loop.filter();
        if (filter != null) {
            values.removeIf(each -> !within(new HashMap<>(), () -> {
                assign(loop.target(), each);
                return truth(filter);
            }));
        }
        if (values.isEmpty()) {
            within(new HashMap<>(), () -> nested(loop.otherwise()));
            return;
        }
        Callable again = given -> {
            var outer = out;
            out = new StringBuilder();
            try {
                loop(loop, given.need(0, "iterable"), depth + 1);
                return out.toString();
            } finally {
                out = outer;
            }
        };
        for (int i = 0; i < values.size(); i++) {
            var names = new HashMap<String, Object>(Map.of("loop", new Loop(values, i, depth, again)));
            var value = values.get(i);
            var flow = within(names, () -> {
                assign(loop.target(), value);
                return run(loop.body());
            });
            if (flow == Flow.BREAK) {
                return;
            }
        }
    }

    private Callable macro(String name, List<Statement.Parameter> parameters, List<Statement> body) {
        var home = scope;
        return given -> {
            var called = scope;
            int from = line;
            scope = home;
            try {
                return within(new HashMap<>(), () -> {
                    bind(name, parameters, given);
                    return captured(body);
                });
            } finally {
                scope = called;
                line = from;
            }
        };
    }

    private void bind(String macro, List<Statement.Parameter> parameters, Given given) {
        var names = new LinkedHashMap<>(given.named());
        var caller = names.remove("caller");
        if (caller != null) {
            scope.names.put("caller", caller);
        }
        for (int i = 0; i < parameters.size(); i++) {
            var parameter = parameters.get(i);
            var value = i < given.positional().size() ? given.positional().get(i) : names.remove(parameter.name());
            var otherwise = parameter.otherwise();
            if (value == null) {
                value = otherwise == null
                        ? new Undefined("parameter %s of %s is missing".formatted(parameter.name(), macro))
                        : value(otherwise);
            }
            scope.names.put(parameter.name(), value);
        }
        if (given.positional().size() > parameters.size()) {
            throw new TemplateException("%s takes %d values, not %d"
                    .formatted(macro, parameters.size(), given.positional().size()));
        }
        scope.names.put("varargs", new Tuple(List.of()));
        scope.names.put("kwargs", new LinkedHashMap<Object, Object>(names));
    }

    private boolean truth(Expression condition) {
        return Values.truth(value(condition));
    }

    private Object value(Expression expression) {
        budget.step();
        budget.enter();
        var value = compute(expression);
        budget.leave();
        return value;
    }

    private Object compute(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> {
                var found = scope.find(name.name());
                yield found != null ? found : new Undefined("%s is undefined".formatted(name.name()));
            }
            case Expression.Elements list -> {
                var values = new ArrayList<Object>();
                list.elements().forEach(each -> values.add(value(each)));
                yield list.tuple() ? new Tuple(values) : values;
            }
            case Expression.Dictionary dictionary -> {
                var map = new LinkedHashMap<Object, Object>();
                dictionary.entries().forEach(entry -> map.put(Values.key(value(entry.key())), value(entry.value())));
                yield map;
            }
            case Expression.Attribute attribute -> attribute(value(attribute.of()), attribute.name());
            case Expression.Item item -> item(value(item.of()), value(item.index()));
            case Expression.Slice slice ->
                Values.slice(value(slice.of()), bound(slice.from()), bound(slice.to()), bound(slice.step()), budget);
            case Expression.Call call -> call(value(call.of()), given(call.arguments()));
            case Expression.Filter filter -> filter(filter.name(), value(filter.of()), given(filter.arguments()));
            case Expression.Test test -> test(test.name(), value(test.of()), given(test.arguments()));
            case Expression.Not not -> !truth(not.of());
            case Expression.Sign sign -> Values.arithmetic(sign.negative() ? "-" : "+", 0L, value(sign.of()), budget);
            case Expression.And and -> {
                var left = value(and.left());
                yield Values.truth(left) ? value(and.right()) : left;
            }
            case Expression.Or or -> {
                var left = value(or.left());
                yield Values.truth(left) ? left : value(or.right());
            }
            case Expression.Arithmetic sum ->
                Values.arithmetic(sum.operator(), value(sum.left()), value(sum.right()), budget);
            case Expression.Comparison comparison -> compare(comparison);
            case Expression.Choice choice -> {
                var otherwise = choice.otherwise();
                yield truth(choice.condition())
                        ? value(choice.then())
                        : otherwise == null
                                ? new Undefined("the condition is false and there is no else")
                                : value(otherwise);
            }
        };
    }

    private @Nullable Long bound(@Nullable Expression expression) {
        if (expression == null) {
            return null;
        }
        var value = value(expression);
        return value == None.NONE ? null : Long.valueOf(Values.whole(value));
    }

    private Given given(Arguments arguments) {
        var positional = new ArrayList<Object>();
        arguments.positional().forEach(each -> positional.add(value(each)));
        var named = new LinkedHashMap<String, Object>();
        arguments.named().forEach((name, each) -> named.put(name, value(each)));
        return new Given(positional, named);
    }

    private boolean compare(Expression.Comparison comparison) {
        var left = value(comparison.first());
        for (var operand : comparison.others()) {
            var right = value(operand.value());
            boolean holds = Tests.compare(operand.operator(), left, right, budget);
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object attribute(Object value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (value instanceof Loop loop) {
            return loop(loop, name);
        }
        if (value instanceof Namespace space) {
            var found = space.values.get(name);
            return found != null ? found : new Undefined("the namespace has no %s".formatted(name));
        }
        var method = Methods.find(value, name, budget);
        return method != null ? method : Values.item(value, name);
    }

    private Object item(Object value, Object index) {
        if (index instanceof String name && !(value instanceof Map<?, ?> map && map.containsKey(name))) {
            return attribute(value, name);
        }
        return Values.item(value, index);
    }

    private Object loop(Loop loop, String name) {
        var values = loop.values();
        int index = loop.index();
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) values.size() - index;
            case "revindex0" -> values.size() - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == values.size() - 1;
            case "length" -> (long) values.size();
            case "depth" -> (long) loop.depth();
            case "depth0" -> loop.depth() - 1L;
            case "previtem" -> index > 0 ? values.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" ->
                index + 1 < values.size() ? values.get(index + 1) : new Undefined("there is no next item");
            case "cycle" ->
                (Callable) given -> given.positional()
                        .get(index % Math.max(1, given.positional().size()));
            default -> new Undefined("loop has no %s".formatted(name));
        };
    }

    Object call(Object function, Given given) {
        return switch (function) {
            case Callable callable -> callable.call(given);
            case Loop loop -> loop.again().call(given);
            case Undefined undefined -> throw undefined.failure();
            default -> throw new TemplateException("%s cannot be called".formatted(Values.type(function)));
        };
    }

    Object filter(String name, Object value, Given given) {
        return new Filters(budget, this).apply(name, value, given);
    }

    boolean test(String name, Object value, Given given) {
        return Tests.holds(name, value, given, budget);
    }

    /// A value reached by names with dots between, as `map(attribute=…)` has it.
    Object path(Object value, Object path) {
        if (!(path instanceof String names)) {
            return item(value, path);
        }
        var reached = value;
        for (var name : names.split("\\.", -1)) {
            boolean number = !name.isEmpty() && name.chars().allMatch(Character::isDigit) && name.length() < 10;
            reached = number ? item(reached, Long.parseLong(name)) : item(reached, name);
        }
        return Objects.requireNonNull(reached);
    }
}
