package dev.gyre.annotation.search;

import java.util.ArrayList;
import org.jdbi.v3.core.statement.SqlStatement;

/// A query in the words of the database.
///
/// The text names a task `t`, the text of its sample `x` and its verdict `v`, which may be missing.
public record TaskFilter(TaskQuery query) {

    /// Where the tasks of `:project` come from.
    public static final String TASKS = """
            task t join sample s on s.id = t.sample
            left join sample_text x on x.sample = t.sample
            left join verdict v on v.task = t.id
            """;

    /// A condition; [#bind] gives it its values.
    public String sql() {
        var conditions = new ArrayList<String>();
        conditions.add("t.project = :project");
        if (query.q() != null) {
            conditions.add("x.words @@ websearch_to_tsquery('simple', :q)");
        }
        if (query.state() != null) {
            conditions.add("t.state = :state");
        }
        if (!query.marks().isEmpty()) {
            conditions.add("v.marks @> :marks");
        }
        if (query.agreement() != null) {
            conditions.add("v.project = :project and v.agreement <= :agreement");
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

    /// Gives the condition its values.
    public <S extends SqlStatement<S>> S bind(S statement, String project) {
        statement.bind("project", project);
        if (query.q() != null) {
            statement.bind("q", query.q());
        }
        if (query.state() != null) {
            statement.bind("state", query.state());
        }
        if (!query.marks().isEmpty()) {
            statement.bindArray("marks", String.class, query.marks());
        }
        if (query.agreement() != null) {
            statement.bind("agreement", query.agreement());
        }
        if (query.like() != null) {
            statement.bind("like", query.like()).bind("leastSame", query.leastSame());
        }
        return statement;
    }
}
