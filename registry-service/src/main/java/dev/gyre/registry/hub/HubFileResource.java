package dev.gyre.registry.hub;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Roles;
import dev.gyre.registry.hub.ByteRange.Part;
import dev.gyre.registry.hub.ByteRange.Unsatisfiable;
import dev.gyre.registry.hub.ByteRange.Whole;
import dev.gyre.registry.version.Version;
import dev.gyre.registry.version.VersionFile;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Base64;
import java.util.HexFormat;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/// Hands out the files of versions, whole or in ranges, as the Hub does.
@Path("/")
@RolesAllowed({Roles.SERVICE, Roles.ENGINEER, Roles.PUBLISHER, Roles.OPERATOR, Roles.MANAGER})
class HubFileResource {

    private final HubStore hub;
    private final ArtifactStore artifacts;

    HubFileResource(HubStore hub, ArtifactStore artifacts) {
        this.hub = hub;
        this.artifacts = artifacts;
    }

    @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
    public Response nobody(Throwable missing) {
        return HubStore.answer(HubRefusal.noLogin());
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException forbidden) {
        return HubStore.answer(HubRefusal.noRole());
    }

    @HEAD
    @Path("{workspace}/{model}/{way:resolve|raw}/{revision}/{path:.+}")
    public Response head(
            @PathParam("workspace") String workspace,
            @PathParam("model") String model,
            @PathParam("revision") String revision,
            @PathParam("path") String path) {
        var version = hub.version(workspace, model, revision);
        var file = hub.file(version, path);
        return described(200, version, file)
                .header(HttpHeaders.CONTENT_LENGTH, file.content().bytes())
                .build();
    }

    @GET
    @Path("{workspace}/{model}/{way:resolve|raw}/{revision}/{path:.+}")
    public Response get(
            @PathParam("workspace") String workspace,
            @PathParam("model") String model,
            @PathParam("revision") String revision,
            @PathParam("path") String path,
            @HeaderParam("Range") @Nullable String range,
            @HeaderParam("If-None-Match") @Nullable String known) {
        var version = hub.version(workspace, model, revision);
        var file = hub.file(version, path);
        if (known != null && known.contains(quoted(file.etag()))) {
            return described(304, version, file).build();
        }
        var size = file.content().bytes();
        return switch (ByteRange.parse(range, size)) {
            case Whole ignored ->
                described(200, version, file)
                        .header(HttpHeaders.CONTENT_LENGTH, size)
                        .entity(whole(file))
                        .build();
            case Part part ->
                described(206, version, file)
                        .header("Content-Range", part.contentRange(size))
                        .header(HttpHeaders.CONTENT_LENGTH, part.length())
                        .entity(part.isAllOf(size) ? whole(file) : part(file, part))
                        .build();
            case Unsatisfiable ignored ->
                described(416, version, file)
                        .header("Content-Range", "bytes */" + size)
                        .build();
        };
    }

    private static Response.ResponseBuilder described(int status, Version version, VersionFile file) {
        var name = file.path().substring(file.path().lastIndexOf('/') + 1);
        var answer = Response.status(status)
                .type("application/octet-stream")
                .header("X-Repo-Commit", version.commitId())
                .header(HttpHeaders.ETAG, quoted(file.etag()))
                .header("Accept-Ranges", "bytes")
                .header(
                        "Repr-Digest",
                        "sha-256=:%s:".formatted(base64(file.content().sha256())))
                .header("Content-Disposition", "attachment; filename=\"%s\"".formatted(name))
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        if (file.large()) {
            answer.header("X-Linked-Etag", quoted(file.etag()))
                    .header("X-Linked-Size", file.content().bytes());
        }
        return answer;
    }

    private StreamingOutput whole(VersionFile file) {
        return out -> {
            try (var bytes = artifacts.open(file.content())) {
                Transfer.copy(bytes, out);
            }
        };
    }

    private StreamingOutput part(VersionFile file, Part part) {
        return out -> {
            if (part.length() == 0) {
                return;
            }
            try (var bytes = artifacts.open(file.content(), part.first(), part.length())) {
                bytes.transferTo(out);
            }
        };
    }

    /// RFC 9530 writes digests in Base64.
    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static String quoted(String etag) {
        return '"' + etag + '"';
    }
}
