package dev.gyre.llm.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What has a value.
sealed interface Expression {

    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record Elements(List<Expression> elements, boolean tuple) implements Expression {}

    record Dictionary(List<Entry> entries) implements Expression {}

    record Entry(Expression key, Expression value) {}

    record Attribute(Expression of, String name) implements Expression {}

    record Item(Expression of, Expression index) implements Expression {}

    record Slice(
            Expression of,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step) implements Expression {}

    record Call(Expression of, Arguments arguments) implements Expression {}

    record Filter(Expression of, String name, Arguments arguments) implements Expression {}

    record Test(Expression of, String name, Arguments arguments) implements Expression {}

    record Not(Expression of) implements Expression {}

    record Sign(Expression of, boolean negative) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

    record Comparison(Expression first, List<Operand> others) implements Expression {}

    record Operand(String operator, Expression value) {}

    record Choice(
            Expression then, Expression condition, @Nullable Expression otherwise) implements Expression {}

    record Arguments(List<Expression> positional, Map<String, Expression> named) {

        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }
}
