package dev.gyre.llm.text.jinja;

import dev.gyre.llm.text.jinja.Expression.Arguments;
import dev.gyre.llm.text.jinja.Token.Kind;
import dev.gyre.llm.text.jinja.Values.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads tokens as statements and expressions, with Jinja's precedence.
final class Parser {

    private static final int DEEPEST = 150;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

    private final List<Token> tokens;
    private int at;
    private int depth;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static List<Statement> parse(String template) {
        var parser = new Parser(Lexer.tokens(template));
        try {
            return parser.statements(Set.of());
        } catch (TemplateException failure) {
            throw failure.getCause() == null
                    ? new TemplateException(parser.now().line(), failure)
                    : failure;
        }
    }

    private Token now() {
        return tokens.get(at);
    }

    private Token take() {
        var token = now();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    private boolean operator(String text) {
        return now().is(Kind.OPERATOR, text);
    }

    private boolean word(String text) {
        return now().is(Kind.NAME, text);
    }

    private boolean skip(String operator) {
        if (operator(operator)) {
            take();
            return true;
        }
        return false;
    }

    private boolean skipWord(String name) {
        if (word(name)) {
            take();
            return true;
        }
        return false;
    }

    private Token expect(Kind kind, @Nullable String text) {
        if (now().kind() != kind || (text != null && !now().text().equals(text))) {
            throw new TemplateException("found %s where %s is expected"
                    .formatted(
                            now().text(), text == null ? "a " + kind.name().toLowerCase(java.util.Locale.ROOT) : text));
        }
        return take();
    }

    private void deeper() {
        if (++depth > DEEPEST) {
            throw new TemplateException("nested more than %d deep".formatted(DEEPEST));
        }
    }

    /// Statements up to a block that begins with one of these words, which is not taken.
    private List<Statement> statements(Set<String> ends) {
        deeper();
        var all = new ArrayList<Statement>();
        while (true) {
            var token = now();
            switch (token.kind()) {
                case DATA -> all.add(new Statement.Data(take().text(), token.line()));
                case PRINT_BEGIN -> {
                    take();
                    all.add(new Statement.Print(tuple(true), token.line()));
                    expect(Kind.PRINT_END, null);
                }
                case BLOCK_BEGIN -> {
                    if (ends.contains(tokens.get(at + 1).text())) {
                        depth--;
                        return all;
                    }
                    take();
                    all.add(statement(token.line()));
                }
                case END -> {
                    if (!ends.isEmpty()) {
                        throw new TemplateException("the template ends before %s"
                                .formatted(String.join(" or ", new java.util.TreeSet<>(ends))));
                    }
                    return all;
                }
                case PRINT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                    throw new TemplateException("unexpected %s".formatted(token.text()));
            }
        }
    }

    /// The body of a block up to its end, whose tag is taken.
    private List<Statement> body(String end) {
        expect(Kind.BLOCK_END, null);
        var body = statements(Set.of(end));
        take();
        take();
        expect(Kind.BLOCK_END, null);
        return body;
    }

    private Statement statement(int line) {
        var tag = expect(Kind.NAME, null).text();
        return switch (tag) {
            case "if" -> branches(line);
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" -> {
                var name = expect(Kind.NAME, null).text();
                yield new Statement.MacroDefinition(name, parameters(), body("endmacro"), line);
            }
            case "call" -> {
                List<Statement.Parameter> parameters = operator("(") ? parameters() : List.of();
                yield new Statement.CallBlock(expression(), parameters, body("endcall"), line);
            }
            case "filter" -> {
                Expression filtered = filter(new Expression.Name(CAPTURED));
                yield new Statement.FilterBlock(filters(filtered), body("endfilter"), line);
            }
            case "with" -> {
                var assignments = new ArrayList<Statement.Assign>();
                while (now().kind() == Kind.NAME) {
                    var target = target();
                    expect(Kind.OPERATOR, "=");
                    assignments.add(new Statement.Assign(target, expression(), line));
                    skip(",");
                }
                yield new Statement.With(assignments, body("endwith"), line);
            }
            case "generation" -> new Statement.Generation(body("endgeneration"), line);
            case "break" -> {
                expect(Kind.BLOCK_END, null);
                yield new Statement.Break(line);
            }
            case "continue" -> {
                expect(Kind.BLOCK_END, null);
                yield new Statement.Continue(line);
            }
            default -> throw new TemplateException("unknown tag %s".formatted(tag));
        };
    }

    /// The name that stands for a captured text inside its filters.
    static final String CAPTURED = "the captured text";

