package dev.gyre.annotation.template;

import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/// Templates over HTTP; `POST /api/projects` takes their fields as they are, with a name and a source.
@Path("/api/templates")
class TemplateResource {

    private final List<ProjectTemplate> templates = ProjectTemplate.all();

    @GET
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public List<ProjectTemplate> all() {
        return templates;
    }
}
