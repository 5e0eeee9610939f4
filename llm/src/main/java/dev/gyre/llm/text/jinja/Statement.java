package dev.gyre.llm.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What writes or sets something.
sealed interface Statement {

    /// The line of the source that it begins in, from 1.
    int line();

    record Data(String text, int line) implements Statement {}

    record Print(Expression value, int line) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

    record Branch(Expression condition, List<Statement> body) {}

    record For(
            Expression target,
            Expression values,
            @Nullable Expression filter,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Assign(Expression target, Expression value, int line) implements Statement {}

    /// A name set to what its body writes, through filters.
    record Capture(Expression target, @Nullable Expression filtered, List<Statement> body, int line)
            implements Statement {}

    record MacroDefinition(String name, List<Parameter> parameters, List<Statement> body, int line)
            implements Statement {}

    record Parameter(String name, @Nullable Expression otherwise) {}

    /// A call whose macro may write this body with `caller()`.
    record CallBlock(Expression call, List<Parameter> parameters, List<Statement> body, int line)
            implements Statement {}

    record FilterBlock(Expression filtered, List<Statement> body, int line) implements Statement {}

    record With(List<Assign> assignments, List<Statement> body, int line) implements Statement {}

    record Generation(List<Statement> body, int line) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}
}
