package dev.gyre.trainer.run;

import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.trainer.dataset.DatasetStore;
import dev.gyre.trainer.model.ModelStore;
import dev.gyre.trainer.run.ReplayPlan.Past;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model's ancestors learned from, as far as it may be learned again.
public final class Ancestry {

    private final DatasetStore datasets;
    private final ModelStore models;
    private final RunStore runs;

    public Ancestry(DatasetStore datasets, ModelStore models, RunStore runs) {
        this.datasets = datasets;
        this.models = models;
        this.runs = runs;
    }

    /// The data sets behind a version that can be mixed into a training on `fresh`, the newest first.
    ///
    /// @param others ids of further data sets that may be replayed, before those of the ancestors
    public List<Past> of(ModelVersion base, DatasetFrozen fresh, List<String> others) {
        var workspace = fresh.workspace();
        var ids = new LinkedHashSet<>(others);
        ids.addAll(learned(workspace, base));
        ids.remove(fresh.dataset());
        var past = new ArrayList<Past>();
        for (var id : ids) {
            datasets.find(workspace, id)
                    .filter(known -> known.tainted() == null)
                    .map(known -> known.frozen())
                    .filter(frozen -> frozen.doubts().isEmpty())
                    .filter(frozen -> frozen.kind() == fresh.kind() && frozen.purpose() == Purpose.TRAINING)
                    .filter(frozen -> frozen.train().count() > 0)
                    .ifPresent(frozen ->
                            past.add(new Past(id, frozen.name(), frozen.train().count())));
        }
        return past;
    }

    private LinkedHashSet<String> learned(String workspace, ModelVersion base) {
        var ids = new LinkedHashSet<String>();
        var seen = new HashSet<ModelVersion>();
        for (@Nullable ModelVersion at = base; at != null && seen.add(at); ) {
            var version = models.find(workspace, at);
            version.map(found -> found.dataset()).ifPresent(ids::add);
            version.map(found -> found.run()).map(run -> runs.replayed(workspace, run)).orElse(List.of()).stream()
                    .map(Replay::dataset)
                    .forEach(ids::add);
            at = version.map(found -> found.base()).orElse(null);
        }
        return ids;
    }
}
