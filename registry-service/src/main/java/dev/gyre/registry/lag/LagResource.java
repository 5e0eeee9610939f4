package dev.gyre.registry.lag;

import dev.gyre.edge.Roles;
import dev.gyre.registry.lag.LagWorker.Reading;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// Says how far consumers are behind; topics and consumers are the same for every workspace.
@Path("/api/lag")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.OPERATOR)
class LagResource {

    private final LagWorker lags;

    LagResource(LagWorker lags) {
        this.lags = lags;
    }

    @GET
    public Reading lag() {
        return lags.latest();
    }
}
