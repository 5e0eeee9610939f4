package dev.gyre.registry.lineage;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.registry.lineage.LineageStore.Ancestor;
import dev.gyre.registry.lineage.LineageStore.Touched;
import dev.gyre.registry.version.Version;
import dev.gyre.registry.version.VersionStore;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Answers which judgements are in a model, and which models a judgement is in.
@Path("/api/registry")
@RolesAllowed({Roles.PUBLISHER, Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR, Roles.REVIEWER, Roles.SERVICE})
class LineageResource {

    private static final int PAGE = 2000;

    private final Caller caller;
    private final LineageStore lineage;
    private final DatasetStore datasets;
    private final VersionStore versions;
    private final ObjectMapper json;

    LineageResource(
            Caller caller, LineageStore lineage, DatasetStore datasets, VersionStore versions, ObjectMapper json) {
        this.caller = caller;
        this.lineage = lineage;
        this.datasets = datasets;
        this.versions = versions;
        this.json = json;
    }

    record TouchedModels(String judgement, List<Touched> models) {}

    /// @param model the version that learned from it, which may be an ancestor
    record Line(String judgement, String dataset, String model) {}

    @GET
    @Path("judgements/{id}/models")
    @Produces(MediaType.APPLICATION_JSON)
    public TouchedModels models(@PathParam("id") String id) {
        var workspace = caller.workspace();
        var models = lineage.touched(workspace, id);
        if (models.isEmpty() && !lineage.knows(workspace, id)) {
            throw new NotFoundException("no frozen data set of this workspace holds judgement '%s'".formatted(id));
        }
        return new TouchedModels(id, models);
    }

    @GET
    @Path("models/{name}/versions/{number}/judgements")
    @Produces("application/x-ndjson")
    public StreamingOutput judgements(@PathParam("name") String name, @PathParam("number") int number) {
        var version = versions.find(caller.workspace(), name, number)
                .orElseThrow(() -> new NotFoundException("no version %s@%d".formatted(name, number)));
        var steps = lineage.descent(version).stream()
                .flatMap(ancestor -> ancestor.datasets().stream().map(dataset -> new Source(ancestor, dataset)))
                .toList();
        steps.forEach(step -> requireListed(version, step));
        return out -> {
            for (var step : steps) {
                write(version, step, out);
            }
        };
    }

    /// @param dataset what the ancestor learned from, for the first time or again
    private record Source(Ancestor ancestor, String dataset) {}

    private void requireListed(Version version, Source step) {
        var dataset = step.dataset();
        var known = datasets.find(version.workspace(), dataset);
        if (known.isEmpty() || !known.get().state().equals("LISTED")) {
            var problem = known.map(DatasetStore.Dataset::problem).orElse("its fact has not arrived");
            throw new ClientErrorException(
                    "the judgements of data set %s, which %s learned from, are not listed yet: %s; try again in a moment"
                            .formatted(dataset, step.ancestor().model(), problem == null ? "being read" : problem),
                    409);
        }
    }

    private void write(Version version, Source step, OutputStream out) throws IOException {
        var dataset = step.dataset();
        var position = -1;
        while (true) {
            var page = datasets.judgements(version.workspace(), dataset, position, PAGE);
            for (var judgement : page) {
                out.write(json.writeValueAsBytes(
                        new Line(judgement, dataset, step.ancestor().model().toString())));
                out.write('\n');
            }
            if (page.size() < PAGE) {
                return;
            }
            position += page.size();
        }
    }
}
