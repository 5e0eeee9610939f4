package dev.gyre.llm.text.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A Jinja template, read once and rendered as often as wanted; safe for several threads.
public final class Template {

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /// @throws TemplateException where the text is no template, with the line
    public static Template of(String source) {
        return new Template(Parser.parse(source));
    }

    /// @param now what `strftime_now` tells
    /// @throws TemplateException where the template fails, refuses, or goes beyond a limit
    public Rendering render(Map<String, JsonNode> variables, LocalDateTime now, Limits limits) {
        var values = new HashMap<String, Object>();
        variables.forEach((name, value) -> values.put(name, Json.value(value)));
        values.put("strftime_now", (Callable) given -> Dates.format(given.text(0, "format"), now));
        return new Evaluator(values, limits).render(statements);
    }
}
