package dev.gyre.eval.model;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.eval.model.VersionStore.Pointer;
import dev.gyre.events.ModelVersion;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows which versions are known here and which of them are open.
@Path("/api/models")
@RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
class ModelResource {

    private final Caller caller;
    private final VersionStore versions;
    private final LoadedModelStore loaded;

    ModelResource(Caller caller, VersionStore versions, LoadedModelStore loaded) {
        this.caller = caller;
        this.versions = versions;
        this.loaded = loaded;
    }

    record VersionView(
            ModelVersion model,
            @Nullable String run,
            @Nullable String dataset,
            String digest,
            long weightBytes,
            List<String> aliases) {}

    /// @param loans uses that hold it open now
    record LoadedView(ModelVersion model, long weightBytes, int loans, Instant since) {}

    @GET
    public List<VersionView> known() {
        var aliases = versions.aliases(caller.workspace());
        return versions.list(caller.workspace()).stream()
                .map(version -> view(version, aliases))
                .toList();
    }

    @GET
    @Path("loaded")
    public List<LoadedView> loaded() {
        return loaded.list(caller.workspace()).stream()
                .map(open -> new LoadedView(open.key().model(), open.bytes(), open.loans(), open.since()))
                .toList();
    }

    private static VersionView view(KnownVersion version, List<Pointer> aliases) {
        var registered = version.registered();
        return new VersionView(
                registered.model(),
                registered.run(),
                registered.dataset(),
                registered.digest(),
                version.weightBytes(),
                aliases.stream()
                        .filter(alias -> alias.model().equals(registered.model().name())
                                && alias.number() == registered.model().number())
                        .map(Pointer::alias)
                        .toList());
    }
}
