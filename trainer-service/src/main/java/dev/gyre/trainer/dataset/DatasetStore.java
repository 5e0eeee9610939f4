package dev.gyre.trainer.dataset;

import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// Keeps the data sets that were heard of, by workspace and id.
@ApplicationScoped
public class DatasetStore {

    private final Jdbi jdbi;

    DatasetStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    void know(DatasetFrozen dataset) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "insert into known_dataset (workspace, dataset, frozen) values (:workspace, :dataset, :frozen) on conflict do nothing")
                .bind("workspace", dataset.workspace())
                .bind("dataset", dataset.dataset())
                .bind("frozen", dataset)
                .execute());
    }

    void taint(DatasetTainted taint) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update known_dataset set tainted = :reason where workspace = :workspace and dataset = :dataset")
                .bind("reason", taint.reason())
                .bind("workspace", taint.workspace())
                .bind("dataset", taint.dataset())
                .execute());
    }

    public Optional<KnownDataset> find(String workspace, String dataset) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select frozen, tainted from known_dataset where workspace = :workspace and dataset = :dataset")
                .bind("workspace", workspace)
                .bind("dataset", dataset)
                .mapTo(KnownDataset.class)
                .findOne());
    }

    /// All of a workspace, the newest first.
    public List<KnownDataset> all(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select frozen, tainted from known_dataset where workspace = :workspace order by heard_at desc, dataset")
                .bind("workspace", workspace)
                .mapTo(KnownDataset.class)
                .list());
    }
}
