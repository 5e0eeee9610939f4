package dev.gyre.annotation.campaign;

import dev.gyre.annotation.campaign.CampaignStore.Listed;
import dev.gyre.annotation.campaign.DriftStore.Decision;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Campaigns over HTTP.
@Path("/api")
class CampaignResource {

    private final CampaignStore campaigns;
    private final DriftStore drifts;
    private final ClosingWorker closing;
    private final Caller caller;

    CampaignResource(CampaignStore campaigns, DriftStore drifts, ClosingWorker closing, Caller caller) {
        this.campaigns = campaigns;
        this.drifts = drifts;
        this.closing = closing;
        this.caller = caller;
    }

    @GET
    @Path("campaigns")
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER, Roles.OPERATOR})
    public List<Listed> all(@QueryParam("model") @Nullable String model, @QueryParam("state") @Nullable String state) {
        if (state != null && !state.equals("OPEN") && !state.equals("CLOSED")) {
            throw new IllegalArgumentException("state is '%s', must be OPEN or CLOSED".formatted(state));
        }
        return campaigns.all(caller.workspace(), model, state);
    }

    @GET
    @Path("campaigns/{id}")
    @RolesAllowed({Roles.ANNOTATOR, Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER, Roles.OPERATOR})
    public Listed one(String id) {
        return require(id);
    }

    /// Ends a campaign before its deadline; what was closed already stays as it is.
    @POST
    @Path("campaigns/{id}/close")
    @RolesAllowed(Roles.MANAGER)
    public Listed close(String id) {
        closing.closeByHand(caller.workspace(), require(id).id());
        return require(id);
    }

    /// Every alarm that was heard and what came of it, the latest first.
    @GET
    @Path("campaign-decisions")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER, Roles.OPERATOR})
    public List<Decision> decisions(@QueryParam("model") @Nullable String model) {
        return drifts.decisions(caller.workspace(), model);
    }

    private Listed require(String id) {
        return campaigns
                .find(caller.workspace(), id)
                .orElseThrow(
                        () -> new NotFoundException("no campaign '%s' in workspace '%s'; GET /api/campaigns lists them"
                                .formatted(id, caller.workspace())));
    }
}
