package dev.gyre.trainer.model;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.ModelEvent.VersionRegistered;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says which models and versions the trainer knows by now.
@Path("/api/models")
@Blocking
class ModelResource {

    private final ModelStore models;
    private final Caller caller;

    ModelResource(ModelStore models, Caller caller) {
        this.models = models;
        this.caller = caller;
    }

    /// @param champion number of the champion, null while there is none
    record View(String name, @Nullable Integer champion, List<Version> versions) {}

    record Version(
            int version,
            String digest,
            @Nullable String run,
            @Nullable String base,
            @Nullable String dataset) {

        static Version of(VersionRegistered registered) {
            var base = registered.base();
            return new Version(
                    registered.model().number(),
                    registered.digest(),
                    registered.run(),
                    base == null ? null : base.toString(),
                    registered.dataset());
        }
    }

    @GET
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public List<View> all() {
        var workspace = caller.workspace();
        return models.names(workspace).stream()
                .map(name -> view(workspace, name))
                .toList();
    }

    @GET
    @Path("/{name}")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public View one(@PathParam("name") String name) {
        var view = view(caller.workspace(), name);
        if (view.versions().isEmpty()) {
            throw new NotFoundException(
                    "the trainer knows no model '%s' (yet); GET /api/models lists what it knows".formatted(name));
        }
        return view;
    }

    private View view(String workspace, String name) {
        return new View(
                name,
                models.champion(workspace, name).orElse(null),
                models.versions(workspace, name).stream().map(Version::of).toList());
    }
}
