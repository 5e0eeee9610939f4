package dev.gyre.registry.activity;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// The operators' pages.
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({Roles.OPERATOR, Roles.ENGINEER, Roles.MANAGER, Roles.PUBLISHER})
class PageResource {

    private final Caller caller;
    private final Template operations;
    private final Template run;
    private final Template campaign;

    PageResource(
            Caller caller,
            @Location("operations.html") Template operations,
            @Location("run.html") Template run,
            @Location("campaign.html") Template campaign) {
        this.caller = caller;
        this.operations = operations;
        this.run = run;
        this.campaign = campaign;
    }

    @GET
    @Blocking
    public TemplateInstance operations() {
        return operations
                .data("workspace", caller.workspace(), "name", caller.name())
                .data("operator", caller.has(Roles.OPERATOR))
                .data("publisher", caller.has(Roles.PUBLISHER));
    }

    @GET
    @Path("runs/{run}")
    @Blocking
    public TemplateInstance run(@PathParam("run") String id) {
        return run.data("workspace", caller.workspace(), "name", caller.name(), "run", id);
    }

    @GET
    @Path("campaigns/{campaign}")
    @Blocking
    public TemplateInstance campaign(@PathParam("campaign") String id) {
        return campaign.data("workspace", caller.workspace(), "name", caller.name(), "campaign", id);
    }
}
