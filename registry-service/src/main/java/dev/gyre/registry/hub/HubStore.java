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
import java.util.Optional;

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
        requireMine(workspace, model);
        var found = versions.versions(workspace, model);
        if (found.isEmpty()) {
            throw refuse(HubRefusal.noRepository(workspace + "/" + model));
        }
        return found;
    }

    Version version(String workspace, String model, String revision) {
        requireMine(workspace, model);
        return find(workspace, model, Revision.parse(revision)).orElseThrow(() -> missing(workspace, model, revision));
    }

    private Optional<Version> find(String workspace, String model, Revision revision) {
        return switch (revision) {
            case Revision.Champion ignored -> versions.champion(workspace, model);
            case Revision.Number wanted -> versions.find(workspace, model, wanted.number());
            case Revision.Commit wanted -> versions.byCommit(workspace, model, wanted.id());
            case Revision.Alias wanted ->
                promotions
                        .alias(workspace, model, wanted.name())
                        .flatMap(alias -> versions.find(workspace, model, alias.number()));
        };
    }

    private WebApplicationException missing(String workspace, String model, String revision) {
        var newest = versions(workspace, model).getFirst().number();
        return refuse(HubRefusal.noRevision(
                switch (Revision.parse(revision)) {
                    case Revision.Champion ignored ->
                        "%s has no champion yet; name a version, such as v%d".formatted(model, newest);
                    case Revision.Number wanted ->
                        "%s has no version v%d, the newest is v%d".formatted(model, wanted.number(), newest);
                    case Revision.Commit wanted -> "%s has no commit %s".formatted(model, wanted.id());
                    case Revision.Alias wanted ->
                        "%s has no alias '%s'; name main, an alias, a version such as v%d, or a commit"
                                .formatted(model, wanted.name(), newest);
                }));
    }

    private void requireMine(String workspace, String model) {
        if (!caller.workspaces().contains(workspace)) {
            throw refuse(HubRefusal.noRepository(workspace + "/" + model));
        }
    }

    VersionFile file(Version version, String path) {
        return versions.file(version, path).orElseThrow(() -> refuse(HubRefusal.noEntry(path, version.commitId())));
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
