package dev.gyre.annotation.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;

/// A query in the words of the database.
///
/// The text names a task `t`, the text of its sample `x` and its verdict `v`, which may be missing.
///
/// @param samples the only ones whose text fits, where they are few and known
/// @param tasks the only ones whose verdict fits, where they are few and known
public record TaskFilter(TaskQuery query, Optional<List<String>> samples, Optional<List<String>> tasks) {

    /// Where the tasks of `:project` come from.
    public static final String TASKS = """
            task t join sample s on s.id = t.sample
            left join sample_text x on x.sample = t.sample
            left join verdict v on v.task = t.id
            """;

    public TaskFilter {
        samples = samples.map(List::copyOf);
        tasks = tasks.map(List::copyOf);
    }

    public TaskFilter(TaskQuery query) {
        this(query, Optional.empty(), Optional.empty());
    }

    /// A condition; [#bind] gives it its values.
    public String sql() {
        var conditions = new ArrayList<String>();
        conditions.add("t.project = :project");
        if (query.state() != null) {
            conditions.add("t.state = :state");
        }
        if (samples.isPresent()) {
            conditions.add("t.sample = any(:samples)");
        } else if (asksText()) {
            conditions.add(text());
        }
        if (tasks.isPresent()) {
            conditions.add("t.id = any(:tasks)");
        } else if (asksVerdict()) {
            conditions.add("v.project = :project and " + verdict());
        }
        return String.join(" and ", conditions);
    }

    boolean asksText() {
        return query.q() != null || query.like() != null;
    }

    boolean asksVerdict() {
        return !query.marks().isEmpty() || query.agreement() != null;
    }

    /// What the text of a sample must be.
    String text() {
        var conditions = new ArrayList<String>();
        if (query.q() != null) {
            conditions.add("x.words @@ websearch_to_tsquery('simple', :q)");
        }
        if (query.like() != null) {
            conditions.add("""
                    x.bands && (select l.bands from sample_text l join task k on k.sample = l.sample
                                where k.id = :like and k.project = :project)
                    and (select count(*) from sample_text l join task k on k.sample = l.sample
                         cross join lateral unnest(l.signature, x.signature) as place (one, other)
                         where k.id = :like and one = other) >= :leastSame""");
        }
        return String.join(" and ", conditions);
    }

    /// What the verdict of a task must be.
    String verdict() {
        var conditions = new ArrayList<String>();
        if (!query.marks().isEmpty()) {
            conditions.add("v.marks @> :marks");
        }
        if (query.agreement() != null) {
            conditions.add("v.agreement <= :agreement");
        }
        return String.join(" and ", conditions);
    }

    /// Gives the condition its values.
    public <S extends SqlStatement<S>> S bind(S statement, String project) {
        statement.bind("project", project);
        if (query.state() != null) {
            statement.bind("state", query.state());
        }
        samples.ifPresent(few -> statement.bindArray("samples", String.class, few));
        tasks.ifPresent(few -> statement.bindArray("tasks", String.class, few));
        if (samples.isEmpty()) {
            bindText(statement);
        }
        return tasks.isEmpty() ? bindVerdict(statement) : statement;
    }

    <S extends SqlStatement<S>> S bindText(S statement) {
        if (query.q() != null) {
            statement.bind("q", query.q());
        }
        if (query.like() != null) {
            statement.bind("like", query.like()).bind("leastSame", query.leastSame());
        }
        return statement;
    }

    <S extends SqlStatement<S>> S bindVerdict(S statement) {
        if (!query.marks().isEmpty()) {
            statement.bindArray("marks", String.class, query.marks());
        }
        if (query.agreement() != null) {
            statement.bind("agreement", query.agreement());
        }
        return statement;
    }
}
