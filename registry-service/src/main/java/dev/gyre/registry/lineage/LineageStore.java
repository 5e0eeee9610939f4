package dev.gyre.registry.lineage;

import dev.gyre.events.ModelVersion;
import dev.gyre.registry.version.Version;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The walks along the base versions, up and down.
@ApplicationScoped
public class LineageStore {

    private final Jdbi jdbi;

    LineageStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// One step of a version's descent.
    ///
    /// @param dataset what it learned from, missing for an imported one
    /// @param replayed earlier data sets that were mixed in
    public record Ancestor(
            String name,
            int number,
            @Nullable String run,
            @Nullable String dataset,
            List<String> replayed) {

        public Ancestor {
            replayed = List.copyOf(replayed);
        }

        public ModelVersion model() {
            return new ModelVersion(name, number);
        }

        /// All that it learned from itself, the new data set first.
        public List<String> datasets() {
            return Stream.concat(Stream.ofNullable(dataset), replayed.stream()).toList();
        }
    }

    /// A model that a judgement touched.
    ///
    /// @param dataset through which the judgement came in
    /// @param direct whether the version itself learned from it; otherwise one of its ancestors did
    public record Touched(String name, int version, String state, String dataset, boolean direct) {}

    /// The version itself, its base, the base of that, to the imported one.
    public List<Ancestor> descent(Version version) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        with recursive descent as (
                          select 0 as step, name, number, run, dataset, base_name, base_number, training from model_version
                          where workspace = :workspace and name = :name and number = :number
                          union all
                          select step + 1, v.name, v.number, v.run, v.dataset, v.base_name, v.base_number, v.training
                          from model_version v join descent d on v.name = d.base_name and v.number = d.base_number
                          where v.workspace = :workspace and step < 1000
                        )
                        select name, number, run, dataset,
                          array(select again ->> 'dataset' from jsonb_array_elements(training -> 'replay') again) as replayed
                        from descent order by step
                        """)
                .bind("workspace", version.workspace())
                .bind("name", version.name())
                .bind("number", version.number())
                .mapTo(Ancestor.class)
                .list());
    }

    /// Every version that learned from a data set with the judgement, itself or through an ancestor.
    List<Touched> touched(String workspace, String judgement) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        with recursive source as (
                          select dataset from dataset_judgement where workspace = :workspace and judgement = :judgement
                        ), touched as (
                          select v.name, v.number, v.state, s.dataset, true as direct
                          from source s join model_version v on v.dataset = s.dataset
                          where v.workspace = :workspace
                          union
                          select v.name, v.number, v.state, s.dataset, true
                          from source s join model_version v
                            on v.training -> 'replay' @> jsonb_build_array(jsonb_build_object('dataset', s.dataset))
                          where v.workspace = :workspace
                          union
                          select v.name, v.number, v.state, t.dataset, false
                          from model_version v join touched t on v.base_name = t.name and v.base_number = t.number
                          where v.workspace = :workspace
                        )
                        select name, number as version, state, dataset, bool_or(direct) as direct from touched
                        group by name, number, state, dataset order by name, number, dataset
                        """)
                .bind("workspace", workspace)
                .bind("judgement", judgement)
                .mapTo(Touched.class)
                .list());
    }

    boolean knows(String workspace, String judgement) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select exists (select 1 from dataset_judgement where workspace = :workspace and judgement = :judgement)
                        """)
                .bind("workspace", workspace)
                .bind("judgement", judgement)
                .mapTo(boolean.class)
                .one());
    }
}
