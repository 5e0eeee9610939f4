package dev.gyre.annotation.quality;

import dev.gyre.annotation.project.Projects;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/// The quality of a project's judgements over HTTP.
@Path("/api/projects/{id}/quality")
class QualityResource {

    private final QualityWorker quality;
    private final Projects projects;
    private final Caller caller;

    QualityResource(QualityWorker quality, Projects projects, Caller caller) {
        this.quality = quality;
        this.projects = projects;
        this.caller = caller;
    }

    /// Figures that are a few seconds old at most while people judge.
    @GET
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public QualityReport all(String id) {
        return quality.of(projects.require(caller.workspace(), id));
    }
}
