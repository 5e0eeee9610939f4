package dev.gyre.registry.hub;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Problem;
import dev.gyre.registry.promotion.PromotionStore;
import dev.gyre.registry.version.Version;
import dev.gyre.registry.version.VersionFile;
import dev.gyre.registry.version.VersionStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;

/// Finds what a Hub client names, or refuses in its words.
@ApplicationScoped
class HubStore {

    private final Caller caller;
    private final VersionStore versions;
    private final PromotionStore promotions;

    HubStore(Caller caller, VersionStore versions, PromotionStore promotions) {
        this.caller = caller;
        this.versions = versions;
        this.promotions = promotions;
    }

    /// Every version of a model of one of the caller's workspaces, newest first.
    List<Version> versions(String workspace, String model) {
        var found = caller.workspaces().contains(workspace) ? versions.versions(workspace, model) : List.<Version>of();
        if (found.isEmpty()) {
            throw refuse(HubRefusal.noRepository(workspace + "/" + model));
        }
        return found;
    }

    Version version(String workspace, String model, String revision) {
        var all = versions(workspace, model);
        return switch (Revision.parse(revision)) {
            case Revision.Champion ignored ->
                all.stream()
                        .filter(version -> version.state().equals("CHAMPION"))
                        .findFirst()
                        .orElseThrow(() -> refuse(HubRefusal.noRevision(
                                "%s has no champion yet; name a version, such as v%d"
                                        .formatted(model, all.getFirst().number()))));
            case Revision.Number wanted ->
                all.stream()
                        .filter(version -> version.number() == wanted.number())
                        .findFirst()
                        .orElseThrow(() -> refuse(HubRefusal.noRevision("%s has no version v%d, the newest is v%d"
                                .formatted(model, wanted.number(), all.getFirst().number()))));
            case Revision.Commit wanted ->
                versions.byCommit(workspace, model, wanted.id())
                        .orElseThrow(() ->
                                refuse(HubRefusal.noRevision("%s has no commit %s".formatted(model, wanted.id()))));
            case Revision.Alias wanted ->
                promotions
                        .alias(workspace, model, wanted.name())
                        .flatMap(alias -> versions.find(workspace, model, alias.number()))
                        .orElseThrow(() -> refuse(HubRefusal.noRevision(
                                "%s has no alias '%s'; name main, an alias, a version such as v%d, or a commit"
                                        .formatted(model, wanted.name(), all.getFirst().number()))));
        };
    }

    VersionFile file(Version version, String path) {
        return versions.file(version, path)
                .orElseThrow(() -> refuse(HubRefusal.noEntry(path, version.commitId())));
    }

    static WebApplicationException refuse(HubRefusal refusal) {
        return new WebApplicationException(refusal.message(), answer(refusal));
    }

    static Response answer(HubRefusal refusal) {
        var answer = Response.status(refusal.status())
                .type(Problem.MEDIA_TYPE)
                .header("X-Error-Code", refusal.code())
                .header("X-Error-Message", refusal.message())
                .entity(Problem.of(refusal.status(), refusal.message()));
        if (!refusal.commit().isEmpty()) {
            answer.header("X-Repo-Commit", refusal.commit());
        }
        if (refusal.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return answer.build();
    }
}
