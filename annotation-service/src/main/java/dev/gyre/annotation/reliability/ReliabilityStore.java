package dev.gyre.annotation.reliability;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// Reads who said what, by the judgements that stand.
@ApplicationScoped
class ReliabilityStore implements Reliabilities {

    private final Jdbi jdbi;

    ReliabilityStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// The ids of candidates differ from task to task; the sign of the strength says which side was preferred.
    @Override
    public List<Reliability> of(String workspace, String project) {
        return Reliability.of(jdbi.withHandle(handle -> handle.createQuery("""
                        select task, annotator,
                               case when strength < 0 then 'first' when strength > 0 then 'second' else value end as value
                        from judgement
                        where workspace = :workspace and project = :project
                          and withdrawn_at is null and value is not null
                        order by position""")
                .bind("workspace", workspace)
                .bind("project", project)
                .mapTo(Vote.class)
                .list()));
    }
}
