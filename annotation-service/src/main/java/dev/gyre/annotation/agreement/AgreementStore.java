package dev.gyre.annotation.agreement;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// Reads the values of the judgements that stand.
@ApplicationScoped
class AgreementStore implements Agreements {

    private final Jdbi jdbi;

    AgreementStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    record Given(String task, String value) {}

    @Override
    public Agreement of(String workspace, String project) {
        return jdbi.withHandle(handle -> {
            var units = new LinkedHashMap<String, List<String>>();
            handle.createQuery("""
                            select task, value from judgement
                            where workspace = :workspace and project = :project
                              and withdrawn_at is null and value is not null""")
                    .bind("workspace", workspace)
                    .bind("project", project)
                    .mapTo(Given.class)
                    .forEach(given -> units.computeIfAbsent(given.task(), ignored -> new ArrayList<>())
                            .add(given.value()));
            return Agreement.of(units.values());
        });
    }
}
