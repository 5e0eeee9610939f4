package dev.gyre.ingest.upload;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Files for a source, and what became of them.
@Path("/api")
class UploadResource {

    private static final int PAGE = 1000;

    private final IntakeWorker intake;
    private final UploadStore uploads;
    private final Caller caller;
    private final ObjectMapper json;

    UploadResource(IntakeWorker intake, UploadStore uploads, Caller caller, ObjectMapper json) {
        this.intake = intake;
        this.uploads = uploads;
        this.caller = caller;
        this.json = json;
    }

    /// Answers when every row of the file is accepted or refused.
    ///
    /// @param format `jsonl`, `json`, `csv`, `text` or `parquet`; without it the end of the name says it
    @POST
    @Path("/sources/{id}/uploads")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER})
    public Upload take(
            UUID id,
            @QueryParam("format") @Nullable String format,
            @QueryParam("name") @Nullable String name,
            InputStream body) {
        var workspace = caller.workspace();
        var source = uploads.source(workspace, id)
                .orElseThrow(() -> new NotFoundException("no source '%s'".formatted(id)));
        var file = name == null || name.isBlank() ? "the upload" : name.strip();
        var upload = intake.take(source, Format.of(format, file), file, caller.name(), body);
        return uploads.find(workspace, upload).orElseThrow();
    }

    @GET
    @Path("/uploads/{id}")
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
    public Upload one(UUID id) {
        return find(id);
    }

    /// A JSON object per refused row, in the order of the rows.
    @GET
    @Path("/uploads/{id}/refusals")
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
