package dev.gyre.ingest.upload;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.UUID;

/// What became of the files that were sent.
@Path("/api/uploads")
class UploadResource {

    private static final int PAGE = 1000;

    private final UploadStore uploads;
    private final Caller caller;
    private final ObjectMapper json;

    UploadResource(UploadStore uploads, Caller caller, ObjectMapper json) {
        this.uploads = uploads;
        this.caller = caller;
        this.json = json;
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public Upload one(UUID id) {
        return find(id);
    }

    /// A JSON object per refused row, in the order of the rows.
    @GET
    @Path("/{id}/refusals")
    @Produces("application/x-ndjson")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public StreamingOutput refusals(UUID id) {
        var upload = find(id).upload();
        return out -> {
            var page = uploads.refusals(upload, 0, PAGE);
            while (!page.isEmpty()) {
                for (var refusal : page) {
                    out.write(json.writeValueAsBytes(refusal));
                    out.write('\n');
                }
                page = uploads.refusals(upload, page.getLast().row(), PAGE);
            }
        };
    }

    private Upload find(UUID id) {
        return uploads.find(caller.workspace(), id)
                .orElseThrow(() -> new NotFoundException("no upload '%s'".formatted(id)));
    }
}