    private Statement branches(int line) {
        var branches = new ArrayList<Statement.Branch>();
        List<Statement> otherwise = List.of();
        while (true) {
            var condition = tuple(false);
            expect(Kind.BLOCK_END, null);
            branches.add(new Statement.Branch(condition, statements(Set.of("elif", "else", "endif"))));
            take();
            var word = take().text();
            if (word.equals("elif")) {
                continue;
            }
            expect(Kind.BLOCK_END, null);
            if (word.equals("else")) {
                otherwise = statements(Set.of("endif"));
                take();
                take();
                expect(Kind.BLOCK_END, null);
            }
            return new Statement.If(branches, otherwise, line);
        }
    }

    private Statement loop(int line) {
        var target = target();
        expect(Kind.NAME, "in");
        var values = tuple(false);
        var filter = skipWord("if") ? expression() : null;
        boolean recursive = skipWord("recursive");
        expect(Kind.BLOCK_END, null);
        var body = statements(Set.of("else", "endfor"));
        List<Statement> otherwise = List.of();
        take();
        if (take().text().equals("else")) {
            expect(Kind.BLOCK_END, null);
            otherwise = statements(Set.of("endfor"));
            take();
            take();
        }
        expect(Kind.BLOCK_END, null);
        return new Statement.For(target, values, filter, recursive, body, otherwise, line);
    }

    private Statement set(int line) {
        var target = target();
        if (skip("=")) {
            var value = tuple(true);
            expect(Kind.BLOCK_END, null);
            return new Statement.Assign(target, value, line);
        }
        var filtered = operator("|") ? filters(new Expression.Name(CAPTURED)) : null;
        return new Statement.Capture(target, filtered, body("endset"), line);
    }

    private Expression target() {
        var names = new ArrayList<Expression>();
        boolean bracket = skip("(");
        do {
            if (!names.isEmpty() && now().kind() != Kind.NAME) {
                break;
            }
            Expression name = new Expression.Name(expect(Kind.NAME, null).text());
            if (skip(".")) {
                name = new Expression.Attribute(name, expect(Kind.NAME, null).text());
            }
            names.add(name);
        } while (skip(","));
        if (bracket) {
            expect(Kind.OPERATOR, ")");
        }
        return names.size() == 1 ? names.getFirst() : new Expression.Elements(names, true);
    }

    private List<Statement.Parameter> parameters() {
        var all = new ArrayList<Statement.Parameter>();
        expect(Kind.OPERATOR, "(");
        while (!skip(")")) {
            var name = expect(Kind.NAME, null).text();
            all.add(new Statement.Parameter(name, skip("=") ? expression() : null));
            if (!operator(")")) {
                expect(Kind.OPERATOR, ",");
            }
        }
        return all;
    }

    /// One expression, or several with commas between as a tuple.
    private Expression tuple(boolean conditional) {
        var first = conditional ? expression() : or();
        if (!operator(",")) {
            return first;
        }
        var all = new ArrayList<>(List.of(first));
        while (skip(",")) {
            if (ends()) {
                break;
            }
            all.add(conditional ? expression() : or());
        }
        return new Expression.Elements(all, true);
    }

    private boolean ends() {
        return switch (now().kind()) {
            case PRINT_END, BLOCK_END, END -> true;
            case OPERATOR -> operator(")") || operator("=");
            case NAME -> word("in") || word("if");
            case DATA, PRINT_BEGIN, BLOCK_BEGIN, STRING, INTEGER, FLOAT -> false;
        };
    }

    private Expression expression() {
        deeper();
        var value = or();
        while (skipWord("if")) {
            var condition = or();
            value = new Expression.Choice(value, condition, skipWord("else") ? expression() : null);
        }
        depth--;
        return value;
    }

