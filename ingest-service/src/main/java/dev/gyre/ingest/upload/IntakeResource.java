package dev.gyre.ingest.upload;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes files for a source.
@Path("/api/sources/{id}/uploads")
class IntakeResource {

    private final IntakeWorker intake;
    private final UploadStore uploads;
    private final Caller caller;

    IntakeResource(IntakeWorker intake, UploadStore uploads, Caller caller) {
        this.intake = intake;
        this.uploads = uploads;
        this.caller = caller;
    }

    /// Answers when every row of the file is accepted or refused.
    ///
    /// @param format `jsonl`, `json`, `csv`, `text` or `parquet`; without it the end of the name says it
    @POST
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed({Roles.ENGINEER, Roles.MANAGER})
    public Upload take(
            UUID id,
            @QueryParam("format") @Nullable String format,
            @QueryParam("name") @Nullable String name,
            InputStream body) {
        var workspace = caller.workspace();
        var source =
                uploads.source(workspace, id).orElseThrow(() -> new NotFoundException("no source '%s'".formatted(id)));
        var file = name == null || name.isBlank() ? "the upload" : name.strip();
        var upload = intake.take(source, Format.of(format, file), file, caller.name(), body);
        return uploads.find(workspace, upload).orElseThrow();
    }
}
