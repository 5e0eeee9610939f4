package dev.gyre.ingest.source;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.ingest.source.SourceStore.Counts;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sources: made once, then fed with uploads.
@Path("/api/sources")
class SourceResource {

    private final SourceStore sources;
    private final Caller caller;

    SourceResource(SourceStore sources, Caller caller) {
        this.sources = sources;
        this.caller = caller;
    }

    record NewSource(
            @Nullable String name,
            @Nullable Mapping mapping,
            @Nullable Limits limits) {}

    record SourceView(UUID id, String name, Mapping mapping, Limits limits, Instant createdAt, Counts counts) {}

    /// Making the same source again answers with the one that is there.
    @POST
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER})
    public Response make(NewSource wanted) {
        if (wanted == null || wanted.name() == null || wanted.name().isBlank() || wanted.mapping() == null) {
            throw new IllegalArgumentException(
                    "a source needs a name and a mapping, such as {\"name\":\"pairs\",\"mapping\":{\"prompt\":\"question\"}}");
        }
        var workspace = caller.workspace();
        var name = wanted.name().strip();
        var limits = Limits.orDefault(wanted.limits());
        var added = sources.add(UUID.randomUUID(), workspace, name, wanted.mapping(), limits, caller.name());
        var source = sources.named(workspace, name).orElseThrow();
        if (!source.mapping().equals(wanted.mapping()) || !source.limits().equals(limits)) {
            throw new ClientErrorException(
                    "source '%s' exists with another mapping or other limits; choose another name, or use source %s as it is"
                            .formatted(name, source.id()),
                    409);
        }
        return Response.status(added ? 201 : 200).entity(view(source)).build();
    }

    @GET
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public List<SourceView> all() {
        return sources.all(caller.workspace()).stream().map(this::view).toList();
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public SourceView one(UUID id) {
        return view(sources.find(caller.workspace(), id)
                .orElseThrow(() -> new NotFoundException("no source '%s'".formatted(id))));
    }

    private SourceView view(Source source) {
        return new SourceView(
                source.id(),
                source.name(),
                source.mapping(),
                source.limits(),
                source.createdAt(),
                sources.counts(source.id()));
    }
}
