package dev.gyre.trainer.model;

import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// Keeps the versions that were heard of, and the champion of each model.
@ApplicationScoped
public class ModelStore {

    private final Jdbi jdbi;

    ModelStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    void know(VersionRegistered version) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "insert into known_version (workspace, model, version, registered) values (:workspace, :model, :version, :registered) on conflict do nothing")
                .bind("workspace", version.workspace())
                .bind("model", version.model().name())
                .bind("version", version.model().number())
                .bind("registered", version)
                .execute());
    }

    void crown(String workspace, ModelVersion champion) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into champion (workspace, model, version) values (:workspace, :model, :version)
                        on conflict (workspace, model) do update set version = excluded.version""")
                .bind("workspace", workspace)
                .bind("model", champion.name())
                .bind("version", champion.number())
                .execute());
    }

    public Optional<VersionRegistered> find(String workspace, ModelVersion version) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select registered from known_version where workspace = :workspace and model = :model and version = :version")
                .bind("workspace", workspace)
                .bind("model", version.name())
                .bind("version", version.number())
                .mapTo(VersionRegistered.class)
                .findOne());
    }

    /// The champion's number.
    public Optional<Integer> champion(String workspace, String model) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select version from champion where workspace = :workspace and model = :model")
                .bind("workspace", workspace)
                .bind("model", model)
                .mapTo(Integer.class)
                .findOne());
    }

    /// The versions of a model, the oldest first; none where the model is unknown.
    public List<VersionRegistered> versions(String workspace, String model) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select registered from known_version where workspace = :workspace and model = :model order by version")
                .bind("workspace", workspace)
                .bind("model", model)
                .mapTo(VersionRegistered.class)
                .list());
    }

    public List<String> names(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select distinct model from known_version where workspace = :workspace order by model")
                .bind("workspace", workspace)
                .mapTo(String.class)
                .list());
    }
}
