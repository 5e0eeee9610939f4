package dev.gyre.annotation.quality;

import dev.gyre.annotation.annotator.Annotators;
import dev.gyre.annotation.project.Projects;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.Annotator;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The quality of the caller's own judgements over HTTP.
@Path("/api/projects/{id}/annotators/me")
class MineResource {

    private final QualityWorker quality;
    private final Projects projects;
    private final Annotators annotators;
    private final Caller caller;

    MineResource(QualityWorker quality, Projects projects, Annotators annotators, Caller caller) {
        this.quality = quality;
        this.projects = projects;
        this.annotators = annotators;
        this.caller = caller;
    }

    /// What people may know of their own judgements.
    ///
    /// @param annotator pseudonym, nothing for somebody who has judged nowhere yet
    /// @param judged judgements that stand
    /// @param agreed tasks on which most of the others said one thing, and the share on which this person said it too
    /// @param activeMillis median time in focus
    record Mine(
            @Nullable String annotator,
            int judged,
            @Nullable Share agreed,
            @Nullable Double kappa,
            @Nullable Long activeMillis,
            Instant computedAt) {}

    /// How far the caller says what the others say.
    @GET
    @RolesAllowed(Roles.ANNOTATOR)
    public Mine mine(String id) {
        var report = quality.of(projects.require(caller.workspace(), id));
        var me = annotators.find(caller.workspace(), caller.subject())
                .map(Annotator::pseudonym)
                .orElse(null);
        return report.annotators().stream()
                .filter(one -> one.annotator().equals(me))
                .findFirst()
                .map(one -> new Mine(
                        me,
                        one.judged(),
                        one.agreed(),
                        one.agreement().kappa(),
                        one.activeMillis(),
                        report.computedAt()))
                .orElseGet(() -> new Mine(me, 0, null, null, null, report.computedAt()));
    }
}
