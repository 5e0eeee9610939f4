package dev.gyre.registry.hub;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.registry.hub.TreeEntry.LastCommit;
import dev.gyre.registry.promotion.PromotionStore;
import dev.gyre.registry.version.Version;
import dev.gyre.registry.version.VersionStore;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/// Says what there is to download, as the Hub does.
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.SERVICE, Roles.ENGINEER, Roles.PUBLISHER, Roles.OPERATOR, Roles.MANAGER})
class HubApiResource {

    private final Caller caller;
    private final HubStore hub;
    private final VersionStore versions;
    private final PromotionStore promotions;

    HubApiResource(Caller caller, HubStore hub, VersionStore versions, PromotionStore promotions) {
        this.caller = caller;
        this.hub = hub;
        this.versions = versions;
        this.promotions = promotions;
    }

    record Ref(String name, String ref, String targetCommit) {}

    record Refs(List<Ref> branches, List<Ref> tags, List<Ref> converts) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record PathsWanted(
            @Nullable List<String> paths, @Nullable Boolean expand) {}

    @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
    public Response nobody(Throwable missing) {
        return HubStore.answer(HubRefusal.noLogin());
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException forbidden) {
        return HubStore.answer(HubRefusal.noRole());
    }

    @GET
    @Path("whoami-v2")
    public Map<String, Object> whoAmI() {
        var orgs = caller.workspaces().stream()
                .map(workspace -> Map.of("type", "org", "id", workspace, "name", workspace, "fullname", workspace))
                .toList();
        return Map.of(
                "type", "user",
                "id", caller.subject(),
                "name", caller.name(),
                "fullname", caller.name(),
                "orgs", orgs,
                "auth",
                        Map.of(
                                "type",
                                "access_token",
                                "accessToken",
                                Map.of("displayName", "Gyre login", "role", "read")));
    }

    @GET
    @Path("models")
    public List<ModelInfo> models(
            @QueryParam("search") @Nullable String search,
            @QueryParam("author") @Nullable String author,
            @QueryParam("limit") @DefaultValue("1000") int limit) {
        return caller.workspaces().stream()
                .filter(workspace -> author == null || author.equals(workspace))
                .flatMap(
                        workspace -> versions.names(workspace).stream().flatMap(name -> best(workspace, name).stream()))
                .filter(version -> search == null
                        || (version.workspace() + "/" + version.name())
                                .toLowerCase(Locale.ROOT)
                                .contains(search.toLowerCase(Locale.ROOT)))
                .limit(Math.max(limit, 0))
                .map(version -> ModelInfo.of(version, versions.pipeline(version), null, false))
                .toList();
    }

    /// The champion, or the newest version where there is none.
    private Optional<Version> best(String workspace, String name) {
        return versions.champion(workspace, name)
                .or(() -> versions.versions(workspace, name).stream().findFirst());
    }

    @GET
    @Path("models/{workspace}/{model}")
    public ModelInfo model(
            @PathParam("workspace") String workspace,
            @PathParam("model") String model,
            @QueryParam("blobs") @DefaultValue("false") boolean blobs) {
        return atRevision(workspace, model, "main", blobs);
    }

    @GET
    @Path("models/{workspace}/{model}/revision/{revision}")
    public ModelInfo atRevision(
            @PathParam("workspace") String workspace,
            @PathParam("model") String model,
            @PathParam("revision") String revision,
            @QueryParam("blobs") @DefaultValue("false") boolean blobs) {
        var version = hub.version(workspace, model, revision);
        return ModelInfo.of(version, versions.pipeline(version), versions.files(version), blobs);
    }

    @GET
    @Path("models/{workspace}/{model}/tree/{revision}")
    public List<TreeEntry> top(
            @PathParam("workspace") String workspace,
            @PathParam("model") String model,
            @PathParam("revision") String revision,
            @QueryParam("recursive") @DefaultValue("false") String recursive) {
        return folder(workspace, model, revision, "", recursive);
    }

    @GET
    @Path("models/{workspace}/{model}/tree/{revision}/{folder:.+}")
    public List<TreeEntry> folder(
            @PathParam("workspace") String workspace,
            @PathParam("model") String model,
            @PathParam("revision") String revision,
            @PathParam("folder") String folder,
            @QueryParam("recursive") @DefaultValue("false") String recursive) {
        var version = hub.version(workspace, model, revision);
        var deep = recursive.equalsIgnoreCase("true") || recursive.equals("1");
        var entries = TreeEntry.list(version, versions.files(version), folder, deep);
        if (entries.isEmpty() && !folder.isEmpty()) {
            throw HubStore.refuse(HubRefusal.noEntry(folder, version.commitId()));
        }
        return entries;
    }

    @POST
    @Path("models/{workspace}/{model}/paths-info/{revision}")
    @Consumes(MediaType.APPLICATION_JSON)
    public List<TreeEntry> paths(
            @PathParam("workspace") String workspace,
            @PathParam("model") String model,
            @PathParam("revision") String revision,
            @Nullable PathsWanted wanted) {
        var paths = wanted == null || wanted.paths() == null ? List.<String>of() : wanted.paths();
        var expand = wanted != null && Boolean.TRUE.equals(wanted.expand());
        return entries(hub.version(workspace, model, revision), paths, expand);
    }

    @POST
    @Path("models/{workspace}/{model}/paths-info/{revision}")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public List<TreeEntry> pathsOfForm(
            @PathParam("workspace") String workspace,
            @PathParam("model") String model,
            @PathParam("revision") String revision,
            MultivaluedMap<String, String> form) {
        var expand = "true".equalsIgnoreCase(form.getFirst("expand"));
        return entries(hub.version(workspace, model, revision), form.getOrDefault("paths", List.of()), expand);
    }

    private List<TreeEntry> entries(Version version, List<String> paths, boolean expand) {
        LastCommit commit = expand ? TreeEntry.commit(version) : null;
        return versions.files(version).stream()
                .filter(file -> paths.contains(file.path()))
                .map(file -> TreeEntry.file(file, commit))
                .toList();
    }

    @GET
    @Path("models/{workspace}/{model}/refs")
    public Refs refs(@PathParam("workspace") String workspace, @PathParam("model") String model) {
        var all = hub.versions(workspace, model);
        var branches = new ArrayList<Ref>();
        all.stream()
                .filter(version -> version.state().equals("CHAMPION"))
                .flatMap(version -> Stream.of(branch("main", version), branch("champion", version)))
                .forEach(branches::add);
        for (var alias : promotions.aliases(workspace, model)) {
            all.stream()
                    .filter(version -> version.number() == alias.number())
                    .forEach(version -> branches.add(branch(alias.alias(), version)));
        }
        var tags = all.stream()
                .map(version -> new Ref("v" + version.number(), "refs/tags/v" + version.number(), version.commitId()))
                .toList();
        return new Refs(branches, tags, List.of());
    }

    private static Ref branch(String name, Version version) {
        return new Ref(name, "refs/heads/" + name, version.commitId());
    }
}
