package dev.gyre.eval.suite;

import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// The suites of all workspaces.
@ApplicationScoped
public class SuiteStore {

    private static final String SELECT = "select frozen, tainted, arrived_at from suite where workspace = :workspace ";

    private final Jdbi jdbi;

    SuiteStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    void add(DatasetFrozen frozen) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "insert into suite (workspace, dataset, frozen) values (:workspace, :dataset, :frozen) on conflict do nothing")
                .bind("workspace", frozen.workspace())
                .bind("dataset", frozen.dataset())
                .bind("frozen", frozen)
                .execute());
    }

    void taint(DatasetTainted tainted) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update suite set tainted = :reason where workspace = :workspace and dataset = :dataset")
                .bind("workspace", tainted.workspace())
                .bind("dataset", tainted.dataset())
                .bind(
                        "reason",
                        "%d judgements: %s".formatted(tainted.judgements().size(), tainted.reason()))
                .execute());
    }

    public Optional<Suite> find(String workspace, String dataset) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + "and dataset = :dataset")
                .bind("workspace", workspace)
                .bind("dataset", dataset)
                .mapTo(Suite.class)
                .findOne());
    }

    List<Suite> list(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + "order by position desc limit 500")
                .bind("workspace", workspace)
                .mapTo(Suite.class)
                .list());
    }
}
