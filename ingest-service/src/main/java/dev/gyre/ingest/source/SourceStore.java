package dev.gyre.ingest.source;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.json.Json;

/// The sources, and what became of their rows.
@ApplicationScoped
class SourceStore {

    private static final String COLUMNS = "id, workspace, name, mapping, limits, created_at";

    private final Jdbi jdbi;

    SourceStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// How many rows of a source were offered and what became of them.
    record Counts(long offered, long accepted, long refused, Map<String, Long> reasons) {

        Counts {
            reasons = Map.copyOf(reasons);
        }
    }

    record Sums(long offered, long accepted, long refused) {}

    /// Adds a source unless the workspace has one of its name.
    boolean add(UUID id, String workspace, String name, Mapping mapping, Limits limits, String by) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                insert into source (id, workspace, name, mapping, limits, created_by)
                                values (:id, :workspace, :name, :mapping, :limits, :by)
                                on conflict (workspace, name) do nothing""")
                        .bind("id", id)
                        .bind("workspace", workspace)
                        .bind("name", name)
                        .bindByType(
                                "mapping",
                                mapping,
                                QualifiedType.of(Mapping.class).with(Json.class))
                        .bindByType(
                                "limits", limits, QualifiedType.of(Limits.class).with(Json.class))
                        .bind("by", by)
                        .execute())
                == 1;
    }

    Optional<Source> named(String workspace, String name) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select " + COLUMNS + " from source where workspace = :workspace and name = :name")
                .bind("workspace", workspace)
                .bind("name", name)
                .mapTo(Source.class)
                .findOne());
    }

    Optional<Source> find(String workspace, UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select " + COLUMNS + " from source where workspace = :workspace and id = :id")
                .bind("workspace", workspace)
                .bind("id", id)
                .mapTo(Source.class)
                .findOne());
    }

    List<Source> all(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select " + COLUMNS + " from source where workspace = :workspace order by name")
                .bind("workspace", workspace)
                .mapTo(Source.class)
                .list());
    }

    Counts counts(UUID source) {
        return jdbi.withHandle(handle -> {
            var sums = handle.createQuery("""
                            select coalesce(sum(offered), 0) as offered, coalesce(sum(accepted), 0) as accepted,
                                   coalesce(sum(refused), 0) as refused
                            from upload where source = :source""")
                    .bind("source", source)
                    .mapTo(Sums.class)
                    .one();
            var reasons = new TreeMap<String, Long>();
            handle.createQuery("""
                            select reason, sum(times) as times
                            from upload join upload_reason on upload_reason.upload = upload.id
                            where source = :source group by reason""")
                    .bind("source", source)
                    .map((row, context) -> Map.entry(row.getString("reason"), row.getLong("times")))
                    .forEach(entry -> reasons.put(entry.getKey(), entry.getValue()));
            return new Counts(sums.offered(), sums.accepted(), sums.refused(), reasons);
        });
    }
}
