package dev.gyre.eval.model;

import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// The versions that registry has told of, and where its aliases point.
@ApplicationScoped
public class VersionStore {

    /// The alias that a verdict moves.
    public static final String CHAMPION = "champion";

    private final Jdbi jdbi;

    VersionStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    public void add(VersionRegistered registered) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "insert into version (workspace, model, number, registered) values (:workspace, :model, :number, :registered) on conflict do nothing")
                .bind("workspace", registered.workspace())
                .bind("model", registered.model().name())
                .bind("number", registered.model().number())
                .bind("registered", registered)
                .execute());
    }

    public void point(String workspace, String alias, ModelVersion to) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into alias (workspace, model, alias, number) values (:workspace, :model, :alias, :number)
                        on conflict (workspace, model, alias) do update set number = excluded.number
                        """)
                .bind("workspace", workspace)
                .bind("model", to.name())
                .bind("alias", alias)
                .bind("number", to.number())
                .execute());
    }

    public Optional<KnownVersion> find(String workspace, ModelVersion model) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select registered from version where workspace = :workspace and model = :model and number = :number")
                .bind("workspace", workspace)
                .bind("model", model.name())
                .bind("number", model.number())
                .mapTo(KnownVersion.class)
                .findOne());
    }

    /// The version that an alias of a model points to.
    public Optional<KnownVersion> aliased(String workspace, String model, String alias) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select v.registered from alias a
                        join version v on v.workspace = a.workspace and v.model = a.model and v.number = a.number
                        where a.workspace = :workspace and a.model = :model and a.alias = :alias
                        """)
                .bind("workspace", workspace)
                .bind("model", model)
                .bind("alias", alias)
                .mapTo(KnownVersion.class)
                .findOne());
    }

    public Optional<KnownVersion> champion(String workspace, String model) {
        return aliased(workspace, model, CHAMPION);
    }

    /// Finds what `name@3`, `name@alias` or `name` (its champion) stands for.
    ///
    /// @throws IllegalArgumentException if the text is none of these
    public Optional<KnownVersion> resolve(String workspace, String text) {
        var parts = text.split("@", -1);
        if (parts.length > 2 || parts[0].isBlank() || parts[parts.length - 1].isBlank()) {
            throw new IllegalArgumentException(
                    "model '%s' must be NAME, NAME@NUMBER or NAME@ALIAS, such as assistant@3".formatted(text));
        }
        if (parts.length == 1) {
            return champion(workspace, text);
        }
        return parts[1].matches("[1-9][0-9]{0,8}")
                ? find(workspace, new ModelVersion(parts[0], Integer.parseInt(parts[1])))
                : aliased(workspace, parts[0], parts[1]);
    }

    /// The data sets that earlier versions of a model were trained on, each once, the oldest first.
    public List<String> earlierDatasets(String workspace, ModelVersion before) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select registered ->> 'dataset' from version
                        where workspace = :workspace and model = :model and number < :number and registered ->> 'dataset' is not null
                        group by 1 order by min(number)
                        """)
                .bind("workspace", workspace)
                .bind("model", before.name())
                .bind("number", before.number())
                .mapTo(String.class)
                .list());
    }

    List<KnownVersion> list(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select registered from version where workspace = :workspace order by model, number desc limit 500")
                .bind("workspace", workspace)
                .mapTo(KnownVersion.class)
                .list());
    }

    /// An alias, for the list of models.
    record Pointer(String model, String alias, int number) {}

    List<Pointer> aliases(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select model, alias, number from alias where workspace = :workspace order by model, alias")
                .bind("workspace", workspace)
                .mapTo(Pointer.class)
                .list());
    }
}
