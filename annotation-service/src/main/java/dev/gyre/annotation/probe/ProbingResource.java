package dev.gyre.annotation.probe;

import dev.gyre.annotation.project.Projects;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How often a project asks what is known or was said before, over HTTP.
@Path("/api/projects/{id}/probing")
class ProbingResource {

    private final ProbingStore probings;
    private final Projects projects;
    private final Caller caller;

    ProbingResource(ProbingStore probings, Projects projects, Caller caller) {
        this.probings = probings;
        this.projects = projects;
        this.caller = caller;
    }

    record Wanted(
            @Nullable Double goldShare,
            @Nullable Double repeatShare,
            @Nullable Integer repeatAfter) {}

    @GET
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public Probing one(String id) {
        return probings.of(projects.require(caller.workspace(), id));
    }

    /// What is left out stays as it is.
    @PUT
    @RolesAllowed(Roles.MANAGER)
    public Probing put(String id, @Nullable Wanted wanted) {
        var project = projects.require(caller.workspace(), id);
        var before = probings.of(project);
        var changes = wanted == null ? new Wanted(null, null, null) : wanted;
        var probing = new Probing(
                Objects.requireNonNullElse(changes.goldShare(), before.goldShare()),
                Objects.requireNonNullElse(changes.repeatShare(), before.repeatShare()),
                Objects.requireNonNullElse(changes.repeatAfter(), before.repeatAfter()));
        probings.put(project, probing);
        return probing;
    }
}
