package dev.gyre.registry.version;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings models in from outside, file by file.
@Path("/api/registry")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.PUBLISHER)
class ImportResource {

    private final Caller caller;
    private final ImportStore imports;
    private final ObjectMapper json;

    ImportResource(Caller caller, ImportStore imports, ObjectMapper json) {
        this.caller = caller;
        this.imports = imports;
        this.json = json;
    }

    /// @param id of the import, in JSON `import`
    record Begun(@JsonProperty("import") String id, String name) {}

    record Taken(String path, String sha256, long bytes) {}

    record Progress(
            @JsonProperty("import") String id,
            String name,
            @Nullable Integer version,
            List<Taken> files) {}

    record Registered(String name, int version, String commit, String digest) {}

    @POST
    @Path("models/{name}/imports")
    @Consumes(MediaType.WILDCARD)
    public Response begin(@PathParam("name") String name) {
        var begun = imports.begin(caller.workspace(), name, caller.name());
        return Response.status(201).entity(new Begun(begun.id(), begun.name())).build();
    }

    @GET
    @Path("imports/{id}")
    public Progress progress(@PathParam("id") String id) {
        var work = find(id);
        return new Progress(
                work.id(),
                work.name(),
                work.number(),
                imports.files(work).stream().map(ImportResource::taken).toList());
    }

    @PUT
    @Path("imports/{id}/files/{path:.+}")
    @Consumes(MediaType.WILDCARD)
    public Taken add(@PathParam("id") String id, @PathParam("path") String path, InputStream body) throws IOException {
        var work = find(id);
        if (work.number() != null) {
            throw new ClientErrorException(
                    "import %s is complete as %s@%d, which never changes; begin a new import"
                            .formatted(id, work.name(), work.number()),
                    409);
        }
        return taken(imports.add(work, path, body));
    }

    @POST
    @Path("imports/{id}/complete")
    @Consumes(MediaType.WILDCARD)
    public Response complete(@PathParam("id") String id, byte @Nullable [] body) throws IOException {
        var version = imports.complete(find(id), notes(body));
        return Response.status(201)
                .entity(new Registered(version.name(), version.number(), version.commitId(), version.digest()))
                .build();
    }

    /// The optional `{"card": {"license", "baseModel", "dataset", "description"}}`; a text is the description.
    private @Nullable CardNotes notes(byte @Nullable [] body) throws IOException {
        if (body == null || body.length == 0) {
            return null;
        }
        var card = json.readTree(body).path("card");
        if (card.isMissingNode() || card.isNull()) {
            return null;
        }
        if (card.isTextual()) {
            return new CardNotes(null, null, null, card.asText());
        }
        if (!card.isObject()) {
            throw new IllegalArgumentException(
                    "card must be a text or an object with license, baseModel, dataset and description");
        }
        return new CardNotes(
                text(card, "license"), text(card, "baseModel"), text(card, "dataset"), text(card, "description"));
    }

    private static @Nullable String text(JsonNode card, String field) {
        var value = card.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("card.%s is %s, must be a text".formatted(field, value));
        }
        return value.asText();
    }

    private ImportStore.Import find(String id) {
        return imports.find(caller.workspace(), id)
                .orElseThrow(() -> new NotFoundException(
                        "no import '%s'; begin one with POST /api/registry/models/NAME/imports".formatted(id)));
    }

    private static Taken taken(VersionFile file) {
        return new Taken(file.path(), file.content().sha256(), file.content().bytes());
    }
}