    private Expression or() {
        var left = and();
        while (skipWord("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        var left = not();
        while (skipWord("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        deeper();
        var value = skipWord("not") ? new Expression.Not(not()) : comparison();
        depth--;
        return value;
    }

    private Expression comparison() {
        var first = sum();
        var others = new ArrayList<Expression.Operand>();
        while (true) {
            if (now().kind() == Kind.OPERATOR && COMPARISONS.contains(now().text())) {
                others.add(new Expression.Operand(take().text(), sum()));
            } else if (skipWord("in")) {
                others.add(new Expression.Operand("in", sum()));
            } else if (word("not") && tokens.get(at + 1).is(Kind.NAME, "in")) {
                take();
                take();
                others.add(new Expression.Operand("not in", sum()));
            } else {
                return others.isEmpty() ? first : new Expression.Comparison(first, others);
            }
        }
    }

    private Expression sum() {
        var left = concatenation();
        while (operator("+") || operator("-")) {
            left = new Expression.Arithmetic(take().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        var left = product();
        while (operator("~")) {
            left = new Expression.Arithmetic(take().text(), left, product());
        }
        return left;
    }

    private Expression product() {
        var left = power();
        while (operator("*") || operator("/") || operator("//") || operator("%")) {
            left = new Expression.Arithmetic(take().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        var left = signed(true);
        while (operator("**")) {
            left = new Expression.Arithmetic(take().text(), left, signed(true));
        }
        return left;
    }

    private Expression signed(boolean filtered) {
        deeper();
        Expression value;
        if (operator("-") || operator("+")) {
            boolean negative = take().text().equals("-");
            value = new Expression.Sign(signed(false), negative);
        } else {
            value = postfix(primary());
        }
        depth--;
        return filtered ? filters(value) : value;
    }

    private Expression primary() {
        var token = take();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> {
                var text = new StringBuilder(token.text());
                while (now().kind() == Kind.STRING) {
                    text.append(take().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> new Expression.Literal(integer(token.text()));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text().replace("_", "")));
            case OPERATOR -> bracket(token);
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END ->
                throw new TemplateException("found %s where a value is expected".formatted(token.text()));
        };
    }

    private static Object integer(String digits) {
        try {
            return Long.parseLong(digits.replace("_", ""));
        } catch (NumberFormatException tooLong) {
            throw new TemplateException("%s is beyond 64 bits".formatted(digits));
        }
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> new Expression.Name(name);
        };
    }

    private Expression bracket(Token token) {
        switch (token.text()) {
            case "(" -> {
                if (skip(")")) {
                    return new Expression.Elements(List.of(), true);
                }
                var inside = tuple(true);
                expect(Kind.OPERATOR, ")");
                return inside;
            }
            case "[" -> {
                var elements = new ArrayList<Expression>();
                while (!skip("]")) {
                    elements.add(expression());
                    if (!operator("]")) {
                        expect(Kind.OPERATOR, ",");
                    }
                }
                return new Expression.Elements(elements, false);
            }
            case "{" -> {
                var entries = new ArrayList<Expression.Entry>();
                while (!skip("}")) {
                    var key = expression();
                    expect(Kind.OPERATOR, ":");
                    entries.add(new Expression.Entry(key, expression()));
                    if (!operator("}")) {
                        expect(Kind.OPERATOR, ",");
                    }
                }
                return new Expression.Dictionary(entries);
            }
            default -> throw new TemplateException("found %s where a value is expected".formatted(token.text()));
        }
    }

    private Expression postfix(Expression start) {
        var value = start;
        while (true) {
            if (skip(".")) {
                var name = take();
                value = name.kind() == Kind.INTEGER
                        ? new Expression.Item(value, new Expression.Literal(integer(name.text())))
                        : new Expression.Attribute(value, name.text());
            } else if (skip("[")) {
                value = subscript(value);
            } else if (operator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression of) {
        var from = operator(":") ? null : expression();
        if (skip("]")) {
            return new Expression.Item(of, java.util.Objects.requireNonNull(from));
        }
        expect(Kind.OPERATOR, ":");
        var to = operator(":") || operator("]") ? null : expression();
        var step = skip(":") && !operator("]") ? expression() : null;
        expect(Kind.OPERATOR, "]");
        return new Expression.Slice(of, from, to, step);
    }

    private Arguments arguments() {
        var positional = new ArrayList<Expression>();
        var named = new LinkedHashMap<String, Expression>();
        expect(Kind.OPERATOR, "(");
        while (!skip(")")) {
            if (now().kind() == Kind.NAME && tokens.get(at + 1).is(Kind.OPERATOR, "=")) {
                var name = take().text();
                take();
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!operator(")")) {
                expect(Kind.OPERATOR, ",");
            }
        }
        return new Arguments(positional, named);
    }

    /// The filters, tests and calls after a value.
    private Expression filters(Expression start) {
        var value = start;
        while (true) {
            if (skip("|")) {
                value = filter(value);
            } else if (skipWord("is")) {
                value = test(value);
            } else if (operator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression filter(Expression of) {
        var name = expect(Kind.NAME, null).text();
        return new Expression.Filter(of, name, operator("(") ? arguments() : Arguments.NONE);
    }

    private Expression test(Expression of) {
        boolean negated = skipWord("not");
        var name = expect(Kind.NAME, null).text();
        var arguments = Arguments.NONE;
        if (operator("(")) {
            arguments = arguments();
        } else if (startsArgument()) {
            arguments = new Arguments(List.of(postfix(primary())), java.util.Map.of());
        }
        var test = new Expression.Test(of, name, arguments);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsArgument() {
        return switch (now().kind()) {
            case NAME ->
                !Set.of("else", "or", "and", "is", "if", "in", "not", "recursive")
                        .contains(now().text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> operator("[") || operator("{");
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }
}
