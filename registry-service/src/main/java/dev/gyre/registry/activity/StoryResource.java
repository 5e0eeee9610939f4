package dev.gyre.registry.activity;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells what happened run by run, campaign by campaign, and stream by stream.
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.OPERATOR, Roles.ENGINEER, Roles.MANAGER, Roles.PUBLISHER})
class StoryResource {

    private static final int LATEST = 12;

    private final Caller caller;
    private final RunStore runs;
    private final CampaignStore campaigns;
    private final DriftStore drifts;

    StoryResource(Caller caller, RunStore runs, CampaignStore campaigns, DriftStore drifts) {
        this.caller = caller;
        this.runs = runs;
        this.campaigns = campaigns;
        this.drifts = drifts;
    }

    /// @param state what it has come to
    record CampaignLine(
            String campaign,
            String model,
            String state,
            Instant openedAt,
            int tasks,
            int judgements,
            @Nullable String run,
            String trace) {

        static CampaignLine of(CampaignStory story) {
            return new CampaignLine(
                    story.campaign(),
                    story.model(),
                    story.state(),
                    story.openedAt(),
                    story.tasks(),
                    story.judgements(),
                    story.run(),
                    story.trace());
        }
    }

    record Campaigns(List<CampaignLine> items) {}

    record Streams(List<DriftCourse> items) {}

    @GET
    @Path("runs/{run}")
    public RunStory run(@PathParam("run") String run) {
        return runs.story(caller.workspace(), run)
                .orElseThrow(() -> new NotFoundException(
                        "no run '%s' is known here yet; its facts arrive moments after it was requested"
                                .formatted(run)));
    }

    /// The latest campaigns, the newest first.
    @GET
    @Path("campaigns")
    public Campaigns campaigns() {
        return new Campaigns(campaigns.latest(caller.workspace(), LATEST).stream()
                .map(CampaignLine::of)
                .toList());
    }

    @GET
    @Path("campaigns/{campaign}")
    public CampaignStory campaign(@PathParam("campaign") String campaign) {
        return campaigns
                .story(caller.workspace(), campaign)
                .orElseThrow(() -> new NotFoundException(
                        "no campaign '%s' is known here yet; GET /api/campaigns lists the latest".formatted(campaign)));
    }

    /// How every watched stream went.
    @GET
    @Path("drift")
    public Streams drift() {
        return new Streams(drifts.courses(caller.workspace()));
    }
}
