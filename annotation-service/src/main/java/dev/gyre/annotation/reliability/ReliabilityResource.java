package dev.gyre.annotation.reliability;

import dev.gyre.annotation.project.Projects;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/// The annotators of a project over HTTP.
@Path("/api/projects/{id}/annotators")
class ReliabilityResource {

    private final Reliabilities reliabilities;
    private final Projects projects;
    private final Caller caller;

    ReliabilityResource(Reliabilities reliabilities, Projects projects, Caller caller) {
        this.reliabilities = reliabilities;
        this.projects = projects;
        this.caller = caller;
    }

    /// How far each says what the others say, by pseudonym.
    @GET
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public List<Reliability> all(String id) {
        var project = projects.require(caller.workspace(), id);
        return reliabilities.of(project.workspace(), project.id());
    }
}
