package dev.gyre.trainer.dataset;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.DatasetEvent.Doubt;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Purpose;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says which data sets the trainer knows by now.
@Path("/api/datasets")
@Blocking
class DatasetResource {

    private final DatasetStore datasets;
    private final Caller caller;

    DatasetResource(DatasetStore datasets, Caller caller) {
        this.datasets = datasets;
        this.caller = caller;
    }

    /// @param doubts annotators whose judgements in it are in doubt: no policy trains on it
    /// @param tainted why it must not be learned from any more, null while it may
    record View(
            String dataset,
            String name,
            String project,
            Kind kind,
            Purpose purpose,
            int train,
            int heldOut,
            String merkleRoot,
            List<Doubt> doubts,
            @Nullable String tainted) {

        static View of(KnownDataset known) {
            var frozen = known.frozen();
            return new View(
                    frozen.dataset(),
                    frozen.name(),
                    frozen.project(),
                    frozen.kind(),
                    frozen.purpose(),
                    frozen.train().count(),
                    frozen.heldOut().count(),
                    frozen.merkleRoot(),
                    frozen.doubts(),
                    known.tainted());
        }
    }

    @GET
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public List<View> all() {
        return datasets.all(caller.workspace()).stream().map(View::of).toList();
    }

    @GET
    @Path("/{dataset}")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public View one(@PathParam("dataset") String dataset) {
        return datasets.find(caller.workspace(), dataset)
                .map(View::of)
                .orElseThrow(() -> new NotFoundException(
                        "the trainer knows no data set '%s' (yet); GET /api/datasets lists what it knows"
                                .formatted(dataset)));
    }
}
